"""Options from the command line, the environment and the file, and the command that lists them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from web.cli.main import main


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert CliRunner().invoke(main, ["--home", str(home), "init"]).exit_code == 0
    return home


def run(home: Path, *words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words], env=environment)


def effective(home: Path, **environment: str) -> dict[str, tuple[Any, str]]:
    result = run(home, "settings", "--json", **environment)
    assert result.exit_code == 0, result.output
    records = map(json.loads, result.stdout.splitlines())
    return {record["key"]: (record["value"], record["origin"]) for record in records}


def write(home: Path, text: str) -> None:
    (home / "settings.toml").write_text(text, encoding="utf-8")


def test_each_origin_is_named(home: Path) -> None:
    write(home, '[serve]\nport = 8123\nthreads = 4\nhost-name = ["a.vn"]\n[site]\nname = "Kho"\n')
    settings = effective(home, TANGTHU_SERVE_THREADS="3", TANGTHU_REBUILD_MAX_LOAD="2.5")
    assert settings["home"] == (str(home), "option")
    assert settings["serve.port"] == (8123, "settings.toml")
    assert settings["serve.threads"] == (3, "environment")
    assert settings["serve.host-name"] == (["a.vn"], "settings.toml")
    assert settings["serve.budget"] == (1.0, "default")
    assert settings["serve.access-log"] == (None, "default")
    assert settings["rebuild.max-load"] == (2.5, "environment")
    assert settings["site.name"] == ("Kho", "settings.toml")
    changed = run(home, "settings", "--changed").stdout.splitlines()
    assert 'site.name = "Kho"  (settings.toml)' in changed
    assert not any("(default)" in line for line in changed)


def test_a_command_takes_its_options_from_the_file_unless_they_are_given(home: Path) -> None:
    write(home, "[status]\njson = true\n[rebuild]\nkeep = 1\n")
    assert json.loads(run(home, "status").stdout)["articles"] == 0
    for _ in range(2):
        assert run(home, "rebuild").exit_code == 0
    assert len(run(home, "generations").stdout.splitlines()) == 1
    assert run(home, "rebuild", TANGTHU_REBUILD_KEEP="2").exit_code == 0
    assert len(run(home, "generations").stdout.splitlines()) == 2
    assert run(home, "rebuild", "--keep", "1", TANGTHU_REBUILD_KEEP="2").exit_code == 0
    assert len(run(home, "generations").stdout.splitlines()) == 1


REFUSED = [
    ("[serve]\nprot = 1", ["serve.prot", "port"]),
    ("[serve]\nport = 99999", ["serve.port", "65535"]),
    ("[serve]\nport = 'x'", ["serve.port", "x"]),
    ("[serve]\nhost-name = 5", ["serve.host-name"]),
    ("[add]\nencoding = 'utf-99'", ["add.encoding", "utf-99"]),
    ("[archive]\nlang = 'fr'", ["archive.lang", "vi, en"]),
    ("[archive]\nlang = 5", ["archive.lang"]),
    ("[srve]\nport = 1", ["srve", "serve", "site"]),
    ("[site]\naccent = 'x'", ["site.accent"]),
]


@pytest.mark.parametrize(("text", "parts"), REFUSED, ids=[text for text, _ in REFUSED])
def test_a_setting_that_is_not_allowed_is_named_in_a_line(
    home: Path, text: str, parts: list[str]
) -> None:
    write(home, text)
    result = run(home, "settings")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert [part for part in ("settings.toml", *parts) if part not in line] == []


def test_what_a_command_does_not_ask_for_does_not_stop_it(home: Path) -> None:
    write(home, "[serve]\nport = 99999")
    assert run(home, "status").exit_code == 0
    assert run(home, "serve").exit_code == 1


def test_the_language_of_commands_is_a_setting_like_others(home: Path) -> None:
    write(home, "[archive]\nlang = 'en'")
    unset = {"TANGTHU_LANG": "", "LC_ALL": "vi_VN.UTF-8"}
    assert "articles" in run(home, "init", **unset).output
    assert "bài" in run(home, "--lang", "vi", "init", **unset).output
    assert "bài" in run(home, "init", TANGTHU_LANG="vi").output
    assert run(home, "serve", "--help", **unset).output.startswith("Usage: ")
    assert "No such option" in run(home, "status", "--nothing", **unset).output
    assert effective(home, **unset)["archive.lang"] == ("en", "settings.toml")
    write(home, "[archive]\nlang = 'vi'")
    assert "bài" in run(home, "init", TANGTHU_LANG="", LC_ALL="en_GB.UTF-8").output


def test_settings_that_cannot_be_read_name_no_language(home: Path) -> None:
    write(home, "lang =")
    assert run(home, "status").stderr.startswith("tangthu: ")
