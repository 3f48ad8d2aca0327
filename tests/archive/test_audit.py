"""Audits of originals: where a file cannot be read on, and what is only being written."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from sqlalchemy import event

from archive import audit
from archive.audit import AuditProblem, _find_wrong_lengths, check_original
from archive.catalogue_rows import KeptRecord
from archive.operations import OperatorNote
from archive.store import Store
from archive.warc_dates import DateCorrections
from archive.warc_files import Originals, scan_records
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
    told: list[int] = []
    store.verify(told.append)
    assert told == [500, 1000]


@pytest.mark.parametrize(("length", "is_named"), [(9, True), (10, False), (11, True)])
def test_an_original_is_as_long_as_the_catalogue_says(length: int, is_named: bool) -> None:
    place = ("tangthu-00001.warc.gz", 7)
    problems = list(_find_wrong_lengths({place: ("0a" * 10, 10)}, {place: length}))
    assert [problem.subject for problem in problems] == ["0a" * 10] * is_named
    # A record that the catalogue does not name is no problem of lengths.
    assert not list(_find_wrong_lengths({}, {place: length}))


def test_what_is_added_while_articles_are_counted_is_no_wrong_count(store: Store) -> None:
    keep(store, article("Một"))
    added: list[str] = []

    def add(connection: object, cursor: object, statement: str, *arguments: object) -> None:
        if "archive_state" in statement and not added:
            added.append(statement)
            with Store(store.home) as another:
                keep(another, article("Hai"))

    event.listen(store.engine, "after_cursor_execute", add)
    problems = store.verify().problems
    event.remove(store.engine, "after_cursor_execute", add)
    assert (len(added), problems) == (1, ())


def test_what_is_destroyed_while_originals_are_read_is_not_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, article("Một"), article("Hai"))
    doomed = [record.identifier for record in store.records_by_location()][-1:]

    def check_after_a_removal(
        originals: Originals,
        corrections: DateCorrections,
        named: KeptRecord,
        destroyed: Collection[tuple[str, str]],
    ) -> list[AuditProblem]:
        while doomed:
            with store.operator_batch() as batch:
                batch.remove(doomed.pop(), OperatorNote("nhầm", "thủ thư"), destroy=True)
        return check_original(originals, corrections, named, destroyed)

    monkeypatch.setattr(audit, "check_original", check_after_a_removal)
    assert store.verify().problems == ()
    assert doomed == []
    assert store.operator_state().destroyed
