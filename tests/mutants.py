"""Mutation testing with cosmic-ray: would the tests notice a small change of the code?

`make mutants ARGS='archive/warc_dates.py --most 50'` changes a copy of the checkout, one place at a
time, and runs the tests that come by that place, the nearest and quickest first. It prints how many
changes they noticed, and each that they did not. Which changes are tried (`--most`) depends on the
seed, by default the day's.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome
from coverage import CoverageData

from tests.paths import ROOT, copy_checkout

PACKAGES = (
    "archive",
    "indexer/indexing",
    "indexer/generations",
    "indexer/search/interpret",
    "indexer/search/execute",
    "web/http",
)
"""The packages whose tests have to notice."""

_ANNOTATIONS = "core/ReplaceBinaryOperator_BitOr"
"""Changes of `|`, which nearly always is in an annotation that nothing evaluates."""

_COVERAGE = ".coverage-of-mutants"
_DURATIONS = "durations.xml"
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def list_modules(places: list[str]) -> list[str]:
    """Return the modules at some places of the checkout."""
    paths = [ROOT / place for place in places]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
    return sorted(str(file.relative_to(ROOT)) for file in files if file.stem != "__init__")


def own_tests(module: str) -> str:
    """Return the test file that mirrors a module, whether it exists or not."""
    return str(Path("tests") / Path(module).with_name(f"test_{Path(module).name}"))


def room_tests(modules: list[str]) -> list[str]:
    """Return the test folders of the rooms of some modules, and the files beside them."""
    rooms = {Path("tests") / Path(module).parent for module in modules}
    beside = {room.with_name(f"test_{room.name}.py") for room in rooms}
    # A whole search goes through every room below.
    parents = {room.parent.with_name(f"test_{room.parent.name}.py") for room in rooms}
    return sorted(str(place) for place in rooms | beside | parents if (ROOT / place).exists())


@dataclass(frozen=True)
class MutationTests:
    """The tests of a copy of the checkout: what each one runs through, and its seconds."""

    checkout: Path
    durations: dict[str, float]

    @classmethod
    def measure(cls, checkout: Path, modules: list[str]) -> MutationTests:
        """Run the tests of the rooms of some modules once."""
        options = ["-p", "pytest_cov", "--cov-context=test", "--cov-report=", "--junit-xml"]
        packages = [f"--cov={package}" for package in ("archive", "indexer", "web")]
        command = [sys.executable, *_PYTEST, *options, _DURATIONS, *packages, *room_tests(modules)]
        environment = os.environ | {"COVERAGE_FILE": str(checkout / _COVERAGE)}
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True)
        if done.returncode:
            raise SystemExit(f"the tests fail without a change:\n{done.stdout.decode()[-4000:]}")
        durations: defaultdict[str, float] = defaultdict(float)
        for case in ET.parse(checkout / _DURATIONS).iter("testcase"):  # noqa: S314
            path = case.attrib["classname"].replace(".", "/")
            durations[f"{path}.py::{case.attrib['name'].partition('[')[0]}"] += float(
                case.attrib["time"]
            )
        return cls(checkout, durations)

    def by_line(self, module: str) -> dict[int, set[str]]:
        """Return the tests that come by each line of a module."""
        data = CoverageData(str(self.checkout / _COVERAGE))
        data.read()
        contexts = data.contexts_by_lineno(str(self.checkout / module))
        tests = defaultdict(set)
        for line, names in contexts.items():
            for name in names:
                tests[line].add(name.partition("|")[0].partition("[")[0])
        return tests

    def choose(self, lines: dict[int, set[str]], mutation: MutationSpec, seconds: float) -> str:
        """Return the tests that may notice a mutation, as words of a command."""
        first, last = mutation.start_pos[0], mutation.end_pos[0]
        passing = {test for line in range(first, last + 1) for test in lines.get(line, ())}
        if not passing - {""}:
            # What is run as the module is imported concerns all its tests.
            passing = {test for tests in lines.values() for test in tests}
        own = own_tests(str(mutation.module_path))
        ranked = sorted(
            passing - {""},
            key=lambda test: (not test.startswith(own), self.durations.get(test, 0), test),
        )
        chosen: list[str] = []
        for test in ranked:
            seconds -= self.durations.get(test, 0)
            if chosen and seconds < 0:
                break
            chosen.append(test)
        return " ".join(chosen)


def list_mutations(checkout: Path, modules: list[str], chance: random.Random) -> list[MutationSpec]:
    """Return the mutations of some modules in an order of chance, one of a kind for each place.

    A `/` between paths could become ten other operators, which say all the same of the tests.
    """
    with use_db(checkout / "mutations.sqlite", WorkDB.Mode.create) as database:
        init([Path(module) for module in modules], database, {})
        changes = [change for item in database.work_items for change in item.mutations]
    changes.sort(
        key=lambda change: (str(change.module_path), change.start_pos, change.operator_name)
    )
    chance.shuffle(changes)
    places = {}
    for change in changes:
        if not change.operator_name.startswith(_ANNOTATIONS):
            kind = change.operator_name.partition("_")[0]
            places[change.module_path, change.start_pos, change.end_pos, kind] = change
    return list(places.values())


@dataclass
class Outcome:
    """The mutants tried so far and those that a test noticed, by module."""

    tried: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)

    def print(self) -> None:
        """Print both as a table."""
        for module in sorted(self.tried):
            print(f"| {module} | {self.tried[module]} | {self.noticed[module]} |")
        print(f"{self.noticed.total()} of {self.tried.total()} mutants were noticed", flush=True)


def mutate(
    tests: MutationTests, mutations: list[MutationSpec], options: argparse.Namespace
) -> Outcome:
    """Try mutations one by one, until an interruption; print each that no test noticed."""
    outcome = Outcome()
    with suppress(KeyboardInterrupt):
        for mutation in mutations:
            module = str(mutation.module_path)
            words = tests.choose(tests.by_line(module), mutation, options.seconds)
            command = f"{sys.executable} {' '.join(_PYTEST)} -x {words}"
            result = mutate_and_test([mutation], command, options.timeout)
            if result.test_outcome not in (TestOutcome.SURVIVED, TestOutcome.KILLED):
                continue
            noticed = result.test_outcome is TestOutcome.KILLED and bool(words)
            outcome.tried[module] += 1
            outcome.noticed[module] += noticed
            if not noticed:
                reason = "" if words else " (no test comes by)"
                print(f"{mutation.operator_name}{reason}\n{result.diff}\n", flush=True)
    return outcome


def main() -> None:
    """Print a table of the modules, and every change that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=list(PACKAGES))
    parser.add_argument("--most", type=int, help="mutants to try, by default all")
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--seconds", type=float, default=20.0, help="of tests for one mutant")
    parser.add_argument("--timeout", type=float, default=180.0, help="of one run of tests")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    modules = list_modules(options.places)
    with tempfile.TemporaryDirectory(prefix="tangthu-mutants-") as folder:
        checkout = Path(folder).resolve()
        copy_checkout(checkout)
        # Plugins that these tests do not need take longer to load than most tests.
        os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": folder}
        os.chdir(checkout)
        mutations = list_mutations(checkout, modules, random.Random(options.seed))  # noqa: S311
        print(f"{len(mutations)} mutants of {len(modules)} modules", flush=True)
        tests = MutationTests.measure(checkout, modules)
        mutate(tests, mutations[: options.most], options).print()


if __name__ == "__main__":
    main()
