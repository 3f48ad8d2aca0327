"""Pieces of WARC files: what they cover, how they join, and how one that was replaced is read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine

from archive.catalogue import tables
from archive.errors import DamagedError, StoreError
from archive.originals import pieces
from archive.originals.object_storage import ObjectMissingError
from archive.originals.pieces import (
    LARGEST_PIECE,
    Piece,
    PieceState,
    ShippedPieces,
    end_of,
    has_whole_copy,
    to_piece,
)
from archive.records import WarcLocation, sha256
from archive.settings.originals_location import OriginalsLocation

FILE = "tangthu-00001.warc.gz"


def piece(start: int, length: int, name: str = "a", **others: Any) -> Piece:
    return to_piece(row(start=start, length=length, name=name, **others))


def row(**others: Any) -> Any:
    columns = {"name": "a", "warc_file": FILE, "start": 0, "length": 10, "digest": "d"}
    return SimpleNamespace(**columns | {"state": "stored", "storage": "s3", "shipped": ""} | others)


@pytest.mark.parametrize(
    ("location", "is_covered"),
    [
        (WarcLocation(FILE, 10, 10), True),
        (WarcLocation(FILE, 10, 1), True),
        (WarcLocation(FILE, 19, 1), True),
        (WarcLocation(FILE, 9, 2), False),
        (WarcLocation(FILE, 19, 2), False),
        (WarcLocation(FILE, 20, 1), False),
        (WarcLocation("tangthu-00002.warc.gz", 10, 10), False),
    ],
)
def test_a_piece_covers_the_records_that_are_whole_in_it(
    location: WarcLocation, is_covered: bool
) -> None:
    assert piece(10, 10).end == 20
    assert piece(10, 10).covers(location) is is_covered


@pytest.mark.parametrize(
    "others",
    [{"start": -1}, {"length": 0}, {"length": -1}, {"length": LARGEST_PIECE + 1}, {"state": "sent"}]
    + [{"start": "x"}, {"length": None}],
)
def test_a_piece_with_other_values_is_damage(others: dict[str, Any]) -> None:
    assert to_piece(row(start=0, length=1)).length == 1
    assert to_piece(row(length=LARGEST_PIECE)).length == LARGEST_PIECE
    with pytest.raises(DamagedError, match="describes the object 'a' wrongly"):
        to_piece(row(**others))


@pytest.mark.parametrize(
    ("stretches", "end"),
    [
        ([], 0),
        ([(0, 10)], 10),
        ([(0, 10), (10, 5)], 15),
        ([(0, 10), (11, 5)], 10),
        ([(0, 10), (9, 5)], 10),
        ([(1, 10)], 0),
        ([(0, 10), (11, 5), (10, 5)], 10),
    ],
)
def test_pieces_join_without_a_gap(
    tmp_path: Path, stretches: list[tuple[int, int]], end: int
) -> None:
    joined = [piece(*stretch) for stretch in stretches]
    assert end_of(joined) == end
    path = tmp_path / FILE
    for size in (end - 1, end, end + 1):
        path.write_bytes(b"x" * max(0, size))
        assert has_whole_copy(path, joined) is (max(0, size) == end)
    path.write_bytes(b"x" * end)
    for state in set(PieceState) - {PieceState.STORED}:
        assert not has_whole_copy(path, [*joined, piece(end, 1, state=state.value)])


class Storage:
    """An object storage in memory."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects, self.asked = objects, list[str]()

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return the bytes of an object from a place on."""
        self.asked.append(name)
        if name not in self.objects:
            raise ObjectMissingError(f"{name} is missing")
        return self.objects[name][start : start + length]

    read_quickly = read


def shipped(
    monkeypatch: pytest.MonkeyPatch, objects: dict[str, bytes], *answers: list[Piece]
) -> tuple[ShippedPieces, Storage]:
    """Return pieces as a catalogue names them in one query after another, and their storage."""
    storage, rows = Storage(objects), list(answers)
    shipped_pieces = ShippedPieces(
        lambda query: rows.pop(0) if len(rows) > 1 else rows[0],  # type: ignore[arg-type]
        lambda: OriginalsLocation("s3"),
    )
    monkeypatch.setattr(ShippedPieces, "open_storage", lambda self, piece=None: storage)
    return shipped_pieces, storage


def test_a_record_is_read_from_the_piece_that_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"0123456789"
    first = piece(20, 10, "first", digest=sha256(content))
    pieces_of_file, storage = shipped(monkeypatch, {"first": content}, [first])
    assert pieces_of_file.read(WarcLocation(FILE, 22, 3)) == b"234"
    assert pieces_of_file.read(WarcLocation(FILE, 28, 3)) is None
    # One that was fetched whole is read from memory, until it is forgotten.
    assert pieces_of_file.fetch(first) == pieces_of_file.fetch(first) == content
    assert pieces_of_file.read(WarcLocation(FILE, 22, 3)) == b"234"
    assert storage.asked == ["first", "first"]
    pieces_of_file.forget()
    assert pieces_of_file.read(WarcLocation(FILE, 29, 1)) == b"9"
    assert storage.asked == ["first"] * 3
    storage.objects["first"] = b"0123456780"
    with pytest.raises(DamagedError, match="the object first is damaged"):
        pieces_of_file.fetch(first)


def test_what_was_replaced_meanwhile_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"0123456789"
    old, new = (piece(0, 10, name, digest=sha256(content)) for name in ("old", "new"))
    pieces_of_file, storage = shipped(monkeypatch, {"new": content}, [old], [new])
    assert pieces_of_file.read(WarcLocation(FILE, 1, 2)) == b"12"
    assert storage.asked == ["old", "new"]
    assert pieces_of_file.fetch(old) == content
    assert storage.asked == ["old", "new", "old", "new"]
    lost, _ = shipped(monkeypatch, {}, [old])
    for read in (lambda: lost.read(WarcLocation(FILE, 1, 2)), lambda: lost.fetch(old)):
        with pytest.raises(ObjectMissingError):
            read()
    away, _ = shipped(monkeypatch, {}, [old], [])
    assert away.read(WarcLocation(FILE, 1, 2)) is None


def test_pieces_are_counted_by_their_states() -> None:
    engine = create_engine("sqlite://")
    tables.METADATA.create_all(engine)
    states = ["sending", *["stale"] * 2, *["stored"] * 4, *["leaving"] * 8]
    with engine.connect() as connection:
        for number, state in enumerate(states):
            values = vars(row(name=f"{number}", state=state))
            connection.execute(tables.pieces.insert().values(**values))
        counted = ShippedPieces(
            lambda query: connection.execute(query).all(), lambda: OriginalsLocation("s3")
        )
        assert (counted.stale_count(), counted.unfinished_count()) == (2, 11)
        assert len(counted.of_file(FILE)) == 6
        assert len(counted.all()) == 15
    engine.dispose()


def test_a_catalogue_without_pieces_counts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    empty, storage = shipped(monkeypatch, {}, [])
    assert (empty.stale_count(), empty.unfinished_count(), empty.last_file()) == (0, 0, "")
    empty.read_first_byte()
    assert storage.asked == []
    counted, storage = shipped(monkeypatch, {}, [SimpleNamespace(number=3)])  # type: ignore[list-item]
    assert (counted.stale_count(), counted.unfinished_count()) == (3, 3)
    named, storage = shipped(monkeypatch, {"a": b"xy"}, [piece(0, 2)])
    assert named.last_file() == "a"
    named.read_first_byte()
    assert storage.asked == ["a"]


@pytest.mark.parametrize(
    ("configured", "reason"),
    [("", "originals are in s3, and the settings name the home"), ("s4", "settings name s4")],
)
def test_a_piece_is_in_the_storage_that_the_settings_name(configured: str, reason: str) -> None:
    location = SimpleNamespace(storage=configured, is_elsewhere=bool(configured))
    shipped_pieces = ShippedPieces(lambda query: [], lambda: location)  # type: ignore[arg-type, return-value]
    with pytest.raises(StoreError, match=reason):
        shipped_pieces.open_storage(piece(0, 1))
    if not configured:
        with pytest.raises(StoreError, match="the settings name no object storage"):
            shipped_pieces.open_storage()


def test_a_connection_is_used_again_in_its_own_process_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storages: list[Any] = []

    def connect(location: Any) -> Any:
        storages.append(SimpleNamespace(location=location, process=7))
        return storages[-1]

    monkeypatch.setattr(pieces, "ObjectStorage", connect)
    monkeypatch.setattr(pieces, "os", SimpleNamespace(getpid=lambda: 7))
    locations = [SimpleNamespace(storage="s3", is_elsewhere=True)]
    shipped_pieces = ShippedPieces(lambda query: [], lambda: locations[-1])  # type: ignore[arg-type, return-value]
    assert shipped_pieces.open_storage() is shipped_pieces.open_storage(piece(0, 1)) is storages[0]
    monkeypatch.setattr(pieces, "os", SimpleNamespace(getpid=lambda: 8))
    assert shipped_pieces.open_storage() is storages[1]
    monkeypatch.setattr(pieces, "os", SimpleNamespace(getpid=lambda: 7))
    locations.append(SimpleNamespace(storage="s4", is_elsewhere=True))
    assert shipped_pieces.open_storage() is storages[2]
