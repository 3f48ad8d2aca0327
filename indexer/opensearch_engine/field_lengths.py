"""Lengths of fields, kept by Lucene in a byte, as Whoosh keeps them in its own.

Lucene's byte has eight steps to an octave and 31 octaves, Whoosh's 21 steps and 12. A counted field
is made so long, by one filler term of that frequency, that Lucene's byte is Whoosh's and some more;
the script that scores takes it back. Then the sum of all lengths says nothing. So that the number
of postings says it, each document has as many other fillers as words stand in it again; the
documents have the same ones, which take a bit or two each. A field with positions would need a
filler for each word that it lacks. Lucene keeps short ones as they are, titles and names, and the
script makes Whoosh's length of them, so that they need none and their average is right; a longer
one is made longer only where Lucene's next larger length is nearer to Whoosh's.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import log
from typing import Final

BYTE_OFFSET: Final = 27
"""What Lucene's byte is more than Whoosh's: the least by which twice the words are short enough."""

LENGTH_SCALE: Final = 27
LENGTH_EXPONENT: Final = log(1.033)
"""A byte of Whoosh is a length of 27 * (exp(byte * this) - 1), rounded."""

MOST_FILLERS: Final = 20_000
"""Words again of which a document has fillers: further ones are not in the average length."""

LONGEST_EXACT: Final = 38
"""The longest field with positions that Lucene keeps as it is, with the filler that each has."""

_FREE: Final = 24
"""Lengths below are kept as they are (`org.apache.lucene.util.SmallFloat.intToByte4`)."""

_WHOOSH_LENGTHS: Final = tuple(round((1.033**byte - 1) * LENGTH_SCALE) for byte in range(256))
"""The lengths of `whoosh.util.numeric.byte_to_length`; a length takes the next larger one."""

_LARGEST_BYTE: Final = 255 - BYTE_OFFSET
"""The byte of the longest fields, of 44,000 words or more."""


@lru_cache(maxsize=1 << 16)
def kept_length(length: int) -> int:
    """Return the length that scores see of a field with positions: Whoosh's, or one near it."""
    below, above = _lucene_neighbours(length)
    target = whoosh_length(length)
    return below if abs(below - target) <= abs(above - target) else above


def padded_length(length: int) -> int:
    """Return how long a field with positions is made, so that scores see `kept_length`."""
    return length if length <= LONGEST_EXACT else max(length, kept_length(length))


def counted_length(length: int) -> int:
    """Return the length that scores see of a counted field: Whoosh's up to 44,000 words."""
    return _WHOOSH_LENGTHS[_whoosh_byte(length)]


@lru_cache(maxsize=1 << 16)
def coded_length(length: int) -> int:
    """Return how long a counted field is made, so that Lucene's byte tells `counted_length`.

    It is more than twice the length, but for the longest fields.
    """
    code = _whoosh_byte(length) + BYTE_OFFSET - _FREE
    kept = _FREE + (code if code < 8 else (code & 7 | 8) << ((code >> 3) - 1))
    return max(kept, 2 * length + 1)


def whoosh_length(length: int) -> int:
    """Return a length as Whoosh's byte keeps it."""
    return _WHOOSH_LENGTHS[min(bisect_left(_WHOOSH_LENGTHS, length), 255)]


def _whoosh_byte(length: int) -> int:
    return min(bisect_left(_WHOOSH_LENGTHS, length), _LARGEST_BYTE)


def _lucene_neighbours(length: int) -> tuple[int, int]:
    """Return the length as Lucene keeps it, and the next larger one that it can keep."""
    if length < _FREE:
        return length, length + 1
    shift = max((length - _FREE).bit_length() - 4, 0)
    below = _FREE + ((length - _FREE) >> shift << shift)
    return below, below + (1 << shift)
