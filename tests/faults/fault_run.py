"""Run faults against a small archive and print the outcome as JSON.

    python -m tests.faults.fault_run kills|cuts|errors|flips [--most N] [--seed S] [--work NAME]
    python -m tests.faults.fault_run flips --only catalogue.sqlite --most 2000
    python -m tests.faults.fault_run readers --seconds 600

Without --most every place is tried. Exit status 1 when anything was lost, wrong or unpickled;
TANGTHU_FAULTS_KEEP=FOLDER keeps the archives of failures.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.store import Store
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder
from tests.faults.fault_layer import Fault, FaultLayer
from tests.faults.fault_works import (
    WORKS,
    Answers,
    Tally,
    Witness,
    count_unpickling,
    prepare_archive,
    read_live_answers,
)
from tests.faults.power_loss import cut_power
from tests.faults.reader_load import read_beside_writer

_REFUSED, _BROKEN = 3, 4
_ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)

FaultCase = tuple[str, Fault, set[Answers], str]
"""A work, the fault that it meets, the answers that are right afterwards, and the event's label."""


@dataclass(frozen=True)
class ChildResult:
    """The end of a child: its status or minus the signal, and its reports."""

    status: int
    acknowledged: list[str]
    events: list[str]
    trace: str = ""


class TemplateArchive:
    """An archive of which copies are broken.

    Attributes:
        path: its home.
        old: its answers.
    """

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._folder, self._tally = folder, tally
        self.path = folder / "template"
        prepare_archive(self.path)
        self.old = read_live_answers(self.path)

    def copy(self) -> Path:
        """Make a copy of the template."""
        home = self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.path, home)
        return home

    def outcome(self, work: str) -> tuple[Answers, list[str]]:
        """Do a work without a fault; return the answers after it, and its events."""
        home = self.copy()
        result = self.run(home, work, Fault())
        assert result.status == 0, result.trace
        return read_live_answers(home), result.events

    def run(self, home: Path, work: str, fault: Fault, shadow: Path | None = None) -> ChildResult:
        """Do a work in a child process that meets a fault."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _child(home, work, FaultLayer(home, fault, shadow), writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            lines = [line.rstrip("\n").split(" ", 1) for line in pipe]
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        by_kind: dict[str, list[str]] = {"kept": [], "event": [], "trace": []}
        for kind, text in lines:
            by_kind[kind].append(text)
        return ChildResult(status, by_kind["kept"], by_kind["event"], "\n".join(by_kind["trace"]))

    def try_fault(
        self, work: str, fault: Fault, allowed: set[Answers], label: str, cut: int = -1
    ) -> None:
        """Do a work that meets a fault, and check everything that has to hold after it."""
        home = self.copy()
        witness = Witness(home, allowed, self._tally)
        shadow = self._folder / "shadow" if cut >= 0 else None
        if shadow:
            shutil.rmtree(shadow, ignore_errors=True)
            shadow.mkdir()
        result = self.run(home, work, fault, shadow)
        what = f"{work} {fault.how} {fault.event} {label}"
        expected = (0, _REFUSED) if fault.how == "error" else (-signal.SIGKILL,)
        if result.status not in expected:
            self._tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
        if shadow and result.status == -signal.SIGKILL:
            cut_power(shadow, random.Random(cut))  # noqa: S311
        self._tally.faults += 1
        witness.check(result.acknowledged, what)


def _child(home: Path, work: str, layer: FaultLayer, pipe: int) -> None:
    """Do a work in the child; never return."""

    def report(kind: str, text: str) -> None:
        os.write(pipe, f"{kind} {text}\n".encode())

    status = _BROKEN
    try:
        layer.install()
        with Store(home, file_limit=4000) as store:
            WORKS[work](store, lambda identifier: report("kept", identifier))
        status = 0
    except ArchiveError as error:
        status = _REFUSED
        report("trace", str(error).replace("\n", " "))
    except BaseException:  # noqa: BLE001  # reported as what it is: a broken promise
        report("trace", traceback.format_exc().replace("\n", " "))
    for label in layer.events:
        report("event", label)
    os._exit(status)


def kill_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield kills before, in the middle of, and after every event of every work."""
    for work in works:
        new, events = template.outcome(work)
        for event, label in enumerate(events):
            hows = ("before", "torn", "after") if label.startswith("write") else ("before", "after")
            for how in hows:
                yield work, Fault(event, how), {template.old, new}, label


