"""The settings of the site: what is read, from where, and errors that name file, key and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.settings.settings_file import SETTINGS_FILE, SettingsError
from web.site.site_settings import (
    SiteSettings,
    effective_settings,
    first_words,
    read_site,
    text_in,
)

ALL = """
[site]
name = { vi = "Kho báo", en = "News archive" }
tagline = "Báo cũ"
logo = "dau.svg"
accent = "#0055AA"
languages = ["en", "vi"]
address = "https://kho.example.vn/bao"
mail = "kho@example.vn"
examples = ["bò sữa"]

[categories]
education = "Giáo dục"

[publishers]
"bao.vn" = { vi = "Báo Mới", en = "New Paper" }
"""


def home_with(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    (folder / "dau.svg").write_text("<svg/>")
    return folder


def test_a_home_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert read_site(tmp_path, {}) == SiteSettings()
    assert {setting.origin for setting in effective_settings(tmp_path, {})} == {"default"}


def test_every_setting_is_read_from_the_file(tmp_path: Path) -> None:
    site = read_site(home_with(tmp_path, ALL), {})
    assert (text_in(site.name, "vi"), text_in(site.name, "en")) == ("Kho báo", "News archive")
    assert text_in(site.tagline, "en") == "Báo cũ"
    assert (site.accent, site.address) == ("#0055aa", "https://kho.example.vn/bao/")
    # The first language is the default where none is named.
    assert (site.languages, site.language) == (("en", "vi"), "en")
    assert text_in(site.publishers["bao.vn"], "en") == "New Paper"
    assert text_in(site.categories["education"], "en") == "Giáo dục"
    assert site.examples == ("bò sữa",)


@pytest.mark.parametrize(
    ("variable", "value", "key", "expected"),
    [
        ("TANGTHU_SITE_NAME", "Kho khác", "site.name", "Kho khác"),
        ("TANGTHU_SITE_LANGUAGES", "vi", "site.languages", ["vi"]),
        ("TANGTHU_SITE_EXAMPLES", "bò\nsữa", "site.examples", ["bò", "sữa"]),
        ("TANGTHU_SITE_MAIL", "a@b.vn", "site.mail", "a@b.vn"),
        ("TANGTHU_SITE_ZONE", "Europe/Paris", "site.zone", "Europe/Paris"),
    ],
)
def test_the_environment_wins_over_the_file(
    tmp_path: Path, variable: str, value: str, key: str, expected: Any
) -> None:
    home = home_with(tmp_path, ALL)
    settings = {setting.key: setting for setting in effective_settings(home, {variable: value})}
    assert (settings[key].value, settings[key].origin) == (expected, "environment")
    assert settings["site.accent"].origin == SETTINGS_FILE
    assert settings["categories.education"].value == "Giáo dục"


REFUSED = [
    ("[site]\nnmae = 'a'", ["site.nmae", "is unknown", "name", "tagline"]),
    ("[site]\nname = ''", ["site.name", "not empty"]),
    ("[site]\nname = 5", ["site.name", "5"]),
    ("[site]\nname = 'a\\nb'\nname2 = 1", ["site.name2"]),
    ('[site]\nname = "a\\nb"', ["site.name", "one line"]),
    ("[site]\nname = {fr = 'a'}", ["site.name", "vi", "en"]),
    ("[site]\naccent = 'red'", ["site.accent", "#8a1f11"]),
    ("[site]\nlanguages = ['fr']", ["site.languages", "vi", "en"]),
    ("[site]\nlanguages = []", ["site.languages"]),
    ("[site]\nlanguages = ['vi']\nlanguage = 'en'", ["site.language", "vi"]),
    ("[site]\naddress = 'kho.vn'", ["site.address", "https://"]),
    ("[site]\naddress = 'https://a.vn/?x'", ["site.address"]),
    ("[site]\nmail = 'nobody'", ["site.mail", "e-mail"]),
    ("[site]\nzone = 'Hanoi'", ["site.zone", "Europe/Paris", "tzdata"]),
    ("[site]\nzone = '../etc'", ["site.zone"]),
    ("[site]\nzone = 'Europe'", ["site.zone"]),
    ("[site]\nzone = 7", ["site.zone"]),
    ("[site]\nlogo = '../dau.svg'", ["site.logo", ".svg"]),
    ("[site]\nlogo = 'dau.exe'", ["site.logo", ".png"]),
    ("[site]\nlogo = 'other.svg'", ["site.logo", "there is no file"]),
    ("[site]\nexamples = 'a'", ["site.examples", "list"]),
    ("[categories]\na = 5", ["categories.a", "5"]),
    ("name = 'a'", ["name", "[site]"]),
    ("[site", ["is no TOML"]),
    ("\xff\xfe", ["is no TOML"]),
]


@pytest.mark.parametrize(("text", "parts"), REFUSED, ids=[text for text, _ in REFUSED])
def test_an_error_names_the_file_the_key_and_what_is_allowed(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    home = home_with(tmp_path, "")
    (home / SETTINGS_FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as caught:
        read_site(home, {})
    message = str(caught.value)
    assert str(home) in message
    assert [part for part in parts if part not in message] == []


def test_an_error_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TANGTHU_SITE_ACCENT.*#8a1f11"):
        read_site(tmp_path, {"TANGTHU_SITE_ACCENT": "red"})


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("tàng thư", "tàng thư"),
        ("Thư viện Sông Hương", "Thư viện Sông"),
        ("Báo Sài Gòn – Tin tức", "Báo Sài Gòn"),
        ("Thư viện Đà Nẵng", "Thư viện Đà Nẵng"),
        ("Kho lưu trữ Huế, bản số", "Kho lưu trữ Huế"),
        ("Perfume River University Library", "Perfume River"),
        ("Landesbibliotheksverbund Nord", "Landesbibliothek"),
        ("", ""),
    ],
)
def test_a_short_name_is_of_whole_words(name: str, short: str) -> None:
    assert first_words(name, 16) == short
