"""A logo's width is read of its head, and what says none or is damaged has none."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.factories import ArchiveFactory, article, client_of
from web.site.logo_size import logo_width


def picture(kind: str, size: tuple[int, int], orientation: int = 1) -> bytes:
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size).save(file, kind, exif=exif)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "width"),
    [
        ("a.png", picture("PNG", (300, 100)), 96),
        ("a.webp", picture("WEBP", (64, 64)), 32),
        ("a.jpg", picture("JPEG", (200, 100)), 64),
        ("a.jpeg", picture("JPEG", (200, 100), orientation=6), 16),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"/>', 96),
        ("a.svg", b'<svg width="9cm" height="3cm" viewBox="0 0 1 1"/>', 96),
        ("a.svg", b'<?xml version="1.0"?><!-- x --><svg viewBox="0,0,48 24"><g/></svg>', 64),
        ("a.svg", b'<svg width="100%" height="100%" viewBox="0 0 10 10"/>', 32),
        ("a.svg", b"<svg/>", 0),
        ("a.svg", b'<svg viewBox="0 0 a b"/>', 0),
        ("a.svg", b'<svg viewBox="0 0 10 0"/>', 0),
        ("a.svg", b'<svg viewBox="0 0 99999 1"/>', 0),
        ("a.svg", b'<svg viewBox="0 0 inf 1"/>', 0),
        ("a.svg", b'<svg viewBox="0 0 nan 1"/>', 0),
        ("a.svg", b"\x00 no drawing", 0),
        ("a.png", b"\x89PNG", 0),
        ("a.png", picture("PNG", (300, 100))[:20], 0),
        ("a.jpg", b"", 0),
        ("a.webp", picture("GIF", (30, 10)), 0),
    ],
)
def test_the_width_of_a_logo(tmp_path: Path, name: str, content: bytes, width: int) -> None:
    (tmp_path / name).write_bytes(content)
    assert logo_width(tmp_path / name) == width


def test_a_logo_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert logo_width(tmp_path / "a.png") == 0


def test_pages_keep_the_place_of_a_logo(archive_of: ArchiveFactory) -> None:
    archive = archive_of(article("Một bài"))
    home = archive.store.home
    (home / "dau.png").write_bytes(picture("PNG", (300, 100)))
    (home / "settings.toml").write_text('[site]\nlogo = "dau.png"\n')
    assert 'alt="" width="96" height="32">' in client_of(archive).get("/").text
