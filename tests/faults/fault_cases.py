"""The faults that works can meet, and a share of them in which every kind occurs."""

from __future__ import annotations

import errno
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.faults.fault_layer import Fault
from tests.faults.template_archive import FaultCase, TemplateArchive

_ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def kill_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield kills before, in the middle of, and after every event of every work."""
    for work in works:
        new, events = template.outcome(work)
        for event, label in enumerate(events):
            hows = ("before", "torn", "after") if label.startswith("write") else ("before", "after")
            for how in hows:
                allowed = {template.old_answers(work), new}
                yield FaultCase(work, Fault(event, how), allowed, label)


def cut_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield kills that a loss of power follows: before an event is as good as after the last."""
    for case in kill_faults(template, works):
        if case.fault.how != "before":
            yield case


def error_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield errors of every event alone, and of every event with all after it."""
    for work in works:
        new, events = template.outcome(work)
        for event, label in enumerate(events):
            for code in _ERRORS:
                lasting = code == errno.ENOSPC
                allowed = {template.old_answers(work), new}
                yield FaultCase(work, Fault(event, "error", code, lasting), allowed, label)


def lie_faults(template: TemplateArchive, works: list[str]) -> Iterator[FaultCase]:
    """Yield writes to an index that change a byte while the disk says that all is well."""
    for work in works:
        new, events = template.outcome(work)
        for event, label in enumerate(events):
            if label.startswith("write index/generations"):
                allowed = {template.old_answers(work), new}
                yield FaultCase(work, Fault(event, "lie"), allowed, label)


def spread(cases: list[FaultCase], chance: random.Random) -> list[FaultCase]:
    """Return faults in an order of chance in which the first ones are of different kinds.

    A kind is an operation on a place such as `replace index/CURRENT`, with the way it fails; the
    second fault of a kind is of another work than the first, if there is one.
    """
    mixed = list(cases)
    chance.shuffle(mixed)
    for key in (lambda case: (_kind(case), case.work), _kind):
        seen: Counter[object] = Counter()
        ranks = []
        for case in mixed:
            ranks.append(seen[key(case)])
            seen[key(case)] += 1
        mixed = [mixed[i] for i in sorted(range(len(mixed)), key=ranks.__getitem__)]
    return mixed


def spread_cuts(cases: list[FaultCase], chance: random.Random) -> list[FaultCase]:
    """Return faults as `spread` does, with those first after which most was promised.

    These are losses after a work has ended, several times over for what is lost by chance, and
    those while articles are added.
    """
    works = sorted({case.work for case in cases})
    last = {case.work: case for case in cases if case.fault.how == "after"}
    ends = [last[work] for work in works for _ in range(3)] + [last["add"]] if "add" in last else []
    adding = spread([case for case in cases if case.work == "add"], chance)
    kinds = len({_kind(case) for case in adding})
    return [*ends, *adding[: 2 * kinds], *spread(cases, chance)]


def _kind(case: FaultCase) -> tuple[str, str, int]:
    operation, _, place = case.label.partition(" ")
    parts = [re.sub(r"[0-9]+|tmp\w+", "#", part) for part in Path(place).parts]
    name = "".join(Path(parts[-1]).suffixes[-1:]) if len(parts) > 2 else ""
    return f"{operation} {'/'.join(parts[:2])} {name}", case.fault.how, case.fault.code
