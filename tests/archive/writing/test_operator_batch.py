"""Removing, hiding, showing again and correcting: what stays, what goes, what cannot come back."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.backups.backup import backup, restore
from archive.backups.removal_ledger import write_ledgers
from archive.catalogue.database import CATALOGUE_FILE
from archive.catalogue.operations import OperationKind, OperatorNote
from archive.errors import NotFoundError, StoreError, WithdrawnError
from archive.passages import passage_digest
from archive.records import ChangeKind
from archive.settings.catalogue_location import HOME_CATALOGUE
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, prepare
from tests.factories import article, keep

pytestmark = pytest.mark.usefixtures("both_catalogues")

NOTE = OperatorNote("nhầm người", "thủ thư")
SECRET = "Lời kể riêng tư của nhân chứng số bảy"
FIRST = article("Chuyện làng", SECRET, url="https://bao.vn/chuyen", publisher="Báo A")
SECOND = replace(FIRST, lead="Lời dẫn mới")
OTHER = article("Mùa gặt", "Lúa chín vàng.", url="https://bao.vn/gat")


def fill(store: Store) -> str:
    keep(store, FIRST, SECOND, OTHER)
    return FIRST.identifier


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_removed_article_leaves_a_tombstone_and_no_text(store: Store) -> None:
    identifier = fill(store)
    before = store.last_sequence()
    with store.operator_batch() as batch:
        change = batch.remove(identifier, NOTE)
        batch.flush()
        assert batch.erase_removed() == 2
        assert batch.erase_removed() == 0
    assert (change.kind, change.sequence) == (ChangeKind.DELETED, before + 1)
    for number in (None, 1, 2):
        with pytest.raises(WithdrawnError) as caught:
            store.get(identifier, number)
        assert (caught.value.kind, caught.value.reason) == ("removed", "nhầm người")
        with pytest.raises(WithdrawnError):
            store.read_original(identifier, number)
    with pytest.raises(WithdrawnError):
        store.versions(identifier)
    assert store.get_many([identifier]) == {}
    assert [name for name, _ in store.identifiers()] == [OTHER.identifier]
    assert [each.kind for each in store.operations()] == [OperationKind.REMOVED]
    assert store.verify().problems == ()


def test_what_was_removed_is_not_in_the_free_pages_of_the_file(tmp_path: Path) -> None:
    with Store(tmp_path, HOME_CATALOGUE) as store:
        identifier = fill(store)
        with store.operator_batch() as batch:
            batch.remove(identifier, NOTE)
        with store.operator_batch() as batch:
            batch.erase_removed()
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection:
        contents = connection.execute("SELECT content FROM versions").fetchall()
    assert len(contents) == 3
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("catalogue.sqlite*"))
    assert b"nh\xe1\xba\xa7m" in raw
    assert len([text for (text,) in contents if len(text) > 400]) <= 1


@pytest.mark.parametrize("destroy", [False, True])
def test_adding_the_same_document_again_does_not_bring_it_back(store: Store, destroy: bool) -> None:
    identifier = fill(store)
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE, destroy=destroy)
    for again in (
        FIRST,
        SECOND,
        replace(FIRST, lead="Lần ba"),
        replace(FIRST, identifier="b" * 20),
    ):
        original = repr(FIRST).encode() if again.identifier == "b" * 20 else repr(again).encode()
        with pytest.raises(WithdrawnError):
            store.add(original, again)
    assert store.count_articles() == 1
    with store.operator_batch() as batch:
        assert batch.show_again(identifier, NOTE) is None
    with pytest.raises(NotFoundError):
        store.get(identifier)
    assert store.add(repr(FIRST).encode(), FIRST).kind is ChangeKind.ADDED
    assert store.get(identifier).sections == FIRST.sections
    assert store.verify().problems == ()


def test_an_original_is_destroyed_only_if_that_is_asked_for(store: Store) -> None:
    identifier = fill(store)
    (path,) = store.originals.files()
    before = path.read_bytes()
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE)
    assert path.read_bytes().startswith(before)


def test_of_one_article_alone_are_versions_removed(store: Store) -> None:
    # Its identifier is greater than those of the others, which keep theirs.
    last = max(fill(store), OTHER.identifier)
    others = {FIRST.identifier, OTHER.identifier} - {last}
    with store.operator_batch() as batch:
        batch.remove(last, NOTE, destroy=True)
    assert store.verify().problems == ()
    for other in others:
        assert store.read_original(other)
        assert store.versions(other)


def test_a_destroyed_original_leaves_proof_in_its_place(store: Store) -> None:
    identifier = fill(store)
    (path,) = store.originals.files()
    digests = [version.digest for version in store.versions(identifier)]
    size = path.stat().st_size
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE, destroy=True)
    assert path.stat().st_size == size
    assert store.verify().problems == ()
    with path.open("rb") as stream:
        records = [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(stream)
        ]
    payloads = b"".join(payload for _, payload in records)
    assert [kind for kind, _ in records] == ["warcinfo", "metadata", "metadata", "resource"]
    assert SECRET.encode() not in payloads
    assert all(digest.encode() in payloads for digest in digests)
    assert store.read_original(OTHER.identifier) == repr(OTHER).encode()
    # Whoever damages a tombstone is noticed.
    data = bytearray(path.read_bytes())
    data[size // 2 - 40 : size // 2 - 20] = bytes(20)
    path.write_bytes(data)
    assert store.verify().problems


@pytest.mark.parametrize("length", [10, 1000, 70_000, 3_000_000])
def test_originals_of_any_length_can_be_destroyed(store: Store, length: int) -> None:
    original = random.Random(length).randbytes(length)
    identifier = store.add(original, OTHER).identifier
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE, destroy=True)
    assert store.verify().problems == ()
    assert original[:64] not in bytes_below(store.home / "originals") or length < 64


def test_an_original_without_room_for_a_tombstone_is_named_before_anything_is_done(
    store: Store,
) -> None:
    with store.batch() as adding:
        page = OriginDescription(media_type="text/html")
        adding.add_prepared([prepare(b"a", OTHER, page)])
    with pytest.raises(StoreError, match="without --destroy"), store.operator_batch() as batch:
        batch.remove(OTHER.identifier, NOTE, destroy=True)
    assert store.get(OTHER.identifier).title == "Mùa gặt"


@pytest.mark.parametrize(("number", "newest"), [(1, 2), (2, 3)])
def test_one_version_can_be_removed(store: Store, number: int, newest: int) -> None:
    identifier = fill(store)
    before = store.last_sequence()
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE, number, destroy=True)
    with pytest.raises(WithdrawnError):
        store.get(identifier, number)
    kept = {1: SECOND, 2: FIRST}[number]
    assert store.get(identifier).lead == kept.lead
    assert store.versions(identifier)[-1].number == newest
    assert [change.identifier for change in store.changes(before)] == [identifier]
    assert store.verify().problems == ()
    with pytest.raises(WithdrawnError):
        store.add(repr({1: FIRST, 2: SECOND}[number]).encode(), {1: FIRST, 2: SECOND}[number])


def test_the_only_version_is_no_version_to_remove(store: Store) -> None:
    keep(store, OTHER)
    with (
        pytest.raises(StoreError, match="remove the whole article"),
        store.operator_batch() as batch,
    ):
        batch.remove(OTHER.identifier, NOTE, 1)
    assert store.get(OTHER.identifier).title == "Mùa gặt"
    with pytest.raises(NotFoundError), store.operator_batch() as batch:
        batch.remove(OTHER.identifier, NOTE, 7)


def test_an_original_that_a_kept_version_has_is_not_destroyed(store: Store) -> None:
    keep(store, OTHER)
    with store.operator_batch() as batch:
        batch.edit(OTHER.identifier, {"publisher": "Báo B"}, NOTE)
    with pytest.raises(StoreError, match="the same original"), store.operator_batch() as batch:
        batch.remove(OTHER.identifier, NOTE, 1, destroy=True)
    with store.operator_batch() as batch:
        batch.remove(OTHER.identifier, NOTE, destroy=True)
    assert store.verify().problems == ()


def test_a_hidden_article_comes_back_as_it_was(store: Store) -> None:
    identifier = fill(store)
    with store.operator_batch() as batch:
        batch.hide(identifier, OperatorNote("chờ", "thủ thư", due="2030-01-01T00:00:00+00:00"))
    with pytest.raises(WithdrawnError) as caught:
        store.get(identifier)
    assert caught.value.kind == "hidden"
    with pytest.raises(WithdrawnError):
        store.add(repr(FIRST).encode(), FIRST)
    with store.operator_batch() as batch:
        change = batch.show_again(identifier, NOTE)
    assert change is not None
    assert store.get(identifier) == store.get(identifier, 2)
    assert store.get(identifier, 1).sections == FIRST.sections
    assert store.verify().problems == ()
    with pytest.raises(NotFoundError), store.operator_batch() as batch:
        batch.show_again(identifier, NOTE)


def test_a_correction_is_a_version_and_outlives_new_captures(store: Store) -> None:
    identifier = fill(store)
    fields = {"authors": ["Trần Văn A"], "published": "2021-05", "title": "Chuyện làng tôi"}
    with store.operator_batch() as batch:
        change = batch.edit(identifier, fields, NOTE)
    corrected = store.get(identifier)
    assert (change.version, change.kind) == (3, ChangeKind.CHANGED)
    assert (corrected.authors, corrected.published_text) == (("Trần Văn A",), "2021-05")
    assert store.get(identifier, 2).title == "Chuyện làng"
    assert store.read_original(identifier) == repr(SECOND).encode()
    store.add(b"another", replace(FIRST, lead="Lời dẫn thứ ba"))
    assert store.get(identifier).title == "Chuyện làng tôi"
    assert store.get(identifier).lead == "Lời dẫn thứ ba"
    with store.operator_batch() as batch:
        batch.edit(identifier, {"title": None}, NOTE)
    store.add(b"one more", replace(FIRST, lead="Lời dẫn thứ tư"))
    assert store.get(identifier).title == "Chuyện làng"
    assert store.get(identifier).authors == ("Trần Văn A",)
    assert store.verify().problems == ()


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"digest": "x"}, "cannot be corrected"),
        ({"authors": "Trần"}, "wrong value"),
        ({"published": "hôm qua"}, "published: hôm qua"),
        ({"title": 5}, "wrong value"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    store: Store, fields: dict[str, object], part: str
) -> None:
    identifier = fill(store)
    with pytest.raises(StoreError, match=part), store.operator_batch() as batch:
        batch.edit(identifier, fields, NOTE)
    assert len(store.versions(identifier)) == 2


@pytest.mark.parametrize("name", ["copy", "copy.zip", "copy.tar"])
@pytest.mark.parametrize("operation", ["remove", "destroy", "hide"])
def test_the_restore_of_an_older_backup_brings_nothing_back(
    store: Store, tmp_path: Path, name: str, operation: str
) -> None:
    identifier = fill(store)
    backup(store, tmp_path / name)
    with store.operator_batch() as batch:
        if operation == "hide":
            batch.hide(identifier, NOTE)
        else:
            batch.remove(identifier, NOTE, destroy=operation == "destroy")
    assert write_ledgers(store) == []
    assert restore(tmp_path / name, tmp_path / "other").withheld == 1
    with Store(tmp_path / "other") as other:
        with pytest.raises(WithdrawnError, match="nhầm người"):
            other.get(identifier)
        assert other.count_articles() == 1
        assert other.verify().problems == ()
    if operation == "destroy":
        payloads = bytes_below(tmp_path / "other")
        assert SECRET.encode() not in payloads
    assert restore(tmp_path / name, tmp_path / "asked", withhold=False).withheld == 0
    with Store(tmp_path / "asked") as asked:
        assert asked.get(identifier).title == "Chuyện làng"


def test_the_log_says_what_when_and_by_whom_in_order(store: Store) -> None:
    identifier = fill(store)
    with store.operator_batch() as batch:
        batch.edit(identifier, {"title": "Khác"}, NOTE)
        batch.hide(identifier, NOTE)
        batch.show_again(identifier, NOTE)
        batch.remove(identifier, NOTE)
    entries = list(store.history())
    assert [entry.sequence for entry in entries] == sorted({entry.sequence for entry in entries})
    kinds = [entry.kind for entry in entries if entry.identifier == identifier]
    assert kinds == ["added", "changed", "edited", "hidden", "shown", "removed"]
    assert {entry.actor for entry in entries[-4:]} == {"thủ thư"}
    assert list(store.history(0, OTHER.identifier)) == [entries[2]]
    assert list(store.history(entries[-1].sequence)) == []


def test_what_was_removed_cannot_be_hidden(store: Store) -> None:
    identifier = fill(store)
    with store.operator_batch() as batch:
        batch.remove(identifier, NOTE)
    with pytest.raises(WithdrawnError) as caught, store.operator_batch() as batch:
        batch.hide(identifier, NOTE)
    assert caught.value.kind == "removed"


def test_the_log_names_every_version_that_had_a_removed_passage(store: Store) -> None:
    identifier = fill(store)
    passages = {text for section in FIRST.sections for text in section.paragraphs}
    with store.operator_batch() as batch:
        change = batch.remove_passages(identifier, NOTE, [passage_digest(p) for p in passages])
    operations = store.operations()
    assert [operation.kind for operation in operations][0] is OperationKind.EDITED
    assert [operation.kind for operation in operations[1:]] == (
        [OperationKind.REMOVED] * len(operations[1:])
    )
    assert len(operations) > 1
    assert operations[-1].sequence == change.sequence


@pytest.mark.parametrize("source", ["", "tin/a.html"])
def test_a_removed_version_that_was_captured_at_one_moment_comes_back(
    store: Store, source: str
) -> None:
    """A crawl states when it captured a page: read again, its origin says the same."""
    seen = {
        "origin": replace(FIRST.origin, source=source),
        "captured": datetime(2022, 5, 1, tzinfo=UTC),
    }
    first, second = replace(FIRST, **seen), replace(SECOND, **seen)
    keep(store, first, second)
    with store.operator_batch() as batch:
        batch.remove(first.identifier, NOTE, 1)
        batch.flush()
        assert batch.erase_removed() == 1
    with store.operator_batch() as batch:
        batch.show_again(first.identifier, NOTE)
    assert [change.kind for change in keep(store, first)] == [ChangeKind.CHANGED]
    assert store.get(first.identifier).lead == first.lead
    assert store.verify().problems == ()