def error_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield errors of every event alone, and of every event with all after it."""
    for work in works:
        new, events = template.outcome(work)
        for event, label in enumerate(events):
            for code in _ERRORS:
                lasting = code == errno.ENOSPC
                yield work, Fault(event, "error", code, lasting), {template.old, new}, label


def flip_bits(folder: Path, tally: Tally, most: int, seed: int, only: str = "") -> None:
    """Flip one bit in every file of an archive at places of chance, eight times over.

    With `only`, in the files of that name, as often as `most` says.
    """
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    indexed_home = template.copy()
    with Store(indexed_home, file_limit=4000) as store:
        IndexBuilder(store).update()
    new_answers = read_live_answers(indexed_home)
    content = _catalogue_content(indexed_home)
    shutil.rmtree(template.path)
    indexed_home.rename(template.path)
    files = [path.relative_to(template.path) for path in template.path.rglob("*")]
    places = [
        (name, turn)
        for turn in range(most if only else 8)
        for name in sorted(files)
        if (template.path / name).is_file() and name.name != "lock" and only in ("", name.name)
    ]
    for name, _ in places[:most]:
        home = template.copy()
        data = bytearray((home / name).read_bytes())
        if not data:
            continue
        bit = chance.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        (home / name).unlink()
        (home / name).write_bytes(data)
        tally.faults += 1
        what = f"bit {bit} of {name}"
        _check_damage(home, what, {template.old, new_answers}, tally)
        _check_catalogue(home, what, content, tally)


def _catalogue_content(home: Path) -> list[tuple[Any, ...]]:
    """Return all that the catalogue says."""
    with Store(home, file_limit=4000) as store:
        articles = list(store.articles())
        versions = [store.versions(article.identifier) for article, _ in articles]
        return [*articles, *versions, *store.changes(0)]


def _check_catalogue(home: Path, what: str, content: list[tuple[Any, ...]], tally: Tally) -> None:
    """Check that a damaged catalogue is named by verify, or as it was."""
    if "catalogue" not in what:
        return
    try:
        with Store(home, file_limit=4000) as store:
            named = [*store.verify().problems, *verify_index(store).problems]
        if not named and _catalogue_content(home) != content:
            tally.wrong.append(f"{what}: verify does not see it")
    except ArchiveError:
        pass


def _check_damage(home: Path, what: str, allowed: set[Answers], tally: Tally) -> None:
    """Check that damage is refused or harmless, named by verify, and mended in the index."""
    index = "of index" in what
    try:
        answers = read_live_answers(home)
        tally.requests += len(answers)
        if answers not in allowed:
            tally.wrong.append(f"{what}: wrong answers")
    except ArchiveError:
        pass
    try:
        with Store(home, file_limit=4000) as store:
            named = [*verify_index(store).problems, *store.verify().problems]
            # Results of an unfinished rebuild are checked when it goes on.
            checkpoint = "of index/rebuild" in what
            if not named and not checkpoint and "catalogue" not in what:
                tally.wrong.append(f"{what}: verify does not see it")
            if index:
                (IndexBuilder(store).rebuild if checkpoint else IndexBuilder(store).repair)()
                if verify_index(store).problems:
                    tally.wrong.append(f"{what}: one repair does not mend it")
                identifiers = {identifier for identifier, _ in store.identifiers()}
                if set(read_live_answers(home)[0]) != identifiers:
                    tally.wrong.append(f"{what}: after repair the index is not the store")
    except ArchiveError as error:
        if index:
            tally.wrong.append(f"{what}: {type(error).__name__}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["kills", "cuts", "errors", "flips", "readers"])
    parser.add_argument("--most", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="FILE", help="flips: files of this name")
    parser.add_argument("--work", choices=sorted(WORKS), action="append")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    tally = Tally()
    count_unpickling(tally)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tangthu-faults-") as name:
        _run(options, Path(name), tally)
    figures = {
        "kind": options.kind,
        "faults": tally.faults,
        "requests": tally.requests,
        "losses": tally.losses,
        "unpickled": tally.unpickled,
        "wrong": len(tally.wrong),
        "seconds": round(time.monotonic() - started),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stderr.write("".join(f"{line}\n" for line in tally.wrong[:40]))
    raise SystemExit(1 if tally.wrong or tally.losses or tally.unpickled else 0)


def _run(options: argparse.Namespace, folder: Path, tally: Tally) -> None:
    if options.kind == "readers":
        read_beside_writer(folder, options.seconds, tally)
        return
    if options.kind == "flips":
        flip_bits(
            folder,
            tally,
            options.most or (500 if options.only else sys.maxsize),
            options.seed,
            options.only,
        )
        return
    template = TemplateArchive(folder, tally)
    make_faults = error_faults if options.kind == "errors" else kill_faults
    faults = list(make_faults(template, options.work or list(WORKS)))
    random.Random(options.seed).shuffle(faults)  # noqa: S311
    for number, (work, fault, allowed, label) in enumerate(faults[: options.most]):
        cut = options.seed * 1_000_000 + number if options.kind == "cuts" else -1
        template.try_fault(work, fault, allowed, label, cut)


if __name__ == "__main__":
    main()
