"""The record of a legal document."""

from __future__ import annotations

from archive.legal_record import comparable_number


def test_one_number_has_one_key() -> None:
    written = ("05/2011/NĐ-CP", "5/2011/nd-cp", "05 /2011/NĐ – CP", "5/2011/NĐ‑CP")
    assert {comparable_number(number) for number in written} == {"5/2011/nd-cp"}
