"""Collections of the owner: what their files may hold, and what is said of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings.settings_file import SettingsError
from web.site.collections import LARGEST_FILE, read_collections


def write(home: Path, name: str, text: str | bytes) -> None:
    (home / "collections").mkdir(exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    (home / "collections" / name).write_bytes(data)


def test_collections_come_by_title(tmp_path: Path) -> None:
    write(tmp_path, "b.toml", 'title = "An"\nquery = "?q=học+phí&sort=newest"\n')
    write(tmp_path, "a.toml", 'title = "Ba"\ndescription = "*chữ* <b>"\narticles = ["x", "y"]\n')
    collections = read_collections(tmp_path)
    assert list(collections) == ["b", "a"]
    assert collections["b"].query == "q=học+phí&sort=newest"
    assert collections["a"].identifiers == ("x", "y")
    assert collections["a"].description == "<p><em>chữ</em> &lt;b&gt;</p>\n"


def test_a_home_without_any_has_none(tmp_path: Path) -> None:
    assert read_collections(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "title = "),
        ("a.toml", b"\xff\xfe"),
        ("a.toml", 'title = "T"'),
        ("a.toml", 'query = "q=a"'),
        ("a.toml", 'title = " "\nquery = "q=a"'),
        ("a.toml", 'title = "T"\narticles = [1]'),
        ("a.toml", 'title = "T"\narticles = "x"'),
        ("a.toml", 'title = 1\nquery = "q=a"'),
        ("a.toml", 'title = "T"\nquery = "q=a"\nother = 1'),
        ("a.toml", b"#" * (LARGEST_FILE + 1)),
        ("A B.toml", 'title = "T"\nquery = "q=a"'),
        ("-.toml", 'title = "T"\nquery = "q=a"'),
    ],
)
def test_a_file_of_another_form_is_named(tmp_path: Path, name: str, text: str | bytes) -> None:
    write(tmp_path, name, text)
    with pytest.raises(SettingsError, match=name.replace(".", r"\.")):
        read_collections(tmp_path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text('title = "T"\nquery = "q=a"', encoding="utf-8")
    (tmp_path / "collections").mkdir()
    (tmp_path / "collections" / "a.toml").symlink_to(secret)
    with pytest.raises(SettingsError):
        read_collections(tmp_path)
