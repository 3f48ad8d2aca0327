"""Packed backups that were made or damaged to harm whoever restores them."""

from __future__ import annotations

import io
import random
import shutil
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.backups import packed_backup
from archive.backups.backup import backup, restore
from archive.errors import ArchiveError
from archive.store import Store
from tests.factories import article, keep

BLOCK = 512


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the backups `good.tar` and `good.zip`."""
    folder = tmp_path_factory.mktemp("backups")
    with Store(folder / "home") as store:
        keep(store, article("Bò sữa", "Một đàn."), article("Trâu"))
        for name in ("good.tar", "good.zip"):
            backup(store, folder / name)
    return folder


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return the header of a member with any length, with its sum."""
    block = bytearray(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT))
    text = b"\x80" + size.to_bytes(11, "big") if size >= 8**11 else b"%011o\0" % size
    block[124:136], block[156:157] = text, kind
    return with_sum(block)


def with_sum(block: bytearray) -> bytes:
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def extended(key: bytes, value: bytes) -> bytes:
    """Return an extended header of one record, for the member that follows."""
    length = len(key) + len(value) + 3
    digits = next(n for n in range(1, 9) if len(str(length + n)) == n)
    record = b"%d %b=%b\n" % (length + digits, key, value)
    padding = bytes(-len(record) % BLOCK)
    return header("x", len(record), tarfile.XHDTYPE) + record + padding


def is_refused(path: Path, content: bytes) -> bool:
    """Write a file and restore it; tell whether it is refused, and nothing is left of it."""
    path.write_bytes(content)
    reason = ""
    try:
        restore(path, path.with_name("back"))
    except ArchiveError as error:
        reason = str(error)
    if not reason:
        return False
    assert not reason.endswith(": ")
    return [place.name for place in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("size", [1 << 20, 1 << 40, 1 << 62, 1 << 80])
@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"X", b"S", b"0", b"5"])
def test_a_length_that_nothing_has_is_refused(
    folder: Path, tmp_path: Path, kind: bytes, size: int
) -> None:
    good = (folder / "good.tar").read_bytes()
    assert is_refused(tmp_path / "x.tar", header("a", size, kind) + bytes(2 * BLOCK) + good)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", b"9" * 20),
        ("size", b"-512"),
        ("mtime", b"1e400"),
        ("mtime", b"nan"),
        ("mtime", b"9" * 40),
        ("path", b"\0"),
        ("path", b"a/" * 1500),
        ("path", b"../../x"),
        ("GNU.sparse.map", b"x"),
        ("GNU.sparse.size", b"9" * 30),
        ("comment", b"9" * 5000),
    ],
)
def test_an_extended_header_with_rubbish_is_refused(
    folder: Path, tmp_path: Path, key: str, value: bytes
) -> None:
    good = (folder / "good.tar").read_bytes()
    rubbish = extended(key.encode(), value) + header("data/a", 0)
    assert is_refused(tmp_path / "x.tar", rubbish + good)


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"6", b"S"])
def test_links_devices_pipes_and_sparse_files_are_refused(
    folder: Path, tmp_path: Path, kind: bytes
) -> None:
    good = (folder / "good.tar").read_bytes()
    assert is_refused(tmp_path / "x.tar", header("data/pages/a", 0, kind) + good)


def test_folders_in_folders_in_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    good = (folder / "good.tar").read_bytes()
    deep = b"".join(
        extended(b"path", b"a/" * depth) + header("a", 0, tarfile.DIRTYPE)
        for depth in (600, 1200, 1800)
    )
    assert is_refused(tmp_path / "x.tar", deep + good)
    (tmp_path / "x.tar").unlink()
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a/" * 600 + "b", b"")
    assert is_refused(tmp_path / "x.zip", (tmp_path / "x.zip").read_bytes())


def test_a_folder_of_deep_folders_is_refused(folder: Path, tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    with Store(folder / "home") as store:
        backup(store, bag)
    (bag / "data" / "a").joinpath(*"b" * 40).mkdir(parents=True)
    with pytest.raises(ArchiveError, match="no plain file"):
        restore(bag, tmp_path / "back")
    assert sorted(place.name for place in tmp_path.iterdir()) == ["bag", "bag.removals.json"]


def test_very_many_missing_files_are_told_briefly(folder: Path, tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    with Store(folder / "home") as store:
        backup(store, bag)
    with (bag / "manifest-sha256.txt").open("a") as manifest:
        manifest.writelines(f"{'0' * 64}  data/{number}\n" for number in range(1000))
    with pytest.raises(ArchiveError, match="not what was written") as refusal:
        restore(bag, tmp_path / "back")
    assert len(str(refusal.value)) < 1000


def test_a_name_that_a_terminal_obeys_is_told_without(folder: Path, tmp_path: Path) -> None:
    good = (folder / "good.tar").read_bytes()
    link = header("data/\x1b]0;a\x07\nb", 0, tarfile.SYMTYPE)
    (tmp_path / "x.tar").write_bytes(link + good)
    with pytest.raises(ArchiveError) as refusal:
        restore(tmp_path / "x.tar", tmp_path / "back")
    assert str(refusal.value).startswith(r"data/\x1b]0;a\x07\nb is no plain file")


def test_a_backup_of_very_many_files_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_backup, "MOST_MEMBERS", 20)
    good = (folder / "good.tar").read_bytes()
    many = b"".join(header(f"data/{number}", 0) for number in range(20))
    assert is_refused(tmp_path / "x.tar", many + good)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(21):
            archive.writestr(f"data/{number}", b"")
    (tmp_path / "x.tar").unlink()
    assert is_refused(tmp_path / "x.zip", (tmp_path / "x.zip").read_bytes())


def test_what_restore_would_refuse_is_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_backup, "MOST_MEMBERS", 4)
    with Store(tmp_path / "home") as store:
        keep(store, article("Bò sữa", "Một đàn."))
        with pytest.raises(ArchiveError, match="more than 4 files: name a folder"):
            backup(store, tmp_path / "new.tar")
        assert [path.name for path in tmp_path.iterdir()] == ["home"]
        backup(store, tmp_path / "new")
    restore(tmp_path / "new", tmp_path / "back")


