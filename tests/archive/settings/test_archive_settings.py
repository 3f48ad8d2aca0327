"""The table `[archive]`: origins, what is refused, and writing one key without another."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings.archive_settings import (
    archive_settings,
    password_file_variable,
    write_archive_settings,
)
from archive.settings.catalogue_location import HOME_CATALOGUE, CatalogueLocation, write_location
from archive.settings.settings_file import SETTINGS_FILE, SettingsError, read_settings_file

ENGINE = "opensearch://kho@a.vn:9200,b.vn:9200/kho?tls=1"


def test_every_setting_has_its_origin(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text(f'[archive]\nengine = "{ENGINE}"\n')
    environment = {"TANGTHU_CATALOGUE": "postgresql://a@b/c", "TANGTHU_ENGINE_PASSWORD_FILE": "/x"}
    settings = archive_settings(tmp_path, environment)
    assert {key: (each.value, each.origin) for key, each in settings.items()} == {
        "catalogue": ("postgresql://a@b/c", "environment"),
        "catalogue-password-file": ("", "default"),
        "engine": (ENGINE, SETTINGS_FILE),
        "engine-password-file": ("/x", "environment"),
        "lang": ("", "default"),
        "originals": ("home", "default"),
        "originals-keys-file": ("", "default"),
    }
    assert {each.value for each in archive_settings(tmp_path / "none", {}).values()} == {"home", ""}


@pytest.mark.parametrize("text", ["engine = 1", "engines = 'x'"])
def test_what_cannot_be_a_setting_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(f"[archive]\n{text}\n")
    with pytest.raises(SettingsError, match=r"archive\.engine"):
        archive_settings(tmp_path, {})


def test_writing_a_setting_leaves_the_others(tmp_path: Path) -> None:
    write_archive_settings(tmp_path, {"engine": ENGINE, "engine-password-file": ""})
    write_location(tmp_path, CatalogueLocation("postgresql://a@b/c", "/run/p"))
    assert read_settings_file(tmp_path)["archive"] == {
        "engine": ENGINE,
        "catalogue": "postgresql://a@b/c",
        "catalogue-password-file": "/run/p",
    }
    write_location(tmp_path, HOME_CATALOGUE)
    assert read_settings_file(tmp_path)["archive"] == {"engine": ENGINE}
    write_archive_settings(tmp_path, {"engine": ""})
    assert read_settings_file(tmp_path) == {}


@pytest.mark.parametrize(
    ("table", "variable", "expected"),
    [
        ("", "", None),
        ('engine-password-file = "/run/p"', "", ("TANGTHU_ENGINE_PASSWORD_FILE", "/run/p")),
        ('engine-password-file = "/run/p"', "/run/q", None),
        ('catalogue-password-file = "/run/p"', "", None),
        ("", "/run/q", None),
    ],
)
def test_processes_are_told_the_password_file_that_only_the_settings_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    variable: str,
    expected: tuple[str, str] | None,
) -> None:
    monkeypatch.setenv("TANGTHU_ENGINE_PASSWORD_FILE", variable)
    (tmp_path / SETTINGS_FILE).write_text(f"[archive]\n{table}\n")
    assert password_file_variable(tmp_path) == expected


def test_what_is_empty_in_the_file_or_the_environment_is_the_default(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('[archive]\nengine = ""\n')
    setting = archive_settings(tmp_path, {"TANGTHU_ENGINE": ""})["engine"]
    assert (setting.value, setting.origin, setting.name) == (
        "home",
        SETTINGS_FILE,
        "archive.engine",
    )


def test_what_is_written_already_is_not_written_again(tmp_path: Path) -> None:
    write_archive_settings(tmp_path, {"engine": ENGINE})
    before = (tmp_path / SETTINGS_FILE).stat()
    write_archive_settings(tmp_path, {"engine": ENGINE, "originals": ""})
    written = (tmp_path / SETTINGS_FILE).stat()
    assert (before.st_ino, before.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
