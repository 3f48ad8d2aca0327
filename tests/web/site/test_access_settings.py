"""The settings about readers, their origins, and what is not allowed in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings.settings_file import SettingsError
from web.site.access_settings import AccessSettings, effective_access, read_access


def write(home: Path, table: str) -> None:
    (home / "settings.toml").write_text(f"[access]\n{table}\n", encoding="utf-8")


def test_an_archive_is_open_unless_its_owner_says_otherwise(tmp_path: Path) -> None:
    assert read_access(tmp_path, {}) == AccessSettings(False, "", ())


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'private = false\nheader = "X-Remote-User"\noperators = ["lan"]')
    environment = {"TANGTHU_ACCESS_PRIVATE": "true", "TANGTHU_ACCESS_OPERATORS": "a, b"}
    assert read_access(tmp_path, environment) == AccessSettings(True, "X-Remote-User", ("a", "b"))
    origins = {setting.key: setting.origin for setting in effective_access(tmp_path, environment)}
    assert origins == {
        "access.private": "environment",
        "access.header": "settings.toml",
        "access.operators": "environment",
    }


@pytest.mark.parametrize(
    "table",
    [
        'private = "yes"',
        "private = 1",
        'header = "X Y"',
        'operators = "lan"',
        "secret = true",
        'operators = ["a b"]',
    ],
)
def test_what_is_not_allowed_is_named(tmp_path: Path, table: str) -> None:
    write(tmp_path, table)
    with pytest.raises(SettingsError, match=rf"access\.{table.split()[0]}"):
        read_access(tmp_path, {})
