"""The identity of documents without a name: by their place, else by their text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.catalogue.lookup_keys import place_key
from archive.records import Article, Change, Origin
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, prepare
from tests.factories import article

pytestmark = pytest.mark.usefixtures("both_catalogues")

HERE, THERE = place_key("", "/a.txt"), place_key("", "/b.txt")


def put(store: Store, text: str, place: str, **values: str) -> Change:
    unnamed = replace(article(text, "Một đoạn."), identifier="", **values)  # type: ignore[arg-type]
    with store.batch() as batch:
        return batch.add_prepared([prepare(text.encode(), unnamed, OriginDescription(place))])[0]


def unnamed(title: str) -> Article:
    return replace(article(title), identifier="")


def kinds(*changes: Change) -> list[tuple[str, int]]:
    return [(change.kind.value, change.version) for change in changes]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_changed_document_at_a_known_place_is_a_new_version(
    store: Store, is_packed: bool
) -> None:
    first = put(store, "Cầu cũ", HERE)
    unnamed = replace(article("Cầu mới", "Một đoạn."), identifier="")
    prepared = prepare(b"2", unnamed, OriginDescription(HERE))
    with store.batch() as batch:
        (second,) = batch.add_prepared([prepared.packed() if is_packed else prepared])
    assert (second.identifier, second.version) == (first.identifier, 2)
    assert store.get(first.identifier).title == "Cầu mới"
    assert store.read_original(first.identifier) == b"2"
    assert kinds(put(store, "Cầu cũ", HERE)) == [("changed", 3)]
    assert store.verify().problems == ()


def test_places_within_one_batch_are_known(store: Store) -> None:
    with store.batch() as batch:
        changes = [
            batch.add_prepared([prepare(text, unnamed(title), OriginDescription(HERE))])[0]
            for title, text in (("Một", b"1"), ("Hai", b"2"), ("Hai", b"2"))
        ]
    assert kinds(*changes) == [("added", 1), ("changed", 2), ("unchanged", 2)]


def test_a_copy_is_the_same_article_until_it_is_changed(store: Store) -> None:
    first = put(store, "Cầu cũ", HERE)
    elsewhere = {"origin": Origin("/b.txt", "text", 1)}
    copied = put(store, "Cầu cũ", THERE, **elsewhere)  # type: ignore[arg-type]
    assert kinds(copied) == [("unchanged", 1)]
    changed = put(store, "Cầu khác", THERE, **elsewhere)  # type: ignore[arg-type]
    assert kinds(changed, put(store, "Cầu cũ", HERE)) == [("added", 1), ("unchanged", 1)]
    assert changed.identifier != first.identifier


def test_an_older_text_elsewhere_is_no_version_of_what_went_on(store: Store) -> None:
    first = put(store, "Cầu cũ", HERE)
    put(store, "Cầu mới", HERE)
    other = put(store, "Cầu cũ", THERE)
    assert (other.kind.value, other.version) == ("added", 1)
    assert store.get(first.identifier).title == "Cầu mới"
    assert kinds(put(store, "Cầu mới", HERE), put(store, "Cầu cũ", THERE)) == [
        ("unchanged", 2),
        ("unchanged", 1),
    ]


def test_what_an_older_program_read_at_a_place_is_known_there(store: Store) -> None:
    first = put(store, "Cầu cũ", "")
    assert kinds(put(store, "Cầu cũ", HERE)) == [("unchanged", 1)]
    second = put(store, "Cầu mới", HERE)
    assert (second.identifier, second.version) == (first.identifier, 2)


def test_an_address_counts_more_than_a_place(store: Store) -> None:
    first = put(store, "Một", HERE, url="https://bao.vn/1")
    second = put(store, "Hai", HERE, url="https://bao.vn/2")
    moved = put(store, "Hai sửa", THERE, url="https://bao.vn/2")
    assert first.identifier != second.identifier == moved.identifier
    assert kinds(first, second, moved) == [("added", 1), ("added", 1), ("changed", 2)]


@pytest.mark.parametrize(("place", "elsewhere"), [(HERE, THERE), (THERE, HERE)])
def test_a_document_that_lost_its_name_is_known_by_its_bytes_in_their_place_alone(
    store: Store, place: str, elsewhere: str
) -> None:
    named = put(store, "Một", place, url="https://bao.vn/1")
    at_home = put(store, "Một", place)
    assert (at_home.identifier, at_home.kind.value) == (named.identifier, "unchanged")
    moved = put(store, "Một", elsewhere)
    assert (moved.identifier != named.identifier, moved.kind.value) == (True, "added")


def test_bytes_in_their_place_are_no_version_of_a_named_article_that_went_on(store: Store) -> None:
    named = put(store, "Một", HERE, url="https://bao.vn/1")
    put(store, "Một sửa", THERE, url="https://bao.vn/1")
    older = put(store, "Một", HERE)
    assert (older.identifier != named.identifier, older.kind.value) == (True, "added")
    assert store.get(named.identifier).title == "Một sửa"


def put_linked(store: Store, text: str) -> Change:
    """Add a document whose place is a link to another one."""
    linked = OriginDescription(THERE, linked_place=HERE)
    with store.batch() as batch:
        return batch.add_prepared([prepare(text.encode(), unnamed(text), linked)])[0]


def test_a_document_behind_a_link_is_the_one_that_the_link_leads_to(store: Store) -> None:
    first = put(store, "Cầu cũ", HERE)
    second = put_linked(store, "Cầu mới")
    third = put(store, "Cầu sửa", HERE)
    assert kinds(first, second, third) == [("added", 1), ("changed", 2), ("changed", 3)]
    assert {first.identifier} == {second.identifier, third.identifier}


def test_what_was_added_behind_a_link_is_known_at_its_own_place(store: Store) -> None:
    first = put_linked(store, "Cầu cũ")
    second = put(store, "Cầu mới", HERE)
    assert kinds(first, second, put_linked(store, "Cầu mới")) == [
        ("added", 1),
        ("changed", 2),
        ("unchanged", 2),
    ]
    assert store.verify().problems == ()


def test_a_link_that_leads_elsewhere_now_keeps_its_article(store: Store) -> None:
    first = put_linked(store, "Cầu cũ")
    elsewhere = OriginDescription(THERE, linked_place=place_key("", "/c.txt"))
    with store.batch() as batch:
        (second,) = batch.add_prepared([prepare(b"2", unnamed("Cầu mới"), elsewhere)])
    assert (second.identifier, second.version) == (first.identifier, 2)
