"""Originals in an object storage: shipped, read back, destroyed there too; a real S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.backups.backup import backup, restore
from archive.catalogue.operations import OperatorNote
from archive.errors import DamagedError, StoreError
from archive.originals.object_storage import ObjectStorage, StorageAwayError
from archive.originals.piece_audit import StrayObjects
from archive.originals.pieces import PieceState
from archive.records import sha256
from archive.settings.catalogue_location import (
    HOME_CATALOGUE,
)
from archive.settings.originals_location import (
    OriginalsLocation,
    read_originals_location,
    write_originals_location,
)
from archive.store import Store
from archive.upkeep.fixity_rounds import check_share, read_position
from archive.upkeep.originals_move import move_originals
from tests.factories import article
from tests.object_storage_server import KEY, SECRET, ObjectStorageServer

SMALL_FILE = 1000
"""Bytes of a WARC file that is full after two or three of the originals below."""

NOTE = OperatorNote("by order of the court", "lan", "2026-01-02T03:04:05+00:00")


@pytest.fixture
def home(tmp_path: Path, object_storage: ObjectStorageServer) -> Path:
    """A home whose originals are shipped."""
    home = tmp_path / "home"
    home.mkdir()
    write_originals_location(home, OriginalsLocation(object_storage.new_location()))
    return home


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """An empty store whose WARC files are soon full."""
    with Store(home, file_limit=SMALL_FILE) as store:
        yield store


def original(number: int) -> bytes:
    # Digests cannot be compressed, so that records have a size that is known.
    return "\n".join(sha256(f"{number} {line}".encode()) for line in range(12)).encode()


def add(store: Store, *numbers: int) -> list[str]:
    return [
        store.add(
            original(number), article(f"Bài {number}", url=f"https://bao.vn/{number}")
        ).identifier
        for number in numbers
    ]


def local_files(store: Store) -> list[str]:
    return [path.name for path in store.originals.files()]


def test_originals_are_shipped_read_back_and_leave_the_home_when_their_file_is_full(
    store: Store, object_storage: ObjectStorageServer
) -> None:
    names = add(store, *range(6))
    assert len(local_files(store)) > 2
    report = store.ship()
    assert report.pieces == len(object_storage.objects()) == report.files + 1
    assert len(local_files(store)) == 1
    assert [store.read_original(name) for name in names] == [original(n) for n in range(6)]
    assert store.ship().pieces == 0
    assert store.verify().problems == ()
    more = add(store, 6, 7, 8)
    assert store.ship().pieces > 0
    assert [store.read_original(name) for name in (*names, *more)] == [
        original(n) for n in range(9)
    ]
    assert {piece.state for piece in store.originals.pieces.all()} == {PieceState.STORED}


def test_local_files_are_left_by_choice(home: Path, object_storage: ObjectStorageServer) -> None:
    url = f"{object_storage.new_location()}&local=keep"
    write_originals_location(home, OriginalsLocation(url))
    with Store(home, file_limit=SMALL_FILE) as store:
        add(store, *range(4))
        files = local_files(store)
        assert len(files) > 1
        assert store.ship().files == 0
        assert local_files(store) == files


def test_a_destroyed_original_leaves_the_storage_as_well(
    store: Store, object_storage: ObjectStorageServer
) -> None:
    names = add(store, *range(6))
    store.ship()
    old = store.originals.pieces.all()[0]
    before = object_storage.objects()
    content = b"".join(path.read_bytes() for path in before)
    with store.operator_batch() as batch:
        batch.remove(names[0], NOTE, destroy=True)
    after = object_storage.objects()
    assert len(after) == len(before)
    assert len(set(before) & set(after)) == len(before) - 1
    assert sum(path.stat().st_size for path in after) == len(content)
    assert [store.read_original(name) for name in names[1:]] == [original(n) for n in range(1, 6)]
    assert store.verify().problems == ()
    # Whoever knew the piece before, as a backup under way, gets the new one.
    assert len(store.originals.pieces.fetch(old)) == old.length
    (location,) = {
        record.location
        for record in store.records_by_location()
        if record.digest == sha256(original(0))
    }
    with pytest.raises(DamagedError):
        store.originals.read(location, sha256(original(0)))


def test_what_was_to_be_destroyed_while_the_storage_was_away_is_destroyed_by_the_next_shipping(
    store: Store, object_storage: ObjectStorageServer
) -> None:
    names = add(store, *range(6))
    store.ship()
    before = object_storage.objects()
    object_storage.stop()
    try:
        with store.operator_batch() as batch:
            batch.remove(names[0], NOTE, destroy=True)
        assert store.originals.pieces.stale_count() == 1
        with pytest.raises(StorageAwayError, match="cannot be used now"):
            store.read_original(names[1])
        with pytest.raises(StorageAwayError):
            store.ship()
    finally:
        object_storage.start()
    store.ship()
    assert store.originals.pieces.stale_count() == 0
    assert len(set(before) & set(object_storage.objects())) == len(before) - 1
    assert store.verify().problems == ()


def test_a_backup_holds_what_left_the_home_and_names_no_object(
    store: Store, tmp_path: Path, object_storage: ObjectStorageServer
) -> None:
    names = add(store, *range(6))
    store.ship()
    add(store, 6)
    backup(store, tmp_path / "backup.zip")
    objects = object_storage.objects()
    restore(tmp_path / "backup.zip", tmp_path / "restored")
    object_storage.clear()
    with Store(tmp_path / "restored") as restored:
        assert restored.verify().problems == ()
        assert [restored.read_original(name) for name in names] == [original(n) for n in range(6)]
        assert restored.originals.pieces.all() == []
        with pytest.raises(StoreError, match="the settings name none|no object storage"):
            restored.ship()
    assert objects
    lost = {problem.reason for problem in store.verify().problems}
    assert any("is not in s3://archive/" in reason for reason in lost)


def test_damage_and_loss_in_the_storage_are_named(
    store: Store, object_storage: ObjectStorageServer
) -> None:
    add(store, *range(6))
    store.ship()
    first, *_, last = object_storage.objects()
    content = bytearray(first.read_bytes())
    content[-40] ^= 1
    first.write_bytes(content)
    last.unlink()
    position, _ = read_position(store)
    reports = (store.verify().problems, check_share(store, position, 1).problems)
    for problems in reports:
        text = "\n".join(problem.reason for problem in problems)
        assert f"{first.name} is damaged" in text
        assert f"{last.name} is not in s3://archive/" in text


def test_a_torn_end_is_not_shipped(store: Store, object_storage: ObjectStorageServer) -> None:
    add(store, 1)
    path = store.originals.folder / local_files(store)[-1]
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    store.ship()
    (piece,) = object_storage.objects()
    assert b"torn" not in piece.read_bytes()
    # The batch that ships cuts it as well: offsets go on where the piece ends.
    name = add(store, 2)[0]
    store.ship()
    assert store.read_original(name) == original(2)
    assert store.verify().problems == ()


def test_a_file_that_lost_its_end_is_not_appended_to(
    store: Store, object_storage: ObjectStorageServer
) -> None:
    add(store, 1)
    store.ship()
    path = store.originals.folder / local_files(store)[-1]
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 100)
    name = add(store, 2)[0]
    assert len(local_files(store)) == 2
    assert store.read_original(name) == original(2)
    with pytest.raises(StoreError, match="shorter than what was shipped"):
        store.ship()


@pytest.mark.parametrize("is_postgresql", [False, True])
def test_pieces_are_found_by_every_database_and_by_a_home_of_another_host(
    is_postgresql: bool,
    home: Path,
    tmp_path: Path,
    object_storage: ObjectStorageServer,
    request: pytest.FixtureRequest,
) -> None:
    location = HOME_CATALOGUE
    if is_postgresql:
        location = request.getfixturevalue("postgresql").new_database()
    with Store(home, location, file_limit=SMALL_FILE) as store:
        names = add(store, *range(6))
        store.ship()
        for path in store.originals.files():
            path.rename(tmp_path / path.name)
        assert [store.read_original(name) for name in names] == [original(n) for n in range(6)]
        assert store.verify().problems == ()
        # The number goes on after the last one that was shipped.
        add(store, 6)
        numbers = {path.name[:13] for path in tmp_path.glob("tangthu-*")}
        assert local_files(store)[0][:13] not in numbers


def test_another_storage_than_that_of_the_pieces_is_refused(
    store: Store, home: Path, object_storage: ObjectStorageServer
) -> None:
    (name, *_) = add(store, *range(6))
    store.ship()
    write_originals_location(home, OriginalsLocation(object_storage.new_location()))
    with pytest.raises(StoreError, match="originals are in s3://archive/"):
        store.read_original(name)
    write_originals_location(home, OriginalsLocation(""))
    with pytest.raises(StoreError, match="the settings name the home"):
        store.read_original(name)


def test_wrong_keys_and_a_missing_bucket_are_named_without_a_secret(
    store: Store, home: Path, object_storage: ObjectStorageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, 1)
    monkeypatch.setenv("TANGTHU_ORIGINALS_SECRET", "quite-wrong")
    with pytest.raises(StorageAwayError, match="s3://archive") as refusal:
        store.ship()
    assert "quite-wrong" not in str(refusal.value)
    monkeypatch.delenv("TANGTHU_ORIGINALS_SECRET")
    with Store(home) as fresh, pytest.raises(StoreError, match="there are no keys for"):
        fresh.ship()
    url = object_storage.new_location()
    write_originals_location(home, OriginalsLocation(url.replace("archive", "no-such")))
    monkeypatch.setenv("TANGTHU_ORIGINALS_SECRET", SECRET)
    with Store(home) as fresh, pytest.raises(StorageAwayError, match="s3://no-such"):
        fresh.ship()
    monkeypatch.delenv("TANGTHU_ORIGINALS_SECRET")
    keys = home / "keys"
    keys.write_text(f"{KEY}\n{SECRET}\n")
    write_originals_location(home, OriginalsLocation(url, str(keys)))
    with Store(home) as fresh:
        assert fresh.ship().pieces == 1
    write_originals_location(home, OriginalsLocation(url.replace("archive", "no-such"), str(keys)))
    with Store(home) as fresh:
        add(fresh, 2)
        with pytest.raises(StoreError, match="originals are in s3://archive/"):
            fresh.ship()


def test_originals_move_there_and_back(tmp_path: Path, object_storage: ObjectStorageServer) -> None:
    home = tmp_path / "home"
    place = OriginalsLocation(object_storage.new_location())
    with Store(home, file_limit=SMALL_FILE) as store:
        names = add(store, *range(6))
        before = {path.name: path.read_bytes() for path in store.originals.files()}
    report = move_originals(home, place)
    assert report.pieces == len(object_storage.objects()) == len(before)
    assert read_originals_location(home, {}) == place
    with Store(home, file_limit=SMALL_FILE) as store:
        assert len(local_files(store)) == 1
        assert [store.read_original(name) for name in names] == [original(n) for n in range(6)]
    with pytest.raises(StoreError, match="`tangthu move --originals home` first"):
        move_originals(home, OriginalsLocation(object_storage.new_location()))
    move_originals(home, OriginalsLocation())
    assert object_storage.objects() == []
    with Store(home) as store:
        assert {path.name: path.read_bytes() for path in store.originals.files()} == before
        assert store.originals.pieces.all() == []
        assert store.verify().problems == ()
    with pytest.raises(StoreError, match="there already"):
        move_originals(home, OriginalsLocation())


def test_a_file_in_the_home_that_differs_from_its_pieces_stops_the_way_back(
    home: Path, object_storage: ObjectStorageServer
) -> None:
    with Store(home) as store:
        add(store, 1)
        store.ship()
        (path,) = store.originals.files()
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="differ; restore"):
        move_originals(home, OriginalsLocation())
    assert object_storage.objects()


def test_what_was_destroyed_in_the_newest_file_comes_home_as_well(
    home: Path, object_storage: ObjectStorageServer
) -> None:
    with Store(home) as store:
        names = add(store, 1, 2)
        store.ship()
        with store.operator_batch() as batch:
            batch.remove(names[0], NOTE, destroy=True)
        (path,) = store.originals.files()
        assert b"".join(each.read_bytes() for each in object_storage.objects()) == path.read_bytes()
    move_originals(home, OriginalsLocation())
    assert object_storage.objects() == []


def test_objects_that_are_no_piece_are_named(
    store: Store, object_storage: ObjectStorageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, 1, 2, 3, 4)
    store.ship()
    assert store.find_stray_objects() == StrayObjects()
    pieces = store.originals.pieces
    assert pieces is not None
    storage = pieces.open_storage()
    for name in ("tangthu-00009-ffff/00001-ffff.warc.gz", "a trial", "ư/%2e.gz"):
        storage.put(name, b"left over")
    # What is beside the archive's own folder in the bucket is another one's.
    location = OriginalsLocation(object_storage.new_location())
    ObjectStorage(location).put("other", b"another archive's")
    names = ("a trial", "tangthu-00009-ffff/00001-ffff.warc.gz", "ư/%2e.gz")
    assert store.find_stray_objects() == StrayObjects(3, names)
    # A piece that is put, and named, while the objects are listed is no stray.
    late = iter([[], pieces.all()])
    with monkeypatch.context() as patch:
        patch.setattr(type(pieces), "all", lambda _: next(late))
        assert store.find_stray_objects().names == names
    monkeypatch.setattr("archive.originals.piece_audit.MOST_STRAYS", 2)
    assert store.find_stray_objects() == StrayObjects(3, names[:2])
    assert store.verify().problems == ()


def test_keys_that_may_not_list_are_enough(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, 1)
    store.ship()

    def refuse(_: ObjectStorage) -> list[str]:
        raise StorageAwayError("AccessDenied")

    monkeypatch.setattr(ObjectStorage, "list_names", refuse)
    assert store.find_stray_objects() == StrayObjects(unlisted="AccessDenied")


def test_originals_in_the_home_have_no_strays(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert store.find_stray_objects() == StrayObjects()
