"""Operations on articles: what withholds one, what a correction may be and what it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, insert

from archive.catalogue import tables
from archive.catalogue.operations import (
    Operation,
    OperationKind,
    OperatorNote,
    OperatorState,
    correct,
    find_withdrawal,
    read_operations,
    read_operator_state,
    refuse_idle_correction,
    refuse_repeated,
    refuse_wrong_values,
    removed_versions,
)
from archive.errors import DamagedError, StoreError, WithdrawnError
from archive.passages import PASSAGES, passage_digest
from tests.factories import article

NOTE = OperatorNote("nhầm người", "thủ thư", "2026-01-02T03:04:05+00:00")
HANOI = timezone(timedelta(hours=7))
REMOVED, HIDDEN, SHOWN, EDITED = OperationKind


def operation(identifier: str, kind: OperationKind) -> Operation:
    return Operation(1, identifier, 0, kind, NOTE)


@pytest.mark.parametrize(
    ("identifier", "digest", "is_withheld", "kind"),
    [
        ("removed", "x", True, "removed"),
        ("hidden", "x", True, "hidden"),
        ("shown", "x", False, ""),
        ("unknown", "x", False, ""),
        # An original that nothing may bring back, under whatever name.
        ("unknown", "of removed", True, "removed"),
        ("unknown", "of shown", True, "removed"),
        ("hidden", "of removed", True, "removed"),
    ],
)
def test_what_is_removed_or_hidden_is_withheld_under_any_name(
    identifier: str, digest: str, is_withheld: bool, kind: str
) -> None:
    kinds = {"removed": REMOVED, "hidden": HIDDEN, "shown": SHOWN}
    state = OperatorState(
        articles={name: operation(name, last) for name, last in kinds.items()},
        digests={"of removed": "removed", "of shown": "shown"},
        corrections={
            "passages": {PASSAGES: ["1"]},
            "lifted": {PASSAGES: None},
            "title": {"title": "A"},
        },
    )
    assert state.is_withheld(identifier, digest) is is_withheld
    if is_withheld:
        with pytest.raises(WithdrawnError) as refused:
            state.refuse_withheld(identifier, digest)
        assert refused.value.kind == kind
    else:
        state.refuse_withheld(identifier, digest)
    assert state.without_original == {"removed", "hidden", "passages"}
    assert state.passages == {"passages": frozenset({"1"})}


@pytest.mark.parametrize(
    ("typed", "moment", "precision"),
    [
        ("2022", datetime(2022, 1, 1, tzinfo=HANOI), "year"),
        ("2022-12", datetime(2022, 12, 1, tzinfo=HANOI), "month"),
        ("2022-12-19", datetime(2022, 12, 19, tzinfo=HANOI), "day"),
        ("2022-12-19T08:30", datetime(2022, 12, 19, 8, 30, tzinfo=HANOI), ""),
        ("2022-12-19T08:30:15Z", datetime(2022, 12, 19, 8, 30, 15, tzinfo=UTC), ""),
        ("", None, ""),
    ],
)
def test_a_date_is_corrected_as_precisely_as_it_is_typed(
    typed: str, moment: datetime | None, precision: str
) -> None:
    stored = replace(article("Tin"), published=datetime(2020, 5, 5, tzinfo=UTC), captured=None)
    corrected = correct(stored, {"published": typed})
    assert (corrected.published, corrected.published_precision) == (moment, precision)
    assert replace(corrected, published=stored.published, published_precision="") == stored


def test_only_the_corrected_fields_change() -> None:
    captured = datetime(2021, 1, 1, tzinfo=UTC)
    stored = replace(
        article("Tin", "một", "hai", lead="Lời dẫn"),
        published=datetime(2020, 5, 5, tzinfo=UTC),
        captured=captured,
        is_language_detected=True,
    )
    assert correct(stored, {}) is stored
    assert correct(stored, {"title": None, "lead": None}) is stored
    assert correct(stored, {"title": "Mới", "lead": None}) == replace(stored, title="Mới")
    # A language that a person names was not found by the program.
    named = correct(stored, {"language": "en"})
    assert named == replace(stored, language="en", is_language_detected=False)
    assert correct(stored, {"lead": ""}) == replace(stored, lead="")
    without = correct(stored, {PASSAGES: [passage_digest("hai")]})
    assert without.sections[0].paragraphs == ("một", "[…]")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("published", date)
            for date in ("2022-13", "2022-02-30", "19.12.2022", "2022-12-19T25:00")
        ),
        *(("published", date) for date in ("22", "20222", "2022-1", "2022-12-19T08", "٢٠٢٢")),
        *(("url", address) for address in ("bao.vn", "ftp://bao.vn/1", "javascript:alert(1)")),
        *(("language", label) for label in ("v", "tiếng Việt", "vi_VN", "vi-", "viet")),
    ],
)
def test_an_address_a_date_or_a_language_that_is_none_is_refused(field: str, value: str) -> None:
    with pytest.raises(StoreError, match=f"^{field}: "):
        refuse_wrong_values({field: value})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        *({"published": date} for date in ("", None, "2022", "2022-12", "2022-12-19")),
        *({"published": f"2022-12-19{time}"} for time in ("T08:30", " 08:30:15", "T08:30+07:00")),
        *({"url": address} for address in ("", None, "https://bao.vn/1", "http://bao.vn")),
        *({"language": label} for label in ("", None, "vi", "fil", "zh-Hant", "en-GB-x1")),
        {"title": "19.12.2022"},
    ],
)
def test_other_values_may_be_corrected(fields: dict[str, Any]) -> None:
    refuse_wrong_values(fields)


@pytest.mark.parametrize(
    ("corrected", "fields", "reason"),
    [
        ({}, {"title": "Cũ"}, "nothing would change"),
        ({}, {"title": "Mới"}, ""),
        ({}, {"title": None}, "title is not corrected"),
        ({"title": None}, {"title": None}, "title is not corrected"),
        ({"title": "Cũ"}, {"title": None}, ""),
        ({"title": "Cũ"}, {"title": None, "lead": None}, "lead is not corrected"),
        # Where something is lifted another value may stay.
        ({"lead": "x"}, {"lead": None, "title": "Cũ"}, ""),
    ],
)
def test_a_correction_that_changes_nothing_is_refused(
    corrected: dict[str, Any], fields: dict[str, Any], reason: str
) -> None:
    if reason:
        with pytest.raises(StoreError, match=reason):
            refuse_idle_correction(article("Cũ"), corrected, fields)
    else:
        refuse_idle_correction(article("Cũ"), corrected, fields)


LOG = [
    # Article, version, kind, changes.
    ("a", 0, HIDDEN, "{}"),
    ("b", 2, REMOVED, "{}"),
    ("a", 0, SHOWN, "{}"),
    ("c", 0, REMOVED, "{}"),
    ("d", 0, HIDDEN, "{}"),
    ("b", 3, EDITED, '{"title": "Một", "lead": "Dẫn"}'),
    ("b", 4, EDITED, '{"title": "Hai"}'),
    ("e", 0, REMOVED, "{}"),
    ("e", 0, SHOWN, "{}"),
    ("d", 1, EDITED, "{}"),
]


def test_the_last_operation_on_the_visibility_of_an_article_counts() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        assert read_operations(connection) == []
        tables.METADATA.create_all(connection)
        for number, (name, version, kind, changes) in enumerate(LOG, 1):
            note = {"reason": NOTE.reason, "actor": NOTE.actor, "made": NOTE.made, "due": ""}
            connection.execute(
                insert(tables.operations).values(
                    sequence=number,
                    identifier=name,
                    version=version,
                    kind=kind.value,
                    changes=changes,
                    **note,
                )
            )
        assert [logged.sequence for logged in read_operations(connection)] == [*range(1, 11)]
        assert [logged.sequence for logged in read_operations(connection, 8)] == [9, 10]
        assert [logged.sequence for logged in read_operations(connection, 0, "b", 2)] == [2, 6]
        withdrawn = {
            (name, version)
            for name in "abcdex"
            for version in (None, 1, 2, 3)
            if find_withdrawal(connection, name, version)
        }
        withheld_articles = {(name, version) for name in "cd" for version in (None, 1, 2, 3)}
        assert withdrawn == withheld_articles | {("b", 2)}
        assert removed_versions(connection) == [("b", 2), ("c", 0)]
        state = read_operator_state(connection)
        assert {name: last.kind for name, last in state.articles.items()} == {
            **{"a": SHOWN, "c": REMOVED, "d": HIDDEN, "e": SHOWN}
        }
        assert state.corrections == {"b": {"title": "Hai", "lead": "Dẫn"}, "d": {}}
        assert (state.digests, state.destroyed) == ({}, set())
        withheld = insert(tables.withheld_originals)
        for digest, is_withheld, is_destroyed in (("1", True, False), ("2", False, True)):
            row = {"identifier": "c", "digest": digest, "withheld": is_withheld}
            connection.execute(withheld.values(**row, destroyed=is_destroyed))
        state = read_operator_state(connection)
        assert (state.digests, state.destroyed) == ({"1": "c"}, {("c", "2"), ("", "2")})
        # What is removed is removed once, unless its originals are to be destroyed now.
        refuse_repeated(connection, "a", 0)
        refuse_repeated(connection, "d", 0)
        refuse_repeated(connection, "b", 3)
        refuse_repeated(connection, "c", 0, destroy_one_of={"1", "2"})
        for name, version, digests in (("c", 0, set[str]()), ("c", 0, {"2"}), ("b", 2, set[str]())):
            with pytest.raises(WithdrawnError):
                refuse_repeated(connection, name, version, destroy_one_of=digests)
        connection.execute(delete(tables.operations).where(tables.operations.c.sequence > 1))
        for column, value in (("kind", "burnt"), ("changes", "{")):
            connection.execute(tables.operations.update().values({column: value}))
            with pytest.raises(DamagedError, match="operation 1 cannot be read"):
                read_operations(connection)
    engine.dispose()
