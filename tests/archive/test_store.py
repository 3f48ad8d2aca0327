"""The store: versions, the change sequence, durability of a batch, damage and its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.document_account import DocumentAccount
from archive.errors import DamagedError, NotFoundError, StoreError
from archive.records import (
    Article,
    Caption,
    ChangeKind,
    Section,
    Speaker,
    from_json,
    sha256,
    to_json,
)
from archive.store import Store
from tests.factories import ORIGIN, article, day, keep

pytestmark = pytest.mark.usefixtures("both_catalogues", "both_places")

FULL = Article(
    title="Tựa",
    origin=ORIGIN,
    external_id="7",
    url="https://bao.vn/tua",
    publisher="Báo",
    lead="Dẫn",
    sections=(Section(("Một", "Hai"), "Đầu đề", Speaker("Bình", "Đại tá", "Giám đốc")),),
    captions=(Caption("Ảnh", "TTXVN"),),
    authors=("Nhóm PV",),
    category="Mục",
    published=day(2022, 12, 19),
)


def test_what_goes_in_comes_out(store: Store) -> None:
    change = store.add(b"bytes", FULL)
    stored = store.get(change.identifier)
    assert replace(stored, identifier="", digest="", captured=None) == FULL
    assert (stored.identifier, stored.digest) == (change.identifier, sha256(b"bytes"))
    assert stored.captured is not None
    assert store.read_original(change.identifier) == b"bytes"
    assert from_json(to_json(stored)) == stored


def test_the_same_original_again_changes_nothing(store: Store) -> None:
    first, again = store.add(b"one", FULL), store.add(b"one", FULL)
    assert (first.kind, again.kind) == (ChangeKind.ADDED, ChangeKind.UNCHANGED)
    assert (again.sequence, store.last_sequence(), store.count_articles()) == (1, 1, 1)


def test_a_changed_original_becomes_a_new_version(store: Store) -> None:
    identifier = store.add(b"one", FULL).identifier
    change = store.add(b"two", replace(FULL, title="Tựa mới"))
    assert (change.identifier, change.version, change.kind) == (
        identifier,
        2,
        ChangeKind.CHANGED,
    )
    assert store.get(identifier).title == "Tựa mới"
    assert store.get(identifier, 1).title == "Tựa"
    assert (store.read_original(identifier, 1), store.read_original(identifier)) == (b"one", b"two")
    assert [version.number for version in store.versions(identifier)] == [1, 2]


def test_a_deleted_article_leaves_a_tombstone(store: Store) -> None:
    identifier = store.add(b"one", FULL).identifier
    deletion = store.delete(identifier)
    assert (deletion.sequence, deletion.kind, store.count_articles()) == (2, ChangeKind.DELETED, 0)
    with pytest.raises(NotFoundError):
        store.get(identifier)
    with pytest.raises(NotFoundError):
        store.delete(identifier)
    assert store.get(identifier, 1).title == "Tựa"
    assert [change.kind for change in store.changes(0)] == [ChangeKind.DELETED]
    back = store.add(b"one", FULL)
    assert (back.sequence, back.version, back.kind) == (3, 2, ChangeKind.ADDED)


def test_changes_come_in_order_and_only_the_newest_of_each(store: Store) -> None:
    keep(store, *(article(f"Bài {number}") for number in range(5)))
    keep(store, article("Bài 9", external_id="x"), article("Bài 9 mới", external_id="x"))
    changes = store.changes(0)
    assert [change.sequence for change in changes] == [1, 2, 3, 4, 5, 7]
    assert [change.sequence for change in store.changes(3, 2)] == [4, 5]
    assert store.changes(7) == []


def test_shares_of_the_articles_are_disjoint_and_whole(store: Store) -> None:
    keep(store, *(article(f"Bài {number}") for number in range(60)))
    shares = [
        {stored.identifier for stored, _ in store.articles(share=(index, 3))} for index in range(3)
    ]
    assert sum(len(share) for share in shares) == 60
    assert set.union(*shares) == {identifier for identifier, _ in store.identifiers()}


# Damage of what was shipped: `test_shipping.py`.
@pytest.mark.parametrize("both_places", ["home"], indirect=True)
def test_damage_is_found_and_never_handed_out(store: Store) -> None:
    changes = keep(store, article("Một"), article("Hai"))
    path = store.originals.files()[0]
    place = store.versions(changes[0].identifier)[0].location
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedError):
        store.read_original(changes[0].identifier)
    problems = store.verify().problems
    assert f"{changes[0].identifier} 1" in [problem.subject for problem in problems]
    path.unlink()
    assert len(store.verify().problems) == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE versions SET source = 'elsewhere'", "its origin"),
        ("UPDATE versions SET captured = '2001-01-01T00:00:00+00:00'", "its time of capture"),
        ("UPDATE versions SET text_digest = 'x'", "its digest of the text"),
        ("UPDATE versions SET warc_length = warc_length + 9", "the catalogue says"),
        ("UPDATE versions SET content = substr(content, 1, 0)", "its record cannot be read"),
    ],
)
def test_what_the_catalogue_says_beside_a_record_is_held_against_it(
    store: Store, change: str, named: str
) -> None:
    changes = keep(store, article("Một"), article("Hai"))
    assert store.verify().problems == ()
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"{change} WHERE identifier = '{changes[1].identifier}'")
    (problem,) = store.verify().problems
    assert problem.subject == f"{changes[1].identifier} 1"
    assert named in problem.reason


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'addee'",
        "kind = 'deleted'",
        "deleted = true",
        "deleted = true, kind = 'deleted'",
        "version = 2",
        "version = 1",
        "sequence = 77",
    ],
)
def test_a_state_that_fits_no_version_is_named(store: Store, change: str) -> None:
    changes = keep(store, *(article(f"Bài {number}") for number in range(4)))
    store.delete(changes[2].identifier)
    store.add(b"again", replace(article("Bài 3, sửa"), identifier=changes[3].identifier))
    assert store.verify().problems == ()
    name = changes[3 if change == "version = 1" else 1].identifier
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE articles SET {change} WHERE identifier = '{name}'")
    assert [problem.subject for problem in store.verify().problems] == [name]


def test_a_long_source_is_no_disagreement(store: Store) -> None:
    keep(store, replace(article("Một"), origin=replace(ORIGIN, source="x" * 9999)))
    assert store.verify().problems == ()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot make"):
        Store(tmp_path / "file" / "home")


def test_articles_with_an_account_are_found_among_the_others(store: Store) -> None:
    account = DocumentAccount(prose=3000, kept=900)
    first = store.add(b"1", replace(article("một"), account=account))
    store.add(b"2", article("hai"))
    store.delete(store.add(b"3", replace(article("ba"), account=account)).identifier)
    (counted,) = store.articles_with_account()
    assert (counted.identifier, counted.account) == (first.identifier, account)


def test_since_a_moment_includes_it(store: Store) -> None:
    moment = datetime(2026, 11, 26, 8, tzinfo=UTC)
    change = store.add(b"1", article("Một", captured=moment))
    assert store.find_captured_since(moment) == [change.identifier]
    assert store.find_captured_since(moment + timedelta(seconds=1)) == []


def test_newest_versions_are_each_articles_own(store: Store) -> None:
    for title in ("cũ", "giữa", "mới"):
        keep(store, article(title, external_id="a"))
    keep(store, article("khác", external_id="b"), article("thứ ba", external_id="c"))
    names = [identifier for identifier, _ in store.identifiers()]
    expected = {store.get(name).identifier: store.get(name).title for name in names}
    assert sorted(expected.values()) == ["khác", "mới", "thứ ba"]
    for chosen in ([name] for name in names):
        found = store.get_many(chosen)
        assert {name: found[name].title for name in found} == {chosen[0]: expected[chosen[0]]}
    assert {name: kept.title for name, kept in store.get_many(names).items()} == expected


def test_articles_that_changed_last_come_last_and_withdrawn_ones_not_at_all(store: Store) -> None:
    for external_id in ("a", "b", "c"):
        keep(store, article("cũ", external_id=external_id))
    first, second, third = dict(store.identifiers())
    keep(store, article("mới", external_id="a"))
    store.delete(third)
    assert list(store.identifiers()) == [(second, 1), (first, 2)]


def test_an_original_begins_at_its_place_and_nowhere_else(store: Store) -> None:
    keep(store, article("Một"), article("Hai"))
    for _, version in store.versions_by_location():
        place = version.location
        assert store.has_original((place.file, place.offset))
        assert not store.has_original((place.file, place.offset - 1))
        assert not store.has_original((place.file, place.offset + 1))
        assert not store.has_original(("", place.offset))
