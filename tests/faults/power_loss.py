"""A loss of power, simulated: what was not made durable is dropped, torn or kept, by chance.

The model: names in a folder (new files, renames, removals) are lost from the newest back, each
folder by itself, as a journal loses its end; bytes of a file that were not fsynced are kept,
dropped back to the last synced state, cut, or replaced by zeros, each file by itself; of a file of
SQLite, which is written in all places, each sector by itself. All are harsher than ext4 or XFS in
their usual modes. Shared memory is gone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

_SECTOR = 512


def cut_power(home: Path, shadow: Path, chance: random.Random) -> int:
    """Lose what was not durable by the journal of a killed child; return the number of losses."""
    state = json.loads((shadow / "journal.json").read_bytes())
    losses = 0
    for memory in home.rglob("*.sqlite-shm"):
        memory.unlink()
    for path, synced in sorted(state["unsynced"].items()):
        losses += _lose_bytes(Path(path), synced, chance)
    # The deepest folders first: what is in a folder that goes is gone anyhow.
    for _, changes in sorted(state["names"].items(), key=lambda item: item[0], reverse=True):
        lost = chance.choice((0, len(changes), chance.randint(0, len(changes))))
        for kind, path, source, saved in reversed(changes[len(changes) - lost :]):
            _undo(kind, Path(path), source, saved)
            losses += 1
    return losses


def _lose_bytes(path: Path, synced: str, chance: random.Random) -> int:
    if not path.is_file():
        return 0
    now = path.read_bytes()
    durable = Path(synced).read_bytes() if synced else b""
    if "sqlite" in path.name:
        kept_bytes = _lose_sectors(now, durable, chance)
        path.write_bytes(kept_bytes)
        return kept_bytes != now
    place = chance.randint(0, len(now))
    torn = {
        "kept": now,
        "dropped": durable,
        "cut": now[:place],
        "zeros": now[:place] + bytes(len(now) - place),
    }
    # An append never changes the bytes that were durable before.
    if now.startswith(durable):
        torn["cut"] = now[: max(place, len(durable))]
        torn["zeros"] = torn["cut"] + bytes(len(now) - len(torn["cut"]))
    kept_bytes = torn[chance.choice(sorted(torn))]
    path.unlink()
    path.write_bytes(kept_bytes)
    return kept_bytes != now


def _lose_sectors(now: bytes, durable: bytes, chance: random.Random) -> bytes:
    """Return a file of which all, none, or some of the sectors that were written are lost."""
    share = chance.choice((0, 1, chance.random()))
    size = len(durable) if chance.random() < share else len(now)
    kept = bytearray(now.ljust(size, b"\0")[:size])
    for start in range(0, size, _SECTOR):
        if chance.random() < share:
            place = slice(start, min(start + _SECTOR, size))
            kept[place] = durable[place].ljust(place.stop - start, b"\0")
    return bytes(kept)


def _undo(kind: str, path: Path, source: str, saved: str) -> None:
    if kind == "rename" and (path.exists() and not os.path.exists(source)):
        if Path(source).parent.is_dir():
            path.rename(source)
    elif kind in ("create", "link"):
        path.unlink(missing_ok=True)
    elif kind == "mkdir":
        shutil.rmtree(path, ignore_errors=True)
    elif kind == "rmdir" and path.parent.is_dir():
        path.mkdir(exist_ok=True)
    if saved and path.parent.is_dir() and not path.exists():
        shutil.copyfile(saved, path)
