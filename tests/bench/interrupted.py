"""What interruptions cost: a rebuild that is killed five times against one that is not.

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


def rebuild(home: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [Path(sys.executable).with_name("tangthu"), "--home", home, "rebuild", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def processor_time(pid: int) -> float:
    """Seconds that a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def used() -> tuple[float, float]:
    """Processor time of the children that ended, and the clock."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime, time.perf_counter()


def in_one_go(home: Path) -> tuple[float, float]:
    before = used()
    assert rebuild(home, "--fresh").wait() == 0
    after = used()
    return after[0] - before[0], after[1] - before[1]


def interrupted(home: Path, kills: int, whole: float, chance: random.Random) -> tuple[float, float]:
    """The same with kills at random moments of the processor time that it takes in one go."""
    moments = sorted(chance.uniform(0, whole) for _ in range(kills))
    before = used()
    last = 0.0
    for moment in moments:
        process = rebuild(home)
        while process.poll() is None and processor_time(process.pid) < moment - last:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            raise SystemExit("it had ended before it was killed: the machine's speed changes a lot")
        last = moment
    assert rebuild(home).wait() == 0
    after = used()
    return after[0] - before[0], after[1] - before[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311
    costs = []
    for _ in range(given.trials):
        before = in_one_go(given.home)
        parts = interrupted(given.home, given.kills, before[0], chance)
        after = in_one_go(given.home)
        costs.append(2 * parts[0] / (before[0] + after[0]) - 1)
        figures = {"one_go_s": [before, after], "interrupted_s": parts, "cost": costs[-1]}
        print(json.dumps(figures), flush=True)
    print(f"{given.kills} kills cost {statistics.median(costs):.1%} (median of {len(costs)})")


if __name__ == "__main__":
    main()
