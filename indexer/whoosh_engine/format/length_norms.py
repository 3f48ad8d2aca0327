"""Length norms of BM25 (Robertson and Zaragoza 2009), with lengths as coarse as Whoosh's."""

from __future__ import annotations

from typing import Final

import numpy as np
from whoosh.util.numeric import byte_to_length

from indexer.arrays.array_file import Array

LENGTHS: Final[Array] = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
"""Whoosh's lengths of a field by the byte they are kept in."""

K1: Final = 1.2

B: Final = 0.75
"""The parameters of BM25."""


def norm_table(average: float) -> Array:
    """Return BM25's k1 * (1 - b + b * length / average) by the byte that a length is kept in."""
    return K1 * (1 - B + B * LENGTHS / average)
