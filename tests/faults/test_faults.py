"""A share of every kind of fault, another one each day: kills, losses of power, failing disks.

Its seed is printed when it fails. The whole run, and how to add to it, is in tests/README.md.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.faults.fault_run import SHARE
from tests.paths import ROOT


def run(*words: str) -> dict[str, int]:
    """The figures of a run in a process of its own, which has no threads to fork."""
    # bagit 1.9.0 decodes file names in an old way.
    bagit = "ignore:'count' is passed as positional argument:DeprecationWarning"
    options = ["-W", "error", "-W", bagit]
    command = [sys.executable, *options, "-m", "tests.faults.fault_run", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    figures: dict[str, int] = json.loads(done.stdout)
    assert figures["losses"] == figures["unpickled"] == figures["wrong"] == 0
    return figures


@pytest.mark.parametrize("kind", SHARE)
def test_faults_lose_nothing_and_leave_the_old_index_or_the_new(kind: str) -> None:
    count = run(kind, "--most", str(SHARE[kind]))["faults"]
    if kind == "disks" and not count:
        pytest.skip("no disk may be mounted here")
    assert count == SHARE[kind]


def test_readers_beside_a_writer_get_right_answers() -> None:
    figures = run("readers", "--seconds", "2")
    assert figures["requests"] > figures["faults"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["kills", "cuts", "errors", "lies", "flips", "swaps"])
def test_every_fault_at_every_place(kind: str) -> None:
    assert run(kind)["faults"] > 100
