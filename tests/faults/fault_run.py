"""Runs faults against a small archive and prints what came of them, as JSON.

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
from tests.faults.fault_layer import Fault, Layer
from tests.faults.fault_works import (
    WORKS,
    Answers,
    Tally,
    Witness,
    count_unpickling,
    live_answers,
    prepare,
)
from tests.faults.power_loss import cut_power
from tests.faults.reader_load import read_beside_writer

_REFUSED, _BROKEN = 3, 4
_ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


@dataclass(frozen=True)
class Ended:
    """How a child ended: its status or minus the signal, what it reported, its events."""

    status: int
    acknowledged: list[str]
    events: list[str]
    trace: str = ""


class Bench:
    """A template archive, and copies of it to break."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._folder, self._tally = folder, tally
        self._template = folder / "template"
        prepare(self._template)
        self.old = live_answers(self._template)

    def fresh(self) -> Path:
        """A copy of the template."""
        home = self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self._template, home)
        return home

    def outcome(self, work: str) -> tuple[Answers, list[str]]:
        """What a work without a fault leads to, and its events."""
        home = self.fresh()
        ended = self.run(home, work, Fault())
        assert ended.status == 0, ended.trace
        return live_answers(home), ended.events

    def run(self, home: Path, work: str, fault: Fault, shadow: Path | None = None) -> Ended:
        """Do a work in a child process that meets a fault."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _child(home, work, Layer(home, fault, shadow), writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            lines = [line.rstrip("\n").split(" ", 1) for line in pipe]
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        by_kind: dict[str, list[str]] = {"kept": [], "event": [], "trace": []}
        for kind, text in lines:
            by_kind[kind].append(text)
        return Ended(status, by_kind["kept"], by_kind["event"], "\n".join(by_kind["trace"]))

    def meet(
        self, work: str, fault: Fault, allowed: set[Answers], label: str, cut: int = -1
    ) -> None:
        """One fault and what has to hold after it."""
        home = self.fresh()
        witness = Witness(home, allowed, self._tally)
        shadow = self._folder / "shadow" if cut >= 0 else None
        if shadow:
            shutil.rmtree(shadow, ignore_errors=True)
            shadow.mkdir()
        ended = self.run(home, work, fault, shadow)
        what = f"{work} {fault.how} {fault.at} {label}"
        expected = (0, _REFUSED) if fault.how == "error" else (-signal.SIGKILL,)
        if ended.status not in expected:
            self._tally.wrong.append(f"{what}: ended with {ended.status}: {ended.trace}")
        if shadow and ended.status == -signal.SIGKILL:
            cut_power(shadow, random.Random(cut))  # noqa: S311
        self._tally.faults += 1
        witness.check(ended.acknowledged, what)


def _child(home: Path, work: str, layer: Layer, pipe: int) -> None:
    """What the child does; it never returns."""

    def tell(kind: str, text: str) -> None:
        os.write(pipe, f"{kind} {text}\n".encode())

    status = _BROKEN
    try:
        layer.install()
        with Store(home, file_limit=4000) as store:
            WORKS[work](store, lambda identifier: tell("kept", identifier))
        status = 0
    except ArchiveError as error:
        status = _REFUSED
        tell("trace", str(error).replace("\n", " "))
    except BaseException:  # noqa: BLE001  # reported as what it is: a broken promise
        tell("trace", traceback.format_exc().replace("\n", " "))
    for label in layer.events:
        tell("event", label)
    os._exit(status)


def kills(bench: Bench, works: list[str]) -> Iterator[tuple[str, Fault, set[Answers], str]]:
    """Before, in the middle of, and after every event of every work."""
    for work in works:
        new, events = bench.outcome(work)
        for at, label in enumerate(events):
            hows = ("before", "torn", "after") if label.startswith("write") else ("before", "after")
            for how in hows:
                yield work, Fault(at, how), {bench.old, new}, label


def errors(bench: Bench, works: list[str]) -> Iterator[tuple[str, Fault, set[Answers], str]]:
    """Every event fails once, and from every event on all fail."""
    for work in works:
        new, events = bench.outcome(work)
        for at, label in enumerate(events):
            for code in _ERRORS:
                lasting = code == errno.ENOSPC
                yield work, Fault(at, "error", code, lasting), {bench.old, new}, label


def flips(folder: Path, tally: Tally, most: int, seed: int, only: str = "") -> None:
    """One bit in every file of an archive at places of chance, eight times over.

    With `only`, as often as `most` says in the files of that name.
    """
    chance = random.Random(seed)  # noqa: S311
    bench = Bench(folder, tally)
    whole = bench.fresh()
    with Store(whole, file_limit=4000) as store:
        IndexBuilder(store).update()
    right = live_answers(whole)
    kept = _kept(whole)
    shutil.rmtree(bench._template)
    whole.rename(bench._template)
    files = [path.relative_to(bench._template) for path in bench._template.rglob("*")]
    places = [
        (name, turn)
        for turn in range(most if only else 8)
        for name in sorted(files)
        if (bench._template / name).is_file() and name.name != "lock" and only in ("", name.name)
    ]
    for name, _ in places[:most]:
        home = bench.fresh()
        data = bytearray((home / name).read_bytes())
        if not data:
            continue
        at = chance.randrange(len(data) * 8)
        data[at // 8] ^= 1 << at % 8
        (home / name).unlink()
        (home / name).write_bytes(data)
        tally.faults += 1
        what = f"bit {at} of {name}"
        _judge(home, what, {bench.old, right}, tally)
        _judge_catalogue(home, what, kept, tally)


def _kept(home: Path) -> list[tuple[Any, ...]]:
    """All that the catalogue says."""
    with Store(home, file_limit=4000) as store:
        articles = list(store.articles())
        versions = [store.versions(article.identifier) for article, _ in articles]
        return [*articles, *versions, *store.changes(0)]


def _judge_catalogue(home: Path, what: str, kept: list[tuple[Any, ...]], tally: Tally) -> None:
    """What verify does not name is as it was."""
    if "catalogue" not in what:
        return
    try:
        with Store(home, file_limit=4000) as store:
            named = [*store.verify().problems, *verify_index(store).problems]
        if not named and _kept(home) != kept:
            tally.wrong.append(f"{what}: verify does not see it")
    except ArchiveError:
        pass


def _judge(home: Path, what: str, allowed: set[Answers], tally: Tally) -> None:
    """Damage is refused or harmless, named by verify, and mended when it is in the index."""
    index = "of index" in what
    try:
        answers = live_answers(home)
        tally.requests += len(answers)
        if answers not in allowed:
            tally.wrong.append(f"{what}: wrong answers")
    except ArchiveError:
        pass
    try:
        with Store(home, file_limit=4000) as store:
            named = [*verify_index(store).problems, *store.verify().problems]
            # Parts of an unfinished rebuild are checked when it goes on.
            part = "of index/rebuild" in what
            if not named and not part and "catalogue" not in what:
                tally.wrong.append(f"{what}: verify does not see it")
            if index:
                (IndexBuilder(store).rebuild if part else IndexBuilder(store).repair)()
                if verify_index(store).problems:
                    tally.wrong.append(f"{what}: one repair does not mend it")
                if set(live_answers(home)[0]) != {one for one, _ in store.identifiers()}:
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
    given = parser.parse_args()
    tally = Tally()
    count_unpickling(tally)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tangthu-faults-") as name:
        _run(given, Path(name), tally)
    figures = {
        "kind": given.kind,
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


def _run(given: argparse.Namespace, folder: Path, tally: Tally) -> None:
    if given.kind == "readers":
        read_beside_writer(folder, given.seconds, tally)
        return
    if given.kind == "flips":
        flips(
            folder,
            tally,
            given.most or (500 if given.only else sys.maxsize),
            given.seed,
            given.only,
        )
        return
    bench = Bench(folder, tally)
    chosen = errors if given.kind == "errors" else kills
    faults = list(chosen(bench, given.work or list(WORKS)))
    random.Random(given.seed).shuffle(faults)  # noqa: S311
    for number, (work, fault, allowed, label) in enumerate(faults[: given.most]):
        cut = given.seed * 1_000_000 + number if given.kind == "cuts" else -1
        bench.meet(work, fault, allowed, label, cut)


if __name__ == "__main__":
    main()
