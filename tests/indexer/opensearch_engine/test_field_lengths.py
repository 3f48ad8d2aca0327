"""Lengths as Lucene keeps them: Whoosh's of counted fields, near them with positions."""

from __future__ import annotations

import struct
from math import ceil, exp, log

from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.opensearch_engine.field_lengths import (
    BYTE_OFFSET,
    LENGTH_EXPONENT,
    LENGTH_SCALE,
    LONGEST_EXACT,
    coded_length,
    counted_length,
    kept_length,
    padded_length,
    whoosh_length,
)


def lucene_length(length: int) -> int:
    """Decode what `SmallFloat.intToByte4` encodes, written down from its source."""
    remainder = length - 24
    if remainder < 0:
        return length
    bits = remainder.bit_length()
    if bits < 4:
        return length
    shift = bits - 4
    return 24 + (((remainder >> shift) & 0x07 | 0x08) << shift)


def scored_length(kept: int) -> int:
    """Decode a length as the script of the mapping does."""
    rest = kept - 24
    bits: int = struct.unpack("<i", struct.pack("<f", rest))[0]
    byte = kept - BYTE_OFFSET if rest < 8 else (bits >> 20) - 1008 - BYTE_OFFSET
    return round(LENGTH_SCALE * (exp(max(byte, 0) * LENGTH_EXPONENT) - 1))


def test_whooshs_lengths_are_its_own() -> None:
    for length in range(1, 20_000):
        assert whoosh_length(length) == byte_to_length(length_to_byte(length)), length


def test_scores_see_whooshs_length_of_a_counted_field() -> None:
    for length in (*range(1, 20_000), *range(20_000, 40_000, 97)):
        assert scored_length(lucene_length(coded_length(length))) == whoosh_length(length), length
        assert counted_length(length) == whoosh_length(length)
        assert coded_length(length) > 2 * length


def test_the_longest_fields_are_alike() -> None:
    longest = counted_length(10**7)
    assert 40_000 < longest < 50_000
    assert scored_length(lucene_length(coded_length(10**7))) == longest
    assert coded_length(10**7) < 1 << 31


def scored_part(kept: int) -> int:
    """Decode the length of a part of a document, with its filler, as the script does."""
    if kept > LONGEST_EXACT + 1:
        return kept
    byte = ceil(log((kept - 1.5) / LENGTH_SCALE + 1) / LENGTH_EXPONENT)
    return round(LENGTH_SCALE * (exp(byte * LENGTH_EXPONENT) - 1))


def test_scores_see_nearly_whooshs_length_of_a_part() -> None:
    for length in range(1, 20_000):
        padded, target = padded_length(length), whoosh_length(length)
        assert padded >= length
        assert abs(scored_part(lucene_length(padded + 1)) - target) < 0.1 * target, length


def test_short_parts_have_whooshs_length_without_fillers() -> None:
    for length in range(1, LONGEST_EXACT + 1):
        assert padded_length(length) == length
        assert scored_part(lucene_length(length + 1)) == whoosh_length(length), length


def test_lengths_are_near_whooshs() -> None:
    off = {n: abs(kept_length(n) - whoosh_length(n)) / whoosh_length(n) for n in range(1, 20_000)}
    assert not any(off[length] for length in range(1, 41))
    assert max(off.values()) < 0.065
    assert sum(off.values()) / len(off) < 0.026
    plain = [abs(lucene_length(n) - whoosh_length(n)) / whoosh_length(n) for n in off]
    assert sum(off.values()) < 0.5 * sum(plain)
