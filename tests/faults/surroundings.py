"""Works in surroundings that are not the usual ones.

Clocks that jump, file systems without locks, small and read-only disks, two writers at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from archive import records
from archive.backups.backup import backup
from archive.backups.removal_ledger import LEDGER_SUFFIX
from archive.errors import ArchiveError
from archive.store import Store
from indexer.indexing.index_audit import verify_index
from tests.faults.fault_layer import Fault
from tests.faults.fault_works import Tally, Witness, read_live_answers
from tests.faults.template_archive import REFUSAL, ChildResult, TemplateArchive

_CHANGING = ("add", "update", "rebuild", "resume", "delete", "backup", "repair", "restore", "prune")
_PAIRS = (
    ("add", "add_others"),
    ("prune", "verify"),
    ("update", "add_others"),
    ("rebuild", "add_others"),
)
_UNSHARED = "TANGTHU_FAULTS_UNSHARED"


def jump_clock(seed: int) -> None:
    """Let the clock of this process jump by years to and fro."""
    chance = random.Random(seed)  # noqa: S311
    real = records.utc_now

    def jumping() -> object:
        return real() + timedelta(days=chance.choice((-4000, 0, 4000)))

    for module in list(sys.modules.values()):
        if getattr(module, "utc_now", None) is real:
            module.utc_now = jumping  # type: ignore[attr-defined]


def refuse_locks(code: int) -> None:
    """Let every lock of a file be refused, as on a share of another machine."""

    def flock(handle: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    fcntl.flock = flock


def jumping_clocks(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Do every work under a clock that jumps."""
    template = TemplateArchive(folder, tally)
    for number, work in zip(range(most), _CHANGING, strict=False):
        new, _ = template.outcome(work)
        prepare = partial(jump_clock, seed + number)
        _try_work(template, work, prepare, (0,), {template.old, new})


def missing_locks(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Do every work on a file system without locks: it says so, and changes nothing."""
    template = TemplateArchive(folder, tally)
    works = [work for work in _CHANGING if work not in ("backup", "restore")]
    for number, work in zip(range(most), works, strict=False):
        code = (errno.ENOLCK, errno.EOPNOTSUPP)[(number + seed) % 2]
        _try_work(template, work, partial(refuse_locks, code), (REFUSAL,), {template.old})


def _try_work(
    template: TemplateArchive,
    work: str,
    prepare: Callable[[], None],
    expected: tuple[int, ...],
    allowed: set[tuple[tuple[str, ...], ...]],
) -> None:
    home = template.copy(work)
    witness = Witness(home, allowed, template.tally)
    result = template.run(home, work, Fault(), prepare=prepare)
    what = f"{work} {getattr(prepare, 'func', prepare).__name__}"
    if result.status not in expected:
        template.tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
    template.tally.faults += 1
    witness.check(result.acknowledged, what)


def two_writers(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Let two processes work at once, of which the first is killed every other time."""
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    events = {work: template.outcome(work)[1] for work, _ in _PAIRS}
    for number in range(most):
        work, other = _PAIRS[number % len(_PAIRS)]
        event = chance.randrange(len(events[work])) if number // len(_PAIRS) % 2 else -1
        home = template.copy()
        with ThreadPoolExecutor(2) as threads:
            both = [
                threads.submit(template.run, home, work, Fault(event)),
                threads.submit(template.run, home, other, Fault()),
            ]
        results = [future.result() for future in both]
        what = f"{work} beside {other}, kill at {event}"
        for result in results:
            if result.status not in (0, -signal.SIGKILL if event >= 0 else 0):
                tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
        tally.faults += 1
        kept = [identifier for result in results for identifier in result.acknowledged]
        Witness(home, set(), tally, asks=False).check(kept, what)


def small_disks(folder: Path, tally: Tally, most: int, seed: int) -> None:
    """Do works on a disk that becomes full, and on one that can only be read.

    Where a file system may not be mounted, nothing is tried.
    """
    chance = random.Random(seed)  # noqa: S311
    template = TemplateArchive(folder, tally)
    used = sum(path.stat().st_size for path in template.path.rglob("*")) + (64 << 10)
    for number in range(most):
        work = _CHANGING[number % len(_CHANGING)]
        new, _ = template.outcome(work)
        free = chance.randrange(4 << 10, used // 2)
        with _mounted(folder / "disk", f"size={64 << 20}") as disk:
            if disk is None:
                return
            shutil.copytree(folder / "bag", disk / "bag")
            shutil.copy(folder / f"bag{LEDGER_SUFFIX}", disk)
            home = template.copy(work, disk / "home")
            witness = Witness(home, {template.old, new}, tally)
            full = _used_bytes(disk) + free
            if number % 3:
                _remount(disk, f"size={full // 4096 * 4096}")
                result = template.run(home, work, Fault())
                _remount(disk, f"size={64 << 20}")
                what = f"{work} with {free} bytes free"
                if result.status not in (0, REFUSAL):
                    tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
            else:
                what = f"{work} on a disk that can only be read"
                _remount(disk, "ro")
                result = _read_only(template, home, work, what)
                _remount(disk, "rw")
            tally.faults += 1
            witness.check(result.acknowledged, what)


def _read_only(template: TemplateArchive, home: Path, work: str, what: str) -> ChildResult:
    """Do a work, which has to be refused, and everything that only reads."""
    tally = template.tally
    result = template.run(home, work, Fault())
    if result.status != REFUSAL:
        tally.wrong.append(f"{what}: ended with {result.status}: {result.trace}")
    copy = template.path.with_name("copy-of-read-only")
    try:
        answers = read_live_answers(home)
        tally.requests += len(answers)
        if answers != template.old:
            tally.wrong.append(f"{what}: other answers")
        with Store(home) as store:
            verify_index(store)
            problems = store.verify().problems
            backup(store, copy)
        if problems:
            tally.wrong.append(f"{what}: {problems[0]}")
    except ArchiveError as error:
        tally.wrong.append(f"{what}: {type(error).__name__}: {error}")
    shutil.rmtree(copy, ignore_errors=True)
    return result


def _used_bytes(disk: Path) -> int:
    state = os.statvfs(disk)
    return (state.f_blocks - state.f_bfree) * state.f_frsize


@contextmanager
def _mounted(disk: Path, options: str) -> Iterator[Path | None]:
    """Mount a disk in memory; nothing where that is not allowed."""
    disk.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True).returncode:
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def unshare_mounts() -> None:
    """Go on in a process whose mounts nobody else sees, and that may mount, where it can be."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    words = ["unshare", "--mount", *as_root]
    if os.environ.get(_UNSHARED) or shutil.which(words[0]) is None:
        return
    if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
        os.environ[_UNSHARED] = "1"
        program = [sys.executable, *_interpreter_options(), "-m", "tests.faults.fault_run"]
        os.execvp(words[0], [*words, *program, *sys.argv[1:]])


def _interpreter_options() -> list[str]:
    return [word for option in sys.warnoptions for word in ("-W", option)]
