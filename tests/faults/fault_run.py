"""Run faults against a small archive and print the outcome as JSON.

    python -m tests.faults.fault_run kills|cuts|errors|lies [--most N] [--seed S] [--work NAME]
    python -m tests.faults.fault_run flips|swaps|bags|clocks|locks|writers|disks [--most N]
    python -m tests.faults.fault_run flips --only catalogue.sqlite --most 2000
    python -m tests.faults.fault_run readers --seconds 600

Without --most every place is tried. The seed is the day's unless one is given, and printed. Exit
status 1 when anything was lost, wrong or unpickled; TANGTHU_FAULTS_KEEP=FOLDER keeps the archives
of failures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.faults import damage, fault_cases, surroundings
from tests.faults.fault_works import WORKS, Tally, count_unpickling
from tests.faults.reader_load import read_beside_writer
from tests.faults.template_archive import TemplateArchive

FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
"""Where archives are broken: in memory if it can be, where nobody waits for a disk."""

SHARE = {
    "kills": 60,
    "cuts": 84,
    "errors": 30,
    "lies": 16,
    "flips": 30,
    "swaps": 9,
    "bags": 9,
    "clocks": 9,
    "locks": 4,
    "writers": 8,
    "disks": 9,
}
"""The share of every kind of fault that the tests try each time."""

_CASES = {
    "kills": fault_cases.kill_faults,
    "cuts": fault_cases.cut_faults,
    "errors": fault_cases.error_faults,
    "lies": fault_cases.lie_faults,
}
_SCENES = {
    "swaps": (damage.swap_contents, 300),
    "bags": (damage.damage_backups, 300),
    "clocks": (surroundings.jumping_clocks, 9),
    "locks": (surroundings.missing_locks, 9),
    "writers": (surroundings.two_writers, 200),
    "disks": (surroundings.small_disks, 200),
}
"""The other kinds, and how often each is tried without --most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[*_CASES, "flips", *_SCENES, "readers"])
    parser.add_argument("--most", type=int)
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--only", default="", metavar="FILE", help="flips: files of this name")
    parser.add_argument("--work", choices=sorted(WORKS), action="append")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    if options.kind == "disks":
        surroundings.unshare_mounts()
    tally = Tally()
    count_unpickling(tally)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tangthu-faults-", dir=FOLDER) as name:
        _run(options, Path(name), tally)
    figures = {
        "kind": options.kind,
        "seed": options.seed,
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
    elif options.kind == "flips":
        most = options.most or (500 if options.only else sys.maxsize)
        damage.flip_bits(folder, tally, most, options.seed, options.only)
    elif options.kind in _SCENES:
        run, most = _SCENES[options.kind]
        run(folder, tally, options.most or most, options.seed)
    else:
        _run_cases(options, TemplateArchive(folder, tally))


def _run_cases(options: argparse.Namespace, template: TemplateArchive) -> None:
    cases = list(_CASES[options.kind](template, options.work or list(WORKS)))
    chance = random.Random(options.seed)  # noqa: S311
    cuts = options.kind == "cuts"
    # A loss of power is by chance even at one place; the whole run tries each place once.
    order = fault_cases.spread_cuts if cuts and options.most else fault_cases.spread
    for number, case in enumerate(order(cases, chance)[: options.most]):
        template.try_fault(case, options.seed * 1_000_000 + number if cuts else -1)


if __name__ == "__main__":
    main()
