"""The audit of pieces: what it reads, and where the records in them are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from archive.originals.piece_audit import PieceAudit
from archive.originals.pieces import Piece
from archive.originals.warc_records import RecordHead, pack_record
from archive.records import WarcLocation, sha256
from tests.archive.originals.test_pieces import FILE, piece, shipped

RECORDS = [
    pack_record(text, RecordHead("urn:x", "2026-11-28T10:00:00Z")) for text in (b"1", b"22", b"333")
]
ENDS = [sum(map(len, RECORDS[:number])) for number in range(4)]


def audit_of(
    monkeypatch: pytest.MonkeyPatch, named: list[Piece] | None, *, has_file: bool = False
) -> PieceAudit:
    """Return the audit of an archive with pieces of three records."""
    objects = {"a": RECORDS[0], "b": RECORDS[1] + RECORDS[2]}
    pieces = None if named is None else shipped(monkeypatch, objects, named)[0]
    originals: Any = SimpleNamespace(pieces=pieces, has_file=lambda name: has_file)
    return PieceAudit(originals)


def two_pieces(gap: int = 0) -> list[Piece]:
    first = piece(0, ENDS[1], "a", digest=sha256(RECORDS[0]))
    rest = RECORDS[1] + RECORDS[2]
    return [first, piece(ENDS[1] + gap, len(rest), "b", digest=sha256(rest))]


def test_the_records_of_pieces_are_found_at_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = audit_of(monkeypatch, two_pieces())
    assert audit.check_rest() == []
    places = zip(ENDS, map(len, RECORDS), strict=False)
    assert audit.records == {(FILE, start): length for start, length in places}
    # A file that is in the home is read there.
    at_home = audit_of(monkeypatch, two_pieces(), has_file=True)
    assert (at_home.check_rest(), at_home.records) == ([], {})


def test_pieces_with_a_gap_and_damaged_ones_are_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    assert audit_of(monkeypatch, two_pieces(1)).check_rest() == [
        (FILE, "its pieces do not join; restore a backup")
    ]
    first, second = two_pieces()
    damaged = piece(0, ENDS[1], "a", digest=sha256(b"khac"))
    (problem,) = audit_of(monkeypatch, [damaged, second]).check_rest()
    assert problem[0] == FILE
    audit = audit_of(monkeypatch, [first])
    assert audit.check(WarcLocation(FILE, 0, ENDS[1])) == []
    assert audit.records == {(FILE, 0): ENDS[1]}


def test_an_archive_without_pieces_has_none_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = audit_of(monkeypatch, None)
    assert (audit.check(WarcLocation(FILE, 0, 1)), audit.check_rest()) == ([], [])
