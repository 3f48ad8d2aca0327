"""A run of kills that is ended before its time takes its servers with it."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.paths import ROOT

_PROGRAM = """
import time
from tests.faults import node_kills

def run(*_):
    try:
        print("servers run", flush=True)
        time.sleep(600)
    finally:
        print("servers are stopped", flush=True)

node_kills.run_kills = run
node_kills.main()
"""


def test_a_run_that_is_ended_stops_its_servers() -> None:
    command = [sys.executable, "-c", _PROGRAM]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "servers run\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "servers are stopped\n"
    assert process.returncode == 1
