"""An archive of which copies are broken by works that meet faults in a child process."""

from __future__ import annotations

import os
import random
import shutil
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.backups.backup import backup
from archive.errors import ArchiveError
from archive.store import Store
from indexer.derived.dataset import load_derived_data
from indexer.engine_factory import index_files
from indexer.generations.generations import Generations
from tests.faults.fault_layer import Fault, FaultLayer
from tests.faults.fault_works import (
    BESIDE_WORKS,
    FILE_LIMIT,
    OLD_INDEX_WORKS,
    REFUSED,
    WORKS,
    Answers,
    Tally,
    Witness,
    make_index_older,
    prepare_archive,
    read_live_answers,
)
from tests.faults.power_loss import cut_power

REFUSAL, BROKEN = 3, 4
"""Statuses of a child: the program said why it cannot, and anything else."""


@dataclass(frozen=True)
class FaultCase:
    """A work, the fault that it meets, the answers that are right afterwards, and the event."""

    work: str
    fault: Fault
    allowed: set[Answers]
    label: str


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
        tally: the figures, to which every fault adds.
    """

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._folder, self.tally = folder, tally
        self.path, self._older = folder / "template", folder / "older"
        prepare_archive(self.path)
        with Store(self.path, file_limit=FILE_LIMIT) as store:
            backup(store, folder / "bag")
        shutil.copytree(self.path, self._older)
        make_index_older(self._older)
        self.old = read_live_answers(self.path)

    def copy(self, work: str = "", home: Path | None = None) -> Path:
        """Make a copy of the template that a work can begin with."""
        home = home or self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self._older if work in OLD_INDEX_WORKS else self.path, home)
        return home

    def old_answers(self, work: str) -> Answers:
        """Return the answers before a work."""
        return REFUSED if work in OLD_INDEX_WORKS else self.old

    def outcome(self, work: str) -> tuple[Answers, list[str]]:
        """Do a work without a fault; return the answers after it, and its events."""
        home = self.copy(work)
        result = self.run(home, work, Fault())
        assert result.status == 0, f"{work}: {result}"
        return read_live_answers(home), result.events

    def run(
        self,
        home: Path,
        work: str,
        fault: Fault,
        shadow: Path | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> ChildResult:
        """Do a work in a child process that meets a fault; `prepare` is called in it first."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            prepare()
            _child(home, work, FaultLayer(home, fault, shadow), writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            lines = [line.rstrip("\n").split(" ", 1) for line in pipe]
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        by_kind: dict[str, list[str]] = {"kept": [], "event": [], "trace": []}
        for kind, text in lines:
            by_kind[kind].append(text)
        return ChildResult(status, by_kind["kept"], by_kind["event"], "\n".join(by_kind["trace"]))

    def try_fault(self, case: FaultCase, cut: int = -1) -> None:
        """Do a work that meets a fault, and check everything that has to hold after it."""
        home, fault = self.copy(case.work), case.fault
        witness = Witness(home, case.allowed, self.tally)
        shadow = self._folder / "shadow" if cut >= 0 else None
        if shadow:
            shutil.rmtree(shadow, ignore_errors=True)
            shadow.mkdir()
        result = self.run(home, case.work, fault, shadow)
        what = f"{case.work} {fault.how} {fault.event} {case.label}"
        expected = (0, REFUSAL) if fault.how in ("error", "lie") else (-signal.SIGKILL,)
        if result.status not in expected:
            self.tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
        if shadow and result.status == -signal.SIGKILL:
            cut_power(home, shadow, random.Random(cut))  # noqa: S311
        if fault.how == "lie" and result.status == 0:
            self._check_published(home, what)
        self.tally.faults += 1
        witness.check(result.acknowledged, what)

    def _check_published(self, home: Path, what: str) -> None:
        """Check that an index that was published has the checksums that are written in it."""
        try:
            folder = Generations(home / "index").current().folder
            index_files().check(folder)
            load_derived_data(folder)
        except ArchiveError as error:
            self.tally.wrong.append(f"{what}: a damaged index was published: {error}")


def _child(home: Path, work: str, layer: FaultLayer, pipe: int) -> None:
    """Do a work in the child; never return."""

    def report(kind: str, text: str) -> None:
        os.write(pipe, f"{kind} {text}\n".encode())

    status = BROKEN
    try:
        layer.install()
        with Store(home, file_limit=FILE_LIMIT) as store:
            (WORKS | BESIDE_WORKS)[work](store, lambda identifier: report("kept", identifier))
        status = 0
    except ArchiveError as error:
        status = REFUSAL
        report("trace", str(error).replace("\n", " "))
    except BaseException:  # noqa: BLE001  # reported as what it is: a broken promise
        report("trace", traceback.format_exc().replace("\n", " "))
    for label in layer.events:
        report("event", label)
    os._exit(status)
