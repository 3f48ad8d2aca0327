"""The origins of articles: the same text in other bytes is one article with several originals."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.backups.backup import backup, restore
from archive.catalogue import tables
from archive.catalogue.lookup_keys import place_key
from archive.catalogue.operations import OperatorNote
from archive.catalogue.origins import (
    ORIGIN_KEY_LENGTH,
    count_origins,
    earlier_origin_key,
    find_origins,
    find_stray_origins,
    origin_key,
    renew_origin_keys,
)
from archive.errors import NotFoundError, StoreError, WithdrawnError
from archive.originals.warc_files import scan_records
from archive.records import Article, Change, Origin, sha256
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, prepare
from tests.factories import article, keep

pytestmark = pytest.mark.usefixtures("both_catalogues")

WORDS = " ".join(f"chữ{number}" for number in range(60))
NOTE = OperatorNote("sửa", "người trực")


def put(store: Store, original: bytes, read: Article, source: str) -> Change:
    read = replace(read, identifier="", origin=Origin(source, "text", 3))
    description = OriginDescription(place_key("", source), "text/plain", "lxml 6.0")
    with store.batch() as batch:
        return batch.add_prepared([prepare(original, read, description)])[0]


def kinds(*changes: Change) -> list[tuple[str, int]]:
    return [(change.kind.value, change.version) for change in changes]


def sources(store: Store, identifier: str) -> list[tuple[int, str]]:
    return [(origin.version, origin.origin.source) for origin in store.origins(identifier)]


def test_the_same_text_in_other_bytes_is_a_further_origin(store: Store) -> None:
    read = article("Cầu mới", "Xã vừa sửa cầu.")
    first, second = put(store, b"1", read, "/a.txt"), put(store, b"2", read, "/b.txt")
    again = put(store, b"2", read, "/b.txt")
    copy = put(store, b"2", read, "/copy/b.txt")
    assert kinds(first, second, again, copy) == [("added", 1), *[("unchanged", 1)] * 3]
    assert {change.identifier for change in (first, second, again, copy)} == {first.identifier}
    origins = store.origins(first.identifier)
    assert {one.origin.source for one in origins} == {"/a.txt", "/b.txt", "/copy/b.txt"}
    assert {one.media_type for one in origins} == {"text/plain"}
    assert {one.libraries for one in origins} == {"lxml 6.0"}
    # The same bytes at two places share one record.
    assert len({one.location for one in origins}) == store.count_originals() == 2
    assert store.read_origin(first.identifier, sha256(b"2")) == b"2"
    with pytest.raises(NotFoundError):
        store.read_origin(first.identifier, sha256(b"3"))
    assert (store.verify().problems, store.count_origins()) == ((), 3)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (article("Tựa bài", WORDS.upper().replace(" ", ",\n")), True),
        (article("Tựa bài", WORDS[:49], WORDS[49:], authors=("Lê C",)), True),
        (article("Bản in", "Tựa bài", WORDS), True),
        (article("", "TỰA BÀI.", WORDS), True),
        (article("Tựa khác", WORDS), False),
        (article("Tựa bài", WORDS + " hết"), False),
    ],
)
def test_the_same_words_are_the_same_article(store: Store, other: Article, is_same: bool) -> None:
    first = put(store, b"docx", article("Tựa bài", WORDS), "/a.docx")
    second = put(store, b"pdf", other, "/a.pdf")
    assert (second.identifier == first.identifier) is is_same
    assert kinds(second) == [("unchanged" if is_same else "added", 1)]
    assert kinds(put(store, b"pdf", other, "/a.pdf")) == [("unchanged", 1)]
    assert store.get(first.identifier).title == "Tựa bài"
    assert store.verify().problems == ()


def test_few_words_and_two_addresses_are_two_articles(store: Store) -> None:
    short = [
        put(store, b"1", article("Tựa", "Vắn."), "/a"),
        put(store, b"2", article("Tựa", "vắn"), "/b"),
    ]
    first = put(store, b"3", article("Tựa bài", WORDS, url="https://bao.vn/1"), "/c")
    second = put(store, b"4", article("Tựa bài", WORDS, url="https://bao.vn/2"), "/d")
    print_of_first = put(store, b"5", article("", "Tựa bài", WORDS), "/e")
    assert kinds(*short, first, second, print_of_first) == [("added", 1)] * 4 + [("unchanged", 1)]
    assert print_of_first.identifier in (first.identifier, second.identifier)


def test_words_of_one_batch_and_words_that_were_left_behind(store: Store) -> None:
    named = article("Tựa bài", WORDS, url="https://bao.vn/1")
    unnamed = replace(article("", "Tựa bài", WORDS), identifier="")
    with store.batch() as batch:
        batch.add(b"1", named)
        batch.add(b"2", replace(named, sections=(), lead="Viết lại."))
        # The article says something else by now.
        (alone,) = batch.add_prepared([prepare(b"3", unnamed)])
    assert (alone.kind.value, alone.version) == ("added", 1)
    assert store.verify().problems == ()


def test_a_text_that_comes_back_has_its_origin_again(store: Store) -> None:
    old, new = article("Cũ", url="https://bao.vn/1"), article("Mới", url="https://bao.vn/1")
    changes = [put(store, read.title.encode(), read, "/a.html") for read in (old, new, old, old)]
    assert kinds(*changes) == [("added", 1), ("changed", 2), ("changed", 3), ("unchanged", 3)]
    assert sources(store, changes[0].identifier) == [(2, "/a.html"), (3, "/a.html")]
    assert store.verify().problems == ()


def test_corrections_and_new_readings_carry_the_origins_along(store: Store) -> None:
    read = article("Cầu mới", "Xã vừa sửa cầu.")
    change, _ = put(store, b"1", read, "/a.txt"), put(store, b"2", read, "/b.txt")
    with store.operator_batch() as batch:
        batch.edit(change.identifier, {"category": "Xã hội"}, NOTE)
    assert {number for number, _ in sources(store, change.identifier)} == {2}
    version = store.versions(change.identifier)[-1]
    with store.batch() as batch:
        batch.add_reparsed(version, replace(store.get(change.identifier), lead="Đọc lại"))
    assert {number for number, _ in sources(store, change.identifier)} == {3}
    assert kinds(put(store, b"2", read, "/b.txt")) == [("unchanged", 3)]
    assert store.verify().problems == ()


def test_every_original_of_a_removed_article_is_withheld_and_destroyed(
    store: Store, tmp_path: Path
) -> None:
    read = article("Tựa bài", WORDS)
    data = {digit: random.Random(digit).randbytes(400) for digit in (1, 2, 3)}
    first, _ = put(store, data[1], read, "/a.txt"), put(store, data[2], read, "/b.txt")
    with store.operator_batch() as batch:
        batch.remove(first.identifier, NOTE, destroy=True)
        batch.erase_removed()
    with pytest.raises(WithdrawnError):
        store.origins(first.identifier)
    again = [put(store, original, read, "/c") for original in data.values()]
    assert kinds(*again) == [("withheld", 0)] * 3
    (path,) = store.originals.files()
    assert [digest for _, digest in scan_records(path)].count(sha256(data[2])) == 0
    assert (store.verify().problems, store.count_origins()) == ((), 0)


def test_an_original_that_another_article_has_is_not_destroyed(store: Store) -> None:
    data = {digit: random.Random(digit).randbytes(400) for digit in (1, 2)}
    named = article("Hai", url="https://bao.vn/2")
    first, second = put(store, data[2], article("Một"), "/a"), put(store, data[1], named, "/b")
    assert kinds(put(store, data[2], named, "/c")) == [("unchanged", 1)]
    with store.operator_batch() as batch, pytest.raises(StoreError, match="the same original"):
        batch.remove(second.identifier, NOTE, destroy=True)
    with store.operator_batch() as batch:
        batch.remove(second.identifier, NOTE)
    assert store.read_original(first.identifier) == data[2]
    assert store.verify().problems == ()


def test_damage_to_a_further_original_is_named_and_backups_hold_it(
    store: Store, tmp_path: Path
) -> None:
    read = article("Cầu mới", "Xã vừa sửa cầu.")
    first, _ = put(store, b"1", read, "/a.txt"), put(store, b"2", read, "/b.txt")
    backup(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "restored")
    with Store(tmp_path / "restored") as restored:
        assert restored.read_origin(first.identifier, sha256(b"2")) == b"2"
    (path,) = store.originals.files()
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    assert first.identifier in {problem.subject[:20] for problem in store.verify().problems}


@pytest.mark.parametrize("change", ["DELETE FROM origins", "UPDATE origins SET version = 9"])
def test_origins_that_fit_no_version_are_named(store: Store, change: str) -> None:
    (kept,) = keep(store, article("Một"))
    with store.engine.begin() as connection:
        connection.exec_driver_sql(change)
    (problem,) = store.verify().problems
    assert (problem.subject, "origins fit none" in problem.reason) == (kept.identifier, True)


def test_an_erased_original_cannot_be_made_in_a_removed_place(store: Store) -> None:
    first = put(store, b"1" * 200, article("Một"), "/a.txt")
    with store.operator_batch() as batch:
        with pytest.raises(StoreError, match="has no other version"):
            batch.remove(first.identifier, NOTE, 1)


def test_the_origins_of_two_articles_are_apart(store: Store) -> None:
    changes = [
        put(store, bytes([number]), article(f"Bài {number}"), f"/{number}") for number in range(4)
    ]
    for number, change in enumerate(changes):
        assert [origin.digest for origin in store.origins(change.identifier)] == [
            sha256(bytes([number]))
        ]
    assert store.count_origins() == 4


COLUMNS = ("identifier", "digest", "captured", "source", "place", "parent", "media_type")
COLUMNS += ("reader", "reader_version", "libraries")


def test_the_key_of_an_origin_is_of_all_that_it_says() -> None:
    row = {name: f"{number}" for number, name in enumerate(COLUMNS)}
    keys = [origin_key(row), *(origin_key({**row, name: "x"}) for name in COLUMNS)]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {ORIGIN_KEY_LENGTH}


CHANGES = {
    "captured": "2001-01-01T00:00:00+00:00",
    "source": "/another.txt",
    "place": "p" * 20,
    "parent": "0" * 64,
    "media_type": "text/html",
    "reader": "html",
    "reader_version": 99,
    "libraries": "lxml 1.0",
    "digest": "0" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_changed_origin_is_named(store: Store, column: str, is_first: bool) -> None:
    read = article("Cầu mới", "Xã vừa sửa cầu.")
    first, _ = put(store, b"1", read, "/a.txt"), put(store, b"2", read, "/b.txt")
    assert store.verify().problems == ()
    source = "/a.txt" if is_first else "/b.txt"
    with store.engine.begin() as connection:
        o = tables.origins
        change = o.update().where(o.c.source == source).values({column: CHANGES[column]})
        connection.execute(change)
    problems = store.verify().problems
    assert problems
    assert {problem.subject for problem in problems} == {f"{first.identifier} 1"}


@pytest.mark.parametrize(
    ("column", "reason"), [("media_type", "its record says"), ("parent", "is a member of another")]
)
def test_a_record_proves_what_its_origin_says(store: Store, column: str, reason: str) -> None:
    """Even where the sum was made anew with the change."""
    read = article("Cầu mới", "Xã vừa sửa cầu.")
    member = replace(read, identifier="", origin=Origin("/a.zip!a.txt", "text", 3, sha256(b"zip")))
    with store.batch() as batch:
        batch.add_prepared([prepare(b"1", member, OriginDescription(media_type="text/plain"))])
    assert store.verify().problems == ()
    with store.engine.begin() as connection:
        connection.execute(tables.origins.update().values({column: CHANGES[column]}))
        renew_origin_keys(connection, tables.origins.c.version > 0)
    (problem,) = store.verify().problems
    assert reason in problem.reason


def test_an_origin_of_an_older_program_is_known_by_its_key(store: Store) -> None:
    put(store, b"1", article("Một"), "/a.txt")
    o = tables.origins
    with store.engine.begin() as connection:
        row = connection.execute(o.select()).one()
        key = earlier_origin_key(row.identifier, row.digest, row.source, row.place)
        connection.execute(o.update().values(origin_key=key))
    assert store.verify().problems == ()
    with store.engine.begin() as connection:
        connection.execute(o.update().values(digest=CHANGES["digest"]))
    assert store.verify().problems


def test_an_older_catalogue_has_no_origins_of_their_own(store: Store) -> None:
    (change,) = keep(store, article("Một"))
    with store.engine.begin() as connection:
        tables.origins.drop(connection)
        assert find_origins(connection, change.identifier) == []
        assert count_origins(connection) == 0
        assert find_stray_origins(connection) == []


def test_an_origin_of_an_earlier_version_is_stray_where_only_a_later_one_is_left(
    store: Store,
) -> None:
    lost = article("Một", "Tin.", url="https://bao.vn/1")
    keep(store, lost, replace(lost, lead="Lời dẫn."), article("Hai"))
    with store.engine.begin() as connection:
        assert find_stray_origins(connection) == []
        connection.execute(tables.versions.delete().where(tables.versions.c.version == 1))
        left = {row.identifier for row in connection.execute(select(tables.versions.c.identifier))}
        strays = find_stray_origins(connection)
    assert lost.identifier in left
    assert lost.identifier in strays


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_article_without_its_origin_is_found_whatever_others_have(
    store: Store, place: int
) -> None:
    changes = keep(store, article("Một"), article("Hai"), article("Ba"))
    lost = sorted(change.identifier for change in changes)[place]
    with store.engine.begin() as connection:
        connection.execute(tables.origins.delete().where(tables.origins.c.identifier == lost))
        assert find_stray_origins(connection) == [lost]
