"""Kill -9 after every step of shipping, destroying and moving: nothing is lost, nothing is left."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from archive.records import sha256
from archive.settings.originals_location import OriginalsLocation, write_originals_location
from archive.store import Store
from tests.factories import article
from tests.faults.shipping_kills import bring_home, destroy, run_until, ship
from tests.object_storage_server import BUCKET, ObjectStorageServer


def original(number: int) -> bytes:
    return "\n".join(sha256(f"{number} {line}".encode()) for line in range(12)).encode()


def make_home(home: Path, url: str) -> dict[str, bytes]:
    """Make an archive of six articles in three WARC files; return their originals by name."""
    home.mkdir()
    write_originals_location(home, OriginalsLocation(url))
    with Store(home, file_limit=1500) as store:
        return {
            store.add(
                original(n), article(f"Bài {n}", url=f"https://b.vn/{n}")
            ).identifier: original(n)
            for n in range(6)
        }


def check(home: Path, originals: dict[str, bytes]) -> None:
    """Check that whatever is shown has its original."""
    with Store(home) as store:
        names = {identifier for identifier, _ in store.identifiers()}
        assert names == originals.keys() or names == set(sorted(originals)[1:])
        assert all(store.read_original(name) == originals[name] for name in names)


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("work", [ship, destroy, bring_home])
def test_a_kill_after_any_step_loses_nothing(
    work: Callable[[Path], None],
    stride: int,
    tmp_path: Path,
    object_storage: ObjectStorageServer,
) -> None:
    folder = object_storage.folder / "objects" / BUCKET
    originals = make_home(tmp_path / "template", object_storage.new_location())
    if work is not ship:
        ship(tmp_path / "template")
    shutil.copytree(folder, tmp_path / "objects")
    for step in count(1, stride):
        home = tmp_path / f"home-{step}"
        shutil.copytree(tmp_path / "template", home)
        object_storage.clear()
        shutil.copytree(tmp_path / "objects", folder, dirs_exist_ok=True)
        is_done = run_until(work, home, step)
        check(home, originals)
        work(home)
        check(home, originals)
        with Store(home) as store:
            assert store.verify().problems == ()
            stored = {piece.name.rpartition("/")[2] for piece in store.originals.pieces.all()}
        left = [path for path in object_storage.objects() if "trial-" not in path.name]
        assert {path.name for path in left} == stored
        files = [*left, *(home / "originals").iterdir()]
        gone = originals[min(originals)] if work is destroy else b"nothing is gone"
        assert not any(gone in gzip.decompress(path.read_bytes()) for path in files)
        if is_done:
            break
    assert step > 5
