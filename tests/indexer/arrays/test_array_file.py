"""Array files: what is mapped of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from indexer.arrays.array_file import ArrayFile, write_arrays

_RESIDENT = re.compile(r"^Rss: +(\d+) kB", re.MULTILINE)


def resident_kilobytes(path: Path) -> int:
    """Return how much of a mapped file is in the memory of this process."""
    maps = Path("/proc/self/smaps").read_text(encoding="utf-8").split("VmFlags")
    found = (_RESIDENT.search(one) for one in maps if str(path) in one)
    return sum(int(match[1]) for match in found if match)


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux")
def test_what_was_verified_is_let_go_and_can_be_read_again(tmp_path: Path) -> None:
    path, numbers = tmp_path / "a.arrays", np.arange(200_000, dtype=np.uint32)
    write_arrays(path, "a", [("numbers", numbers)])
    file = ArrayFile(path, "a", None)
    file.verify()
    assert resident_kilobytes(path) >= numbers.nbytes // 1024
    file.release()
    assert resident_kilobytes(path) == 0
    assert np.array_equal(file.array("numbers").read(), numbers)
