"""The cache of drawn pictures: a folder for each article, bounded, and never needed."""

from __future__ import annotations

import os
from pathlib import Path

from archive.originals.picture_cache import FOLDER, PictureCache

FIRST, SECOND = "0a" * 10, "0b" * 10


def test_pictures_are_read_back_and_an_empty_one_is_known(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path)
    assert cache.read(FIRST, "a.webp") is None
    cache.write(FIRST, "a.webp", b"drawn")
    cache.write(FIRST, "b.webp", b"")
    assert (cache.read(FIRST, "a.webp"), cache.read(FIRST, "b.webp")) == (b"drawn", b"")


def test_an_article_is_discarded_with_all_that_was_drawn_of_it(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path)
    for identifier in (FIRST, SECOND):
        cache.write(identifier, "a.webp", b"drawn")
    cache.discard(FIRST)
    cache.discard(FIRST)
    assert cache.read(FIRST, "a.webp") is None
    assert cache.read(SECOND, "a.webp") == b"drawn"


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, most_bytes=1000)
    for number in range(20):
        cache.write(FIRST, f"{number}.webp", bytes(100))
        path = tmp_path / FOLDER / FIRST[:2] / FIRST / f"{number}.webp"
        os.utime(path, (number, number))
    PictureCache(tmp_path, most_bytes=1000).write(SECOND, "new.webp", bytes(100))
    assert cache.read(SECOND, "new.webp") is not None
    assert cache.read(FIRST, "0.webp") is None
    files = list((tmp_path / FOLDER).rglob("*.webp"))
    assert sum(path.stat().st_size for path in files) <= 1000


def test_a_disk_that_refuses_it_costs_a_drawing_and_no_more(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("no folder")
    cache = PictureCache(tmp_path)
    cache.write(FIRST, "a.webp", b"drawn")
    assert cache.read(FIRST, "a.webp") is None


def test_the_first_bytes_of_a_picture_tell_what_it_is(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path)
    assert cache.read_head(FIRST, "a.webp") is None
    cache.write(FIRST, "a.webp", bytes(range(200)))
    assert cache.read_head(FIRST, "a.webp") == bytes(range(64))
    cache.write(FIRST, "a.webp", b"")
    assert cache.read_head(FIRST, "a.webp") == b""


def test_no_more_go_than_have_to(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, most_bytes=1000)
    for number in range(20):
        cache.write(FIRST, f"{number}.webp", bytes(93))
        path = tmp_path / FOLDER / FIRST[:2] / FIRST / f"{number}.webp"
        os.utime(path, (number, number))
    PictureCache(tmp_path, most_bytes=1000).write(SECOND, "new.webp", bytes(93))
    kept = sum(path.stat().st_size for path in (tmp_path / FOLDER).rglob("*.webp"))
    assert 500 < kept <= 1000
    assert cache.read(FIRST, "19.webp") is not None
