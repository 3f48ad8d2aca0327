"""The command for users: passwords come from standard input, and only hashes are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli.main import main

PASSWORD = "mật khẩu rất dài"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    run(tmp_path / "home", "init")
    return tmp_path / "home"


def run(home: Path, *words: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words], input=text)


def test_users_are_added_changed_listed_and_removed(home: Path) -> None:
    assert run(home, "user", "add", "lan", text=f"{PASSWORD}\n").output == "added lan (reader)\n"
    changed = run(home, "user", "add", "lan", "--operator", text=PASSWORD)
    assert changed.output == "changed lan (operator)\n"
    assert run(home, "user", "list").output == "lan\toperator\n"
    assert (home / "session.key").stat().st_mode & 0o777 == 0o600
    assert run(home, "user", "remove", "lan").output == "removed lan\n"
    assert run(home, "user", "remove", "lan").exit_code == 1
    assert run(home, "user", "list").output == ""


def test_the_role_is_said_in_the_language_of_the_run(home: Path) -> None:
    assert run(home, "--lang", "vi", "user", "add", "lan", text=PASSWORD).output == (
        "đã thêm lan (bạn đọc)\n"
    )
    changed = run(home, "--lang", "vi", "user", "add", "lan", "--operator", text=PASSWORD)
    assert changed.output.endswith("lan (người quản lý)\n")


@pytest.mark.parametrize("text", ["", "short\n"])
def test_a_short_password_is_refused(home: Path, text: str) -> None:
    assert run(home, "user", "add", "lan", text=text).exit_code == 1
    assert not (home / "users.tsv").exists()


@pytest.mark.parametrize(
    "table", ["private = true", 'header = "X-Remote-User"', 'private = true\nheader = "X-User"']
)
def test_an_archive_that_nobody_or_anybody_could_read_is_not_served(home: Path, table: str) -> None:
    (home / "settings.toml").write_text(f"[access]\n{table}\n")
    refused = run(home, "serve", "--port", "0")
    assert refused.exit_code == 1
    assert "settings.toml: access." in refused.output
