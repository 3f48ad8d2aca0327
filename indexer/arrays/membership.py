"""Membership: which of many values are among a few."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_TABLE_BITS: Final = 20


def is_among(
    values: NDArray[np.unsignedinteger[Any]], wanted: NDArray[np.unsignedinteger[Any]]
) -> NDArray[np.bool_]:
    """Return (values,) whether each is one of those that are wanted.

    Few have the last bits of one that is wanted, and only they are looked up whole: `numpy.isin`
    alone sorts or searches them all.
    """
    last_bits = values.dtype.type((1 << _TABLE_BITS) - 1)
    table = np.zeros(1 << _TABLE_BITS, bool)
    table[wanted & last_bits] = True
    is_wanted: NDArray[np.bool_] = table[values & last_bits]
    is_wanted[is_wanted] = np.isin(values[is_wanted], wanted)
    return is_wanted