@pytest.mark.parametrize("name", ["x.tar", "x.zip"])
@pytest.mark.parametrize(("files", "is_packed"), [(3, True), (4, False), (5, False)])
def test_as_many_files_are_packed_as_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: int, is_packed: bool
) -> None:
    monkeypatch.setattr(packed_backup, "MOST_MEMBERS", 4)
    (tmp_path / "folder").mkdir()
    for number in range(files):
        (tmp_path / "folder" / f"{number}.txt").write_text("tin")
    if is_packed:
        packed_backup.pack_folder(tmp_path / "folder", tmp_path / name)
        packed_backup.unpack(tmp_path / name, tmp_path / "back")
        assert len(list((tmp_path / "back").iterdir())) == files
    else:
        with pytest.raises(ArchiveError, match="more than 4 files"):
            packed_backup.pack_folder(tmp_path / "folder", tmp_path / name)
    assert (tmp_path / name).exists() is is_packed


@pytest.mark.parametrize("name", ["good.tar", "good.zip", "good"])
def test_what_the_disk_has_no_room_for_is_refused_before_anything_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source = folder / name
    if name == "good":
        source = tmp_path / name
        with Store(folder / "home") as store:
            backup(store, source)
    size = sum(path.stat().st_size for path in (source, *source.rglob("*")) if path.is_file())
    monkeypatch.setattr(shutil, "copytree", None)
    for kind in (tarfile.TarFile, zipfile.ZipFile):
        monkeypatch.setattr(kind, "extractall", None)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=size // 4))
    with pytest.raises(ArchiveError, match=rf"needs \d+ bytes and .* has {size // 4}: free some"):
        restore(source, tmp_path / "new" / "back")
    assert not [path for path in tmp_path.rglob("*back*")]


def test_a_directory_of_a_zip_file_is_no_longer_than_its_members(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_backup, "_LONGEST_ZIP_DIRECTORY", 1000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("n" * 1000, b"")
    assert is_refused(tmp_path / "x.zip", (tmp_path / "x.zip").read_bytes())


@pytest.mark.parametrize("offset", [6, 8, 10])
@pytest.mark.parametrize("value", [1, 8, 9, 14, 99, 255, 0xFFFF])
def test_a_zip_file_of_another_method_or_version_is_refused_or_read(
    folder: Path, tmp_path: Path, offset: int, value: int
) -> None:
    content = bytearray((folder / "good.zip").read_bytes())
    place = content.find(b"PK\1\2")
    while place >= 0:
        struct.pack_into("<H", content, place + offset, value)
        place = content.find(b"PK\1\2", place + 4)
    is_refused(tmp_path / "x.zip", bytes(content))


def _damage_zip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(content.find(b"PK\1\2"), len(content))] = chance.randrange(256)


def _damage_tar(content: bytearray, chance: random.Random) -> None:
    heads = [at for at in range(0, len(content), BLOCK) if content[at + 257 : at + 262] == b"ustar"]
    at = chance.choice(heads)
    content[at + chance.randrange(BLOCK)] = chance.choice((0, 255, chance.randrange(256)))
    content[at : at + BLOCK] = with_sum(content[at : at + BLOCK])


@pytest.mark.parametrize(("name", "damage"), [("zip", _damage_zip), ("tar", _damage_tar)])
def test_any_damaged_byte_of_a_directory_or_header_is_refused_or_harmless(
    folder: Path, tmp_path: Path, name: str, damage: Callable[[bytearray, random.Random], None]
) -> None:
    good = (folder / f"good.{name}").read_bytes()
    refused = 0
    for seed in range(60):
        content, chance = bytearray(good), random.Random(seed)
        for _ in range(chance.randint(1, 3)):
            damage(content, chance)
        place = tmp_path / str(seed)
        place.mkdir()
        refused += is_refused(place / f"x.{name}", bytes(content))
    assert refused


@pytest.mark.parametrize("name", ["good.tar", "good.zip"])
def test_a_backup_that_is_whole_comes_back(folder: Path, tmp_path: Path, name: str) -> None:
    restore(folder / name, tmp_path / "back")
    with Store(tmp_path / "back") as store:
        assert store.verify().problems == ()


def test_a_packed_file_of_gzip_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("data/a"))
    assert is_refused(tmp_path / "x.tar", content.getvalue())
