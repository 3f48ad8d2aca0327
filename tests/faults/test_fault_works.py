"""The works of the harness do the same each time, or a fault would not meet its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

COUNT = """
import itertools, sys
from pathlib import Path
from types import SimpleNamespace
from indexer.generations import progress_file
from tests.faults.fault_works import Tally
from tests.faults.template_archive import TemplateArchive
template = TemplateArchive(Path(sys.argv[1]), Tally())
for seconds in (0, 10):
    clock = itertools.count(100, seconds)
    progress_file.time = SimpleNamespace(monotonic=lambda: next(clock))
    print(len(template.outcome("rebuild")[1]))
"""


def test_a_slow_machine_has_the_same_events(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    quick, slow = done.stdout.split()
    assert int(quick) == int(slow) > 100
