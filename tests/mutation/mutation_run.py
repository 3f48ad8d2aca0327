"""Mutation testing with cosmic-ray: would the tests notice a small change of the code?

`make mutants ARGS='archive/originals/warc_dates.py --most 50'` changes a copy of the checkout, one
place at a time, and runs the tests that come by that place, the nearest and quickest first. It
prints how many changes they noticed, and each that they did not. Which changes are tried (`--most`)
depends on the seed, by default the day's. What it prints of the others are rows of a table, which
`--again FILE` tries once more.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.mutation.covering_tests import CoveringTests, mirrored_tests, room_tests
from tests.mutation.mutations import (
    PACKAGES,
    Mutation,
    list_modules,
    list_mutations,
    package_of,
)
from tests.mutation.survivors import (
    LISTED,
    ListedMutation,
    choose_again,
    read_survivors,
    survivor_of,
)
from tests.mutation.warm_runs import run_tests
from tests.paths import copy_checkout

_ALONE = ("-p", "tests.mutation.without_servers")
AnyMutation = Mutation | ListedMutation


@dataclass
class Outcome:
    """The mutants tried so far, and those that a test noticed, by module."""

    tried: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)

    def print(self) -> None:
        """Print the tables of the modules and of the packages: tried, noticed, survived."""
        packages = {module: package_of(module) for module in self.tried}
        for names in ({module: module for module in self.tried}, packages):
            tried, noticed = Counter[str](), Counter[str]()
            for module, name in names.items():
                tried[name] += self.tried[module]
                noticed[name] += self.noticed[module]
            for name in sorted(tried):
                counts = (tried[name], noticed[name], tried[name] - noticed[name])
                print(f"| `{name}` | {' | '.join(map(str, counts))} |")
        print(f"{self.noticed.total()} of {self.tried.total()} mutants were noticed", flush=True)


@contextmanager
def changed_code(path: Path, code: str, number: int) -> Iterator[None]:
    """Give a file another content for a while.

    Python tells an old compiled file by seconds and size, which a change may leave as they are: so
    the time is one that the file never had.
    """
    original, times = path.read_bytes(), path.stat()
    path.write_text(code, encoding="utf-8")
    os.utime(path, (times.st_atime, times.st_mtime + 1 + number))
    try:
        yield
    finally:
        path.write_bytes(original)
        os.utime(path, (times.st_atime, times.st_mtime))


def try_mutations(
    tests: CoveringTests, mutations: Sequence[AnyMutation], options: argparse.Namespace
) -> Outcome:
    """Try mutations one by one, until an interruption; print each that no test noticed."""
    outcome = Outcome()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        for number, mutation in enumerate(mutations):
            path = tests.checkout / mutation.module
            code = path.read_text(encoding="utf-8")
            words = tests.choose(mutation, options.seconds)
            status = int(pytest.ExitCode.NO_TESTS_COLLECTED)
            if words:
                with changed_code(path, mutation.apply(code), number):
                    status = run_tests(
                        tests.checkout, ["-x", *tests.options, *words], options.timeout
                    )
            outcome.tried[mutation.module] += 1
            if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                outcome.noticed[mutation.module] += 1
                continue
            print(survivor_of(mutation, code), flush=True)
    return outcome


def choose_mutations(checkout: Path, options: argparse.Namespace) -> Sequence[AnyMutation]:
    """Return the mutations to try, in an order of chance."""
    modules = list_modules(options.places)
    chance = random.Random(options.seed)  # noqa: S311
    if options.again:
        return list(choose_again(checkout, modules, read_survivors(options.again)))
    if options.modules:
        tested = [module for module in modules if mirrored_tests([module])]
        modules = sorted(chance.sample(tested, min(options.modules, len(tested))))
    mutations = list_mutations(checkout, modules, chance)
    print(f"{len(mutations)} mutants of {len(modules)} modules", flush=True)
    if options.least is None:
        return mutations[options.skip :][: options.most]
    listed = read_survivors(LISTED)
    codes = {module: (checkout / module).read_text(encoding="utf-8") for module in modules}
    unlisted = (
        mutation
        for mutation in mutations
        if survivor_of(mutation, codes[mutation.module]) not in listed
    )
    return list(itertools.islice(unlisted, options.most))


def read_options() -> argparse.Namespace:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=list(PACKAGES))
    parser.add_argument("--most", type=int, help="mutants to try, by default all")
    parser.add_argument("--skip", type=int, default=0, help="mutants that a run before has tried")
    parser.add_argument("--modules", type=int, help="modules to draw, of those with a test file")
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--seconds", type=float, default=20.0, help="of tests for one mutant")
    parser.add_argument("--timeout", type=float, default=180.0, help="of one run of tests")
    parser.add_argument("--mirrored", action="store_true", help="only the tests of the module")
    parser.add_argument("--alone", action="store_true", help="no tests that need a server")
    parser.add_argument("--again", type=Path, help="a file with rows of mutants to try again")
    parser.add_argument(
        "--least", type=float, help="share of unlisted mutants to notice, else it ends with 1"
    )
    return parser.parse_args()


def main() -> None:
    """Print a table of the modules, and every change that no test noticed."""
    options = read_options()
    print(f"seed {options.seed}", flush=True)
    # What an interrupted run of tests had begun may still write there.
    with tempfile.TemporaryDirectory(
        prefix="tangthu-mutants-", ignore_cleanup_errors=True
    ) as folder:
        checkout = Path(folder).resolve()
        copy_checkout(checkout)
        mutations = choose_mutations(checkout, options)
        modules = sorted({mutation.module for mutation in mutations})
        chosen = mirrored_tests(modules) if options.mirrored else room_tests(modules)
        tests = CoveringTests.measure(checkout, chosen, _ALONE if options.alone else ())
        outcome = try_mutations(tests, mutations, options)
        outcome.print()
    if options.least and outcome.noticed.total() < options.least * outcome.tried.total():
        raise SystemExit(f"fewer than {options.least:.0%} were noticed")


if __name__ == "__main__":
    main()
