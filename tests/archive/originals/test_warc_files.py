"""Originals in WARC files: torn tails are cut, whole records stay, damage is never handed out."""

from __future__ import annotations

import gzip
import random
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from archive.errors import DamagedError, StoreError
from archive.originals import warc_files, warc_records
from archive.originals.warc_files import Originals, scan_records
from archive.records import WarcLocation, sha256
from archive.store import Store
from tests.factories import article, keep


def test_only_plain_files_of_their_names_are_originals(store: Store) -> None:
    keep(store, article("Một"))
    (path,) = store.originals.files()
    path.with_name("notes.txt").write_text("mine")
    path.with_name(f"{path.name}.old").write_bytes(path.read_bytes())
    path.with_name("tangthu-00007.warc.gz").mkdir()
    path.with_name("tangthu-00008.warc.gz").symlink_to(path)
    assert store.originals.files() == [path]
    assert store.originals.special_names() == ["tangthu-00007.warc.gz", "tangthu-00008.warc.gz"]


def test_a_torn_tail_is_cut_at_the_next_writing_wherever_it_tore(store: Store) -> None:
    keep(store, article("Một"), article("Hai"))
    path = store.originals.files()[0]
    content = path.read_bytes()
    places = [place for place, digest in scan_records(path) if digest]
    record = content[places[-1].offset :]
    # Every byte of the gzip trailer, which some readers of WARC files do not miss.
    for length in [*range(1, len(record), 7), *range(len(record) - 9, len(record))]:
        path.write_bytes(content + record[:length])
        with store.batch():
            pass
        assert path.read_bytes() == content, length
    path.write_bytes(content + b"\x00" * 100)
    assert store.add(b"3", article("Ba")).sequence == 3
    assert store.verify().problems == ()


def test_a_whole_record_that_nothing_points_at_stays(store: Store) -> None:
    keep(store, article("Một"))
    path = store.originals.files()[0]
    place = next(place for place, digest in scan_records(path) if digest)
    content = path.read_bytes()
    path.write_bytes(content + content[place.offset : place.offset + place.length])
    keep(store, article("Hai"))
    report = store.verify()
    assert (report.versions, report.records, report.orphans, report.problems) == (2, 3, 1, ())


def test_a_new_file_is_begun_at_the_limit(tmp_path: Path) -> None:
    with Store(tmp_path, file_limit=2000) as store:
        changes = keep(store, *(article(f"Bài {number}") for number in range(20)))
        assert len(store.originals.files()) > 2
        assert all(store.read_original(change.identifier) for change in changes)
        assert store.verify().problems == ()


