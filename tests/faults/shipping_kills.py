"""Works on originals in an object storage that die, like kill -9, after one of their steps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from archive.catalogue.operations import OperatorNote
from archive.originals.object_storage import ObjectStorage
from archive.originals.shipping import Shipper
from archive.settings.originals_location import OriginalsLocation
from archive.store import Store
from archive.upkeep.originals_move import move_originals
from archive.writing import operator_batch
from archive.writing.write_batch import Batch

NOTE = OperatorNote("by order of the court", "lan", "2026-01-02T03:04:05+00:00")

_STEPS = (
    (ObjectStorage, "put"),
    (ObjectStorage, "read"),
    (ObjectStorage, "delete"),
    (Shipper, "_set_states"),
    (Shipper, "_insert"),
    (Shipper, "_forget"),
    (Path, "unlink"),
    (Path, "replace"),
    (operator_batch, "destroy_original"),
    # What it made durable is done: originals are still to be destroyed.
    (Batch, "flush"),
)
"""The functions that change something; a work is killed after any call of one."""


def ship(home: Path) -> None:
    """Ship what waits."""
    with Store(home) as store:
        store.ship()


def destroy(home: Path) -> None:
    """Remove the first article with its originals, and finish what an earlier try left."""
    with Store(home) as store:
        names = sorted(identifier for identifier, _ in store.identifiers())
        if len(names) == 6:
            with store.operator_batch() as batch:
                batch.remove(names[0], NOTE, destroy=True)
        store.ship()


def bring_home(home: Path) -> None:
    """Move the originals back into the home."""
    with Store(home) as store:
        is_there = not store.originals.pieces or not store.originals.pieces.all()
    if not is_there:
        move_originals(home, OriginalsLocation())


def run_until(work: Callable[[Path], None], home: Path, step: int) -> bool:
    """Run a work in a process that dies after a step; tell whether it ended before that.

    The server of the processes never uses the storage's client, which does not outlive a fork.
    """
    arguments = (work, home, step, dict(os.environ))
    process = get_context("forkserver").Process(target=_run, args=arguments)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode == 0


def _run(
    work: Callable[[Path], None], home: Path, step: int, environment: Mapping[str, str]
) -> None:
    # The server of the processes may have begun before the storage's keys were set.
    os.environ.update(environment)
    calls = 0

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            result = function(*arguments, **options)
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    for owner, name in _STEPS:
        setattr(owner, name, dying(getattr(owner, name)))
    work(home)
