"""The settings of a home: read whole or refused, and a table of them written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings import settings_file
from archive.settings.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
    replace_table,
)


def test_settings_are_tables_and_nothing_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_settings_file(tmp_path) == {}
    (tmp_path / SETTINGS_FILE).write_bytes("\ufeff[site]\nname = 'Báo'\n".encode())
    assert read_settings_file(tmp_path) == {"site": {"name": "Báo"}}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[site", "is no TOML in UTF-8"),
        (b"[site]\nname = '\xff'", "is no TOML in UTF-8"),
        (b"a = " + b"[" * 20_000, "is no TOML in UTF-8"),
        (b"name = 'B'\n[site]", "name: stands before the first table"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(content)
    with pytest.raises(SettingsError, match=f"{SETTINGS_FILE}: {reason}"):
        read_settings_file(tmp_path)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / SETTINGS_FILE
    path.mkdir() if kind == "folder" else path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings_file(tmp_path)


def test_a_file_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_file, "LARGEST_FILE", 20)
    (tmp_path / SETTINGS_FILE).write_text("[site]".ljust(20))
    assert read_settings_file(tmp_path) == {"site": {}}
    (tmp_path / SETTINGS_FILE).write_text("[site]".ljust(21))
    with pytest.raises(SettingsError, match="larger than 20 bytes"):
        read_settings_file(tmp_path)


@pytest.mark.parametrize(("table", "name"), [("site", "site.nmae"), ("", "nmae")])
def test_a_key_that_means_nothing_is_refused(table: str, name: str) -> None:
    refuse_unknown_keys("file", table, ["name"], {"name", "mail"})
    with pytest.raises(SettingsError, match=f"^file: {name}: is unknown; known are mail, name$"):
        refuse_unknown_keys("file", table, ["name", "nmae"], {"name", "mail"})


@pytest.mark.parametrize(
    ("content", "values", "changed"),
    [
        ("", {"name": "Báo"}, '[site]\nname = "Báo"\n\n'),
        ("", {}, ""),
        ("[site]\nname = 'A'\n", {"name": 'B"\\\n'}, '[site]\nname = "B\\"\\\\\\n"\n\n'),
        ("[site]\nname = 'A'\n", {}, ""),
        (
            "[a]\nx = 1\n\n[site] # ours\nname = 'A'\n\n[b]\ny = 2\n",
            {},
            "[a]\nx = 1\n\n[b]\ny = 2\n",
        ),
        (
            "[a]\nx = 1 # kept\n[site]\nname = 'A'\n[b]\ny = 2\n",
            {"mail": "m"},
            '[site]\nmail = "m"\n\n[a]\nx = 1 # kept\n[b]\ny = 2\n',
        ),
    ],
)
def test_a_table_is_written_anew_and_all_else_stays(
    tmp_path: Path, content: str, values: dict[str, str], changed: str
) -> None:
    (tmp_path / SETTINGS_FILE).write_text(content, encoding="utf-8")
    assert replace_table(tmp_path, "site", values) == changed


@pytest.mark.parametrize(
    "content", ["site = {name = 'A'}\n", "[a]\nx = '''\n[site]\n'''\n", "site.x = 1\n"]
)
def test_a_table_that_is_written_otherwise_is_left_to_the_operator(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / SETTINGS_FILE).write_text(content)
    with pytest.raises(SettingsError, match=r"write it as lines of its own below `\[site\]`"):
        replace_table(tmp_path, "site", {"name": "B"})