def test_what_a_crash_left_half_written_is_no_disagreement_and_is_cut(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        change = store.add(b"first", article("first"))
        (path,) = store.originals.files()
        content = path.read_bytes()
        path.write_bytes(content + content[: len(content) // 2][:-3])
    with Store(tmp_path) as store:
        assert store.verify().problems == ()
        assert store.read_original(change.identifier) == b"first"
        store.add(b"second", article("second"))
        assert path.read_bytes().startswith(content)
        assert (store.verify().problems, store.verify().records) == ((), 2)
    damaged = bytearray(path.read_bytes())
    damaged[len(content) // 2 + 40] ^= 0xFF
    path.write_bytes(damaged)
    with Store(tmp_path) as store:
        assert store.verify().problems


def test_a_damaged_record_is_refused_whichever_byte_is_wrong(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    payload = "Một bài báo. ".encode() * 20
    location = originals.append(payload, "https://bao.vn/1", "2022-12-19T00:00:00Z")
    originals.sync()
    originals.close()
    (path,) = originals.files()
    content = path.read_bytes()
    chance = random.Random(5)
    refused = 0
    for index in range(location.offset, location.offset + location.length):
        path.write_bytes(content[:index] + chance.randbytes(1) + content[index + 1 :])
        try:
            assert originals.read(location, sha256(payload)) == payload
        except DamagedError:
            refused += 1
    # All but the gzip header, which tells the time and the system, and bytes that stay the same.
    assert refused > location.length - 12
    path.write_bytes(content[:-1])
    with pytest.raises(DamagedError, match="restore it from a backup"):
        originals.read(location, sha256(payload))


def test_a_whole_record_of_another_original_is_not_handed_out(store: Store) -> None:
    first, second = keep(store, article("Một"), article("Hai"))
    (one,), (two,) = store.versions(first.identifier), store.versions(second.identifier)
    assert store.originals.read(one.location, one.digest)
    with pytest.raises(DamagedError, match="restore it from a backup"):
        store.originals.read(two.location, one.digest)


def test_a_missing_file_is_named_with_the_remedy(store: Store) -> None:
    (change,) = keep(store, article("Một"))
    (version,) = store.versions(change.identifier)
    (path,) = store.originals.files()
    path.unlink()
    with pytest.raises(DamagedError, match="is missing; restore it"):
        store.originals.read(version.location, version.digest)


def test_what_stands_behind_a_torn_record_is_named(store: Store) -> None:
    keep(store, article("Một"), article("Hai"))
    (path,) = store.originals.files()
    first, second = (place for place, digest in scan_records(path) if digest)
    content = bytearray(path.read_bytes())
    content[first.offset + first.length // 2] ^= 0xFF
    path.write_bytes(content)
    reasons = [problem.reason for problem in store.verify().problems]
    assert any(f"cannot be read after byte {first.offset}" in reason for reason in reasons)
    assert second.offset > first.offset


def test_originals_follow_each_other_in_the_newest_file(tmp_path: Path) -> None:
    for number in range(12):
        with Store(tmp_path, file_limit=1500) as store:
            keep(store, article(f"Bài {number}"))
    with Store(tmp_path, file_limit=1500) as store:
        places = [version.location for _, version in store.versions_by_location()]
        sequences = [version.sequence for _, version in store.versions_by_location()]
        sizes = [path.stat().st_size for path in store.originals.files()]
        assert store.verify().problems == ()
    assert len(sizes) > 2
    assert sequences == sorted(sequences)
    assert all(size >= 1500 for size in sizes[:-1])
    assert [place.file for place in places] == sorted(place.file for place in places)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files and folders that are made durable, in order; folders by their name."""
    names: list[str] = []
    sync_file, sync_folder = warc_files.sync_open_file, warc_files.sync_folder

    def note_file(file: BinaryIO) -> None:
        names.append("file")
        sync_file(file)

    def note_folder(folder: Path) -> None:
        names.append(folder.name)
        sync_folder(folder)

    monkeypatch.setattr(warc_files, "sync_open_file", note_file)
    monkeypatch.setattr(warc_files, "sync_folder", note_folder)
    return names


def test_a_new_file_and_its_name_are_durable_before_anything_is_in_it(
    store: Store, synced: list[str]
) -> None:
    with closing(store.originals):
        store.originals.append(b"x", "urn:x", "2022-12-19T00:00:00Z")
        assert synced == ["file", "originals"]


def test_a_cut_is_durable(store: Store, synced: list[str]) -> None:
    keep(store, article("Một"))
    path = store.originals.files()[0]
    content = path.read_bytes()
    path.write_bytes(content + content[:9])
    synced.clear()
    assert store.originals.cut_torn_tails({}) == 9
    assert synced == ["file"]


def test_a_record_that_is_not_what_it_says_is_none(store: Store) -> None:
    keep(store, article("Một"))
    path = store.originals.files()[0]
    (place,) = (place for place, digest in scan_records(path) if digest)
    content = path.read_bytes()
    record = gzip.decompress(content[place.offset :])
    changed = record.replace("Một".encode(), "Mọt".encode())
    assert len(changed) == len(record)
    path.write_bytes(content[: place.offset] + gzip.compress(changed))
    assert [digest for _, digest in scan_records(path) if digest] == []


def payload_of(originals: Originals, number: int, text: bytes) -> WarcLocation:
    return originals.append(text, f"urn:test:{number}", "2022-12-19T00:00:00Z")


@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize(("room", "files"), [(0, 2), (1, 1)])
def test_a_file_that_has_just_its_limit_is_full(
    tmp_path: Path, reopened: bool, room: int, files: int
) -> None:
    originals = Originals(tmp_path)
    location = payload_of(originals, 1, b"x")
    originals._limit = location.offset + location.length + room
    if reopened:
        originals.close()
        originals = Originals(tmp_path, originals._limit)
    payload_of(originals, 2, b"x")
    originals.close()
    assert len(originals.files()) == files


def test_a_record_has_a_largest_size_when_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    originals = Originals(tmp_path)
    payloads = [b"x" * size for size in (300_000, 3_000_000)]
    small, large = (payload_of(originals, len(each), each) for each in payloads)
    originals.close()
    # Beside the original a record has a head, for which there is a megabyte of room.
    monkeypatch.setattr(warc_records, "RECORD_LIMIT", 300_000)
    assert originals.read(small, sha256(payloads[0])) == payloads[0]
    with pytest.raises(DamagedError):
        originals.read(large, sha256(payloads[1]))


def test_a_file_without_its_last_catalogued_record_is_left_alone(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    location = payload_of(originals, 1, b"x")
    originals.close()
    (path,) = originals.files()
    content = path.read_bytes() + b"torn"
    path.write_bytes(content)
    for length in (location.length - 1, location.length + 1, 0):
        catalogued = WarcLocation(location.file, location.offset, length)
        assert originals.cut_torn_tails({path.name: catalogued}) == 0
    assert path.read_bytes() == content
    assert originals.cut_torn_tails({path.name: location}) == 4
    assert path.read_bytes() == content[:-4]


@pytest.mark.parametrize(
    "name", ["notes.warc.gz", "tangthu-1.warc.gz", "tangthu-00009.warc.gz.old"]
)
def test_other_files_in_the_folder_are_no_originals(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "tangthu-00007.warc.gz").mkdir()
    originals = Originals(tmp_path)
    assert originals.files() == []
    assert originals.special_names() == ["tangthu-00007.warc.gz"]
    assert originals.cut_torn_tails({}) == 0
    assert (tmp_path / name).read_bytes() == b"x"


def test_a_folder_has_the_last_catalogued_record_of_each_file_or_is_another_ones(
    tmp_path: Path,
) -> None:
    originals = Originals(tmp_path)
    location = payload_of(originals, 1, b"x" * 1000)
    originals.close()
    (path,) = originals.files()
    originals.require_records({path.name: location})
    content = path.read_bytes()
    assert len(content) == location.offset + location.length
    path.write_bytes(content[:-1])
    with pytest.raises(StoreError, match="lacks originals that the catalogue names"):
        originals.require_records({path.name: location})
    path.unlink()
    for in_its_place in ("nothing", "a folder"):
        if in_its_place == "a folder":
            path.mkdir()
        with pytest.raises(StoreError, match="lacks originals that the catalogue names"):
            originals.require_records({path.name: location})
