"""Audits of originals: where a file cannot be read on, and what is only being written."""

from __future__ import annotations

import pytest

from archive.store import Store
from archive.warc_files import scan_records
from tests.factories import article, keep


@pytest.mark.parametrize("record", [0, 1, 2, 3])
def test_the_last_readable_byte_of_a_damaged_file_is_named(store: Store, record: int) -> None:
    keep(store, article("Một"), article("Hai"), article("Ba"))
    path = store.originals.files()[0]
    place = [location for location, _ in scan_records(path)][record]
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 0xFF
    path.write_bytes(data)
    problems = {problem.subject: problem.reason for problem in store.verify().problems}
    assert problems[path.name] == f"cannot be read after byte {place.offset}; restore it"
    # The description of the file, record 0, is no article's.
    assert len(problems) == (1 if record == 0 else 2)


def test_progress_is_told_now_and_then(store: Store) -> None:
    keep(store, *(article(f"Bài {number}") for number in range(1001)))
    told: list[tuple[int, int]] = []
    store.verify(lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == [500, 1000]
