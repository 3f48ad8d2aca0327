"""Audits of originals: where a file cannot be read on, and what is only being written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from archive import audit
from archive.audit import (
    AuditProblem,
    _find_wrong_lengths,
    _list_wrong_heads,
    _list_wrong_rows,
    check_original,
    verify_records,
    without_repetitions,
)
from archive.catalogue.catalogue_rows import KeptRecord, StatedAnswer, StatedHead
from archive.catalogue.lookup_keys import address_key
from archive.catalogue.operations import OperatorNote
from archive.catalogue.tables import SOURCE_LIMIT, pack_article
from archive.originals.warc_dates import DateCorrections
from archive.originals.warc_files import Originals, scan_records
from archive.originals.warc_records import WarcRecord, record_id_of
from archive.records import WarcLocation, sha256
from archive.store import Store
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


LOCATION = WarcLocation("tangthu-00001.warc.gz", 7, 10)
RECORD = WarcRecord(
    10, "d", b"0123", uri="https://bao.vn/1", kind="resource", media_type="text/html"
)
FOLDER = sha256(b"a folder")


def kept_record(**others: Any) -> KeptRecord:
    return KeptRecord("0a 1", "0a", "d", "2026-01-02T03:04:05+00:00", LOCATION, **others)


@pytest.mark.parametrize(
    ("heads", "record", "count"),
    [
        ([("text/html", "")], {}, 0),
        ([("text/plain", "")], {}, 1),
        # Of several that share the record one wrote its head.
        ([("text/plain", ""), ("text/html", "")], {}, 0),
        ([], {"media_type": "text/plain"}, 0),
        # Records of older programs say nothing, answers of a crawl what their server said.
        ([("text/plain", "")], {"media_type": "application/octet-stream"}, 0),
        ([("", "")], {"media_type": "application/octet-stream"}, 0),
        ([("", "")], {}, 1),
        ([("text/plain", "")], {"kind": "response"}, 0),
        ([("text/plain", "")], {"kind": "conversion"}, 1),
        # A member says what it is a part of.
        ([("text/html", FOLDER)], {"refers_to": record_id_of(FOLDER)}, 0),
        ([("text/html", FOLDER)], {}, 0),
        ([("text/html", "")], {"refers_to": record_id_of(FOLDER)}, 1),
        ([("text/html", sha256(b"x"))], {"refers_to": record_id_of(FOLDER)}, 1),
        ([("text/plain", "")], {"refers_to": record_id_of(FOLDER)}, 2),
    ],
)
def test_the_head_of_a_record_is_what_the_catalogue_says(
    heads: list[tuple[str, str]], record: dict[str, Any], count: int
) -> None:
    named = kept_record(heads=tuple(StatedHead(*head) for head in heads))
    assert len(list(_list_wrong_heads(named, replace(RECORD, **record)))) == count


def stated_answer(**others: Any) -> StatedAnswer:
    values = {"key": address_key("https://bao.vn/1"), "address": "https://bao.vn/1"}
    return StatedAnswer(**{**values, "media_type": "text/html", "status": 200, **others})


@pytest.mark.parametrize(
    ("answers", "record", "reasons"),
    [
        ([{}], {}, []),
        ([{}], {"content_type": "Text/HTML"}, []),
        ([{}], {"content_type": "text/plain"}, ["another answer"]),
        ([{}], {"status": 404}, ["another answer"]),
        ([{}], {"uri": "https://bao.vn/2"}, ["another answer"]),
        ([{}], {"uri": " https://bao.vn/1\n"}, []),
        ([{"status": 404}, {}], {}, []),
        ([{"key": "x"}], {}, ["is found by"]),
        ([{"key": "x"}, {"key": "y"}], {}, ["is found by", "is found by"]),
        ([{"key": "x", "status": 404}], {}, ["another answer", "is found by"]),
        # An address that is as long as its column may be cut.
        ([{"key": "x", "address": "a" * SOURCE_LIMIT}], {"uri": "a" * 9000}, []),
        ([{"key": "x", "address": "a" * (SOURCE_LIMIT - 1)}], {"uri": "a" * 4095}, ["is found by"]),
    ],
)
def test_a_capture_is_the_answer_that_its_record_holds(
    answers: list[dict[str, Any]], record: dict[str, Any], reasons: list[str]
) -> None:
    stated = tuple(stated_answer(**answer) for answer in answers)
    named = replace(kept_record(answers=stated), identifier="")
    wrong = list(_list_wrong_rows(named, replace(RECORD, **record)))
    assert [reason for reason, part in zip(wrong, reasons, strict=True) if part not in reason] == []
    # What is of an article is no capture.
    assert not list(_list_wrong_rows(kept_record(answers=stated), RECORD))


@pytest.mark.parametrize(
    ("size", "heads", "payload", "is_wrong"),
    [
        (4, [StatedHead("a/b", "")], b"0123", False),
        (3, [StatedHead("a/b", "")], b"0123", True),
        # Of what is too large for a record there is a description.
        (9, [], b'{"size": 9}', False),
        (8, [], b'{"size": 9}', True),
        *((0, [], payload, True) for payload in (b"", b"{}", b"[]", b"7", b'{"size": "0"}')),
        (None, [], b"", False),
    ],
)
def test_a_container_is_as_large_as_its_record_says(
    size: int | None, heads: list[StatedHead], payload: bytes, is_wrong: bool
) -> None:
    named = kept_record(heads=tuple(heads), size=size)
    assert bool(list(_list_wrong_rows(named, replace(RECORD, payload=payload)))) is is_wrong


def test_a_wrong_date_is_told_only_where_the_catalogue_is_right() -> None:
    dates = [AuditProblem(subject, f"{audit._WRONG_DATE} …") for subject in ("a 1", "b 1")]
    damage = AuditProblem("a 1", "cannot be read")
    different = [AuditProblem("a 1", "its time of capture is not what the catalogue says")]
    assert list(without_repetitions([*dates, damage], different)) == [dates[1], damage]
    assert list(without_repetitions([*dates, damage], [])) == [*dates, damage]


def test_every_column_of_a_version_is_compared_with_its_record(store: Store) -> None:
    (change,) = keep(store, article("Một", "đoạn"))
    ((_, version, content),) = [
        (change.identifier, version, pack_article(store.get(change.identifier)))
        for version in store.versions(change.identifier)
    ]
    assert list(verify_records([(change.identifier, version, content)])) == []
    columns: dict[str, Any] = {"digest": "x", "text_digest": "x", "captured": "x"}
    columns |= {"origin": replace(version.origin, reader_version=99)}
    for column, wrong in columns.items():
        changed = replace(version, **{column: wrong})
        assert len(list(verify_records([(change.identifier, changed, content)]))) == 1, column
    (other,) = verify_records([("else", version, content)])
    assert other.subject == "else 1"
    assert "its identifier is not what the catalogue says" in other.reason
    for damaged in (b"", content[:-5], content[:-1] + bytes([content[-1] ^ 1])):
        (problem,) = verify_records([(change.identifier, version, damaged)])
        assert "its record cannot be read" in problem.reason
