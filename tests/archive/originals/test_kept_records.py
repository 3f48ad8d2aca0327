"""The records that a catalogue names: what is kept of a digest, and what crawls captured."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine

from archive.catalogue import tables
from archive.catalogue.database import CATALOGUE_FILE
from archive.records import sha256
from archive.store import Store
from tests.factories import article

DIGEST = sha256(b"trang")


def test_only_the_digest_of_an_original_is_kept(store: Store) -> None:
    assert not store.has_digest(DIGEST)
    with store.batch() as batch:
        batch.add(b"trang", article("Cầu mới"))
    others = ["0" * 64, "f" * 64, DIGEST[:-1], ""]
    assert [store.has_digest(digest) for digest in (DIGEST, *others)] == [True] + [False] * 4


def test_answers_are_what_was_there_each_content_of_an_address_once(tmp_path: Path) -> None:
    rows = [
        # Address, moment, content, status.
        ("a", 1, "1", 200),
        ("a", 2, "1", 200),
        ("a", 3, "2", 200),
        ("a", 4, "1", 200),
        ("b", 1, "1", 200),
        ("b", 2, "3", 404),
        ("b", 3, "4", 199),
        ("b", 4, "5", 206),
    ]
    with Store(tmp_path) as store:
        assert list(store.answers()) == []
        _capture(tmp_path, rows)
        answers = [(answer.address, answer.digest) for answer in store.answers()]
    assert answers == [("a", "1"), ("a", "2"), ("b", "1")]


def _capture(home: Path, rows: list[tuple[str, int, str, int]]) -> None:
    """Write rows of captures into the catalogue of a home."""
    place = {"warc_file": "tangthu-000001.warc.gz", "warc_offset": 0, "warc_length": 1}
    engine = create_engine(f"sqlite:///{home / CATALOGUE_FILE}")
    with engine.begin() as connection:
        for address, minute, digest, status in rows:
            captured = f"2026-11-28T10:{minute:02}:00+00:00"
            names = {"address_key": address, "address": address, "digest": digest}
            values = names | {"captured": captured, "status": status, "media_type": "text/html"}
            connection.execute(tables.captured_resources.insert().values(**values, **place))
    engine.dispose()
