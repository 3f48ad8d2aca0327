"""Measure what interruptions cost: a rebuild that is killed five times, against one in one go.

    python -m tests.bench.interrupted HOME [--trials 3] [--kills 5]

HOME is an archive (`tangthu --home HOME add --no-index FILE`). Each trial rebuilds it in one go,
then with SIGKILLs at random moments of its processor time, one behind the other, then in one go
again, so that a machine whose speed changes is held against its own mean; cost is processor time
of all processes together, which other work on the machine disturbs least. The indexer's own files
must not change meanwhile: a rebuild goes on only from parts of the same program.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def start_rebuild(home: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start `tangthu rebuild` in a process of its own."""
    command = [Path(sys.executable).with_name("tangthu"), "--home", home, "rebuild", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def processor_time(pid: int) -> float:
    """Return the seconds that a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def measure_children() -> tuple[float, float]:
    """Return the processor seconds of the children that ended, and the clock."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime, time.perf_counter()


def measure_whole(home: Path) -> tuple[float, float]:
    """Rebuild in one go; return processor seconds and seconds."""
    start = measure_children()
    assert start_rebuild(home, "--fresh").wait() == 0
    end = measure_children()
    return end[0] - start[0], end[1] - start[1]


def measure_interrupted(
    home: Path, kills: int, seconds: float, chance: random.Random
) -> tuple[float, float]:
    """Rebuild with kills at random moments of the processor time that it takes in one go."""
    moments = sorted(chance.uniform(0, seconds) for _ in range(kills))
    start = measure_children()
    last = 0.0
    for moment in moments:
        process = start_rebuild(home)
        while process.poll() is None and processor_time(process.pid) < moment - last:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            raise SystemExit("it had ended before it was killed: the machine's speed changes a lot")
        last = moment
    assert start_rebuild(home).wait() == 0
    end = measure_children()
    return end[0] - start[0], end[1] - start[1]


def main() -> None:
    """Measure, and print each trial and the median cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    costs = []
    for _ in range(options.trials):
        first = measure_whole(options.home)
        parts = measure_interrupted(options.home, options.kills, first[0], chance)
        last = measure_whole(options.home)
        costs.append(2 * parts[0] / (first[0] + last[0]) - 1)
        figures = {"one_go_s": [first, last], "interrupted_s": parts, "cost": costs[-1]}
        print(json.dumps(figures), flush=True)
    print(f"{options.kills} kills cost {statistics.median(costs):.1%} (median of {len(costs)})")


if __name__ == "__main__":
    main()
