"""Mutation testing with cosmic-ray: would the tests notice a small change of the code?

`make mutants ARGS='archive/warc_dates.py --most 50'` changes a copy of the checkout, one place at a
time, and runs the tests that mirror the module. It prints how many changes they noticed and each
that they did not. A sample (`--most`) depends on the seed, by default the day's.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome

from tests.paths import ROOT

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

_CONFIG = """
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{command}"
[cosmic-ray.distributor]
name = "local"
"""


def modules(places: list[str]) -> list[str]:
    """Return the modules at some places of the checkout."""
    paths = [ROOT / place for place in places]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
    return sorted(str(file.relative_to(ROOT)) for file in files if file.stem != "__init__")


def mirror(module: str) -> list[str]:
    """Return the test files of a module: its own, else those of its room."""
    path = Path("tests") / Path(module).with_name(f"test_{Path(module).name}")
    if (ROOT / path).exists():
        return [str(path)]
    room = [path.parent, path.parent.with_name(f"test_{path.parent.name}.py")]
    return [str(place) for place in room if (ROOT / place).exists()]


def copy_checkout(target: Path) -> None:
    """Copy the files of the checkout, in which nothing else is changed meanwhile."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    for name in names.splitlines():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)


def sample(session: Path, most: int, seed: int) -> None:
    """Leave so many mutants of a session, chosen by the seed."""
    with use_db(session, WorkDB.Mode.open) as database:
        items = [
            item
            for item in database.work_items
            if not any(change.operator_name.startswith(_ANNOTATIONS) for change in item.mutations)
        ]
        database.clear()
        database.add_work_items(random.Random(seed).sample(items, min(most, len(items))))


def survivors(session: Path) -> tuple[int, list[str]]:
    """Return the number of mutants that ran, and the diffs that no test noticed."""
    with use_db(session, WorkDB.Mode.open) as database:
        results = [result for _, result in database.completed_work_items]
    ran = [result for result in results if result.test_outcome is not TestOutcome.INCOMPETENT]
    return len(ran), [
        str(result.diff) for result in ran if result.test_outcome is TestOutcome.SURVIVED
    ]


def mutate(checkout: Path, module: str, options: argparse.Namespace) -> tuple[int, list[str]]:
    """Run the mutants of one module."""
    session, config = checkout / "session.sqlite", checkout / "session.toml"
    session.unlink(missing_ok=True)
    tests = " ".join(mirror(module))
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider -p no:randomly {tests}"
    config.write_text(_CONFIG.format(module=module, timeout=options.timeout, command=command))
    for step in ("init", "exec"):
        program = [sys.executable, "-m", "cosmic_ray.cli", step, config.name, session.name]
        subprocess.run(program, cwd=checkout, check=True, capture_output=True)
        if step == "init":
            sample(session, options.most, options.seed)
    return survivors(session)


def main() -> None:
    """Print a table of the modules, and every change that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=list(PACKAGES))
    parser.add_argument("--most", type=int, default=1 << 30, help="mutants of one module")
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds of one run of tests")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    total = unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="tangthu-mutants-") as folder:
        copy_checkout(Path(folder))
        for module in modules(options.places):
            count, diffs = mutate(Path(folder), module, options)
            total, unnoticed = total + count, unnoticed + len(diffs)
            print(f"| {module} | {count} | {count - len(diffs)} |", *diffs, sep="\n", flush=True)
    print(f"{total - unnoticed} of {total} mutants were noticed")


if __name__ == "__main__":
    main()
