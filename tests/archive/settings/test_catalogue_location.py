"""The location of the catalogue: option, environment and settings; no password anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import ArchiveError, StoreError
from archive.settings.catalogue_location import (
    HOME_CATALOGUE,
    CatalogueLocation,
    read_location,
    write_location,
)
from archive.settings.settings_file import SETTINGS_FILE, SettingsError, read_settings_file

URL = "postgresql://kho@db.vn/kho?sslmode=verify-full"
SITE = '[site]\nname = "Kho"  # tên\n\n[serve]\nport = 8080\n'


def test_the_environment_wins_over_the_file_and_that_over_the_default(tmp_path: Path) -> None:
    assert read_location(tmp_path, {}) == HOME_CATALOGUE
    write_location(tmp_path, CatalogueLocation(URL, "/run/secret"))
    assert read_location(tmp_path, {}) == CatalogueLocation(URL, "/run/secret")
    environment = {"TANGTHU_CATALOGUE": "home", "TANGTHU_CATALOGUE_PASSWORD_FILE": "/etc/x"}
    assert read_location(tmp_path, environment) == CatalogueLocation("", "/etc/x")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kho:geheim@db.vn/kho",
        "postgresql://kho@db.vn/kho?password=geheim",
        "geheim",
        "mysql://kho@db.vn/geheim",
        "postgresql+psycopg://kho@db.vn/geheim",
        "postgresql://geheim@db.vn",
        "postgresql://db.vn/geheim",
        "postgresql://kho@db.vn:geheim/kho",
        "postgresql://kho@db.vn/kho?sslmode=geheim",
        "sqlite:///geheim",
    ],
)
def test_what_is_no_location_is_refused_and_never_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="TANGTHU_CATALOGUE: ") as error:
        read_location(tmp_path, {"TANGTHU_CATALOGUE": url})
    assert "geheim" not in str(error.value)
    (tmp_path / SETTINGS_FILE).write_text(f'[archive]\ncatalogue = "{url}"\n')
    with pytest.raises(SettingsError, match=r"archive\.catalogue") as error:
        read_location(tmp_path, {})
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize("text", ["[archive]\ncatalogue = 1\n", "[archive]\nengines = 'x'\n"])
def test_what_means_nothing_in_the_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(text)
    with pytest.raises(SettingsError, match="archive"):
        read_location(tmp_path, {})


def test_the_password_is_the_environments_or_the_first_line_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("mật khẩu \nghi chú\n", encoding="utf-8")
    location = CatalogueLocation(URL, str(path))
    assert location.password({}) == "mật khẩu "
    assert location.password({"TANGTHU_CATALOGUE_PASSWORD": "x"}) == "x"
    assert CatalogueLocation(URL).password({}) is None
    path.write_bytes(b"\xff")
    with pytest.raises(StoreError, match="password cannot be read"):
        location.password({})
    path.unlink()
    with pytest.raises(StoreError, match="No such file"):
        location.password({})


def test_writing_the_location_leaves_the_other_settings(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_text(SITE, encoding="utf-8")
    write_location(tmp_path, CatalogueLocation(URL))
    assert path.read_text(encoding="utf-8") == f'[archive]\ncatalogue = "{URL}"\n\n{SITE}'
    write_location(tmp_path, CatalogueLocation(URL.replace("db", "new"), "/run/a\\b"))
    assert read_location(tmp_path, {}).password_file == "/run/a\\b"
    write_location(tmp_path, HOME_CATALOGUE)
    assert path.read_text(encoding="utf-8") == SITE


def test_settings_in_another_form_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_text('archive.catalogue = "home"\n')
    assert read_settings_file(tmp_path) == {"archive": {"catalogue": "home"}}
    with pytest.raises(ArchiveError, match=r"below `\[archive\]`"):
        write_location(tmp_path, CatalogueLocation(URL))
    assert path.read_text() == 'archive.catalogue = "home"\n'
