"""Which tests come by each line of the code, and how long each takes."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from coverage import CoverageData

from tests.mutation.mutations import Mutation
from tests.mutation.survivors import ListedMutation
from tests.mutation.warm_runs import load_libraries, run_tests
from tests.paths import ROOT

_COVERAGE = ".coverage-of-mutants"
_DURATIONS = "durations.xml"
_LONGEST_SECONDS = 3600.0


def own_tests(module: str) -> str:
    """Return the test file that mirrors a module, whether it exists or not."""
    return str(Path("tests") / Path(module).with_name(f"test_{Path(module).name}"))


def mirrored_tests(modules: list[str]) -> list[str]:
    """Return the test files that mirror some modules, as far as they exist."""
    return [path for path in map(own_tests, modules) if (ROOT / path).exists()]


def room_tests(modules: list[str]) -> list[str]:
    """Return the test folders of the rooms of some modules, and the files beside them."""
    rooms = {Path("tests") / Path(module).parent for module in modules}
    beside = {room.with_name(f"test_{room.name}.py") for room in rooms}
    # A whole search goes through every room below.
    parents = {room.parent.with_name(f"test_{room.parent.name}.py") for room in rooms}
    return sorted(str(place) for place in rooms | beside | parents if (ROOT / place).exists())


@dataclass
class CoveringTests:
    """The tests of a copy of the checkout: what each one runs through, and its seconds."""

    checkout: Path
    durations: dict[str, float]
    options: tuple[str, ...] = ()
    _lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    @classmethod
    def measure(
        cls, checkout: Path, tests: list[str], chosen: tuple[str, ...] = ()
    ) -> CoveringTests:
        """Run some tests once, chosen by options; the libraries that they use stay loaded."""
        options = [*chosen, "-p", "pytest_cov", "--cov-context=test", "--cov-report="]
        packages = [f"--cov={package}" for package in ("archive", "indexer", "web")]
        words = [*options, *packages, "--junit-xml", str(checkout / _DURATIONS), *tests]
        os.environ["COVERAGE_FILE"] = str(checkout / _COVERAGE)
        output = checkout / "output.txt"
        # Once more, if a busy machine was too slow for one of them.
        if all(run_tests(checkout, words, _LONGEST_SECONDS, str(output)) for _ in range(2)):
            end = output.read_text(encoding="utf-8", errors="replace")[-4000:]
            raise SystemExit(f"the tests fail without a change:\n{end}")
        load_libraries(checkout, checkout / "libraries.txt")
        durations: defaultdict[str, float] = defaultdict(float)
        for case in ET.parse(checkout / _DURATIONS).iter("testcase"):  # noqa: S314
            path = case.attrib["classname"].replace(".", "/")
            name = case.attrib["name"].partition("[")[0]
            durations[f"{path}.py::{name}"] += float(case.attrib["time"])
        return cls(checkout, durations, chosen)

    def choose(self, mutation: Mutation | ListedMutation, seconds: float) -> list[str]:
        """Return the tests that may notice a mutation: its own first, then the quickest."""
        lines = self._by_line(mutation.module)
        places = range(mutation.first, mutation.last + 1)
        passing = {test for line in places for test in lines.get(line, ())}
        if not passing:
            # What is run as the module is imported concerns all its tests.
            passing = {test for tests in lines.values() for test in tests}
        own = own_tests(mutation.module)
        if not passing and (self.checkout / own).exists():
            # A module of nothing but definitions.
            return [own]
        ranked = sorted(
            passing,
            key=lambda test: (not test.startswith(own), self.durations.get(test, 0), test),
        )
        chosen: list[str] = []
        for test in ranked:
            seconds -= self.durations.get(test, 0)
            if chosen and seconds < 0:
                break
            chosen.append(test)
        return chosen

    def _by_line(self, module: str) -> dict[int, set[str]]:
        """Return the tests that come by each line of a module."""
        if module not in self._lines:
            data = CoverageData(str(self.checkout / _COVERAGE))
            data.read()
            tests: defaultdict[int, set[str]] = defaultdict(set)
            for line, names in data.contexts_by_lineno(str(self.checkout / module)).items():
                tests[line] = {name.partition("|")[0].partition("[")[0] for name in names} - {""}
            self._lines[module] = tests
        return self._lines[module]
