"""Runs of tests in forks of a process that has every library loaded: the tests alone cost time.

A run imports the product and the tests anew from a copy of the checkout. What it starts ends with
it.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType

_OWN = ("archive", "indexer", "web", "tests")
_POLL_SECONDS = 0.02


def run_tests(checkout: Path, words: list[str], seconds: float, output: str = os.devnull) -> int:
    """Run pytest in a fork and return its exit status, or -9 if it took too long.

    Args:
        checkout: the copy of the checkout.
        words: the options and tests.
        seconds: how long it may take.
        output: the file that gets what it prints.
    """
    return _wait(_fork(lambda: _run_pytest(checkout, words), output), seconds)


def load_libraries(checkout: Path, names: Path) -> None:
    """Import the libraries that a run wrote down, as far as they can be imported alone."""
    sys.path.insert(0, str(checkout))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names.read_text(encoding="utf-8").split():
            with suppress(ImportError, AttributeError):
                importlib.import_module(name)


def write_libraries(names: Path) -> None:
    """Write down the libraries that this process has loaded."""
    libraries = [name for name in sys.modules if name.partition(".")[0] not in (*_OWN, "__main__")]
    names.write_text("\n".join(libraries), encoding="utf-8")


def _fork(work: Callable[[], int], output: str) -> int:
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    status = 70
    try:
        os.setsid()
        out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        status = work()
        sys.stdout.flush()
    finally:
        # The parent's own ends are not for the child.
        os._exit(status)


def _run_pytest(checkout: Path, words: list[str]) -> int:
    import pytest

    os.chdir(checkout)
    sys.path.insert(0, str(checkout))
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] in _OWN]:
        del sys.modules[name]
    # What multiprocessing starts would import this program again.
    sys.modules["__main__"] = ModuleType("__main__")
    sys.argv = ["pytest"]
    os.environ |= {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    status = int(pytest.main(["-q", "-p", "no:cacheprovider", *words]))
    write_libraries(checkout / "libraries.txt")
    return status


def _wait(process: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    status = -signal.SIGKILL
    try:
        while time.monotonic() < deadline:
            ended, code = os.waitpid(process, os.WNOHANG)
            if ended:
                status = os.waitstatus_to_exitcode(code)
                break
            time.sleep(_POLL_SECONDS)
    finally:
        # Also what an interruption of this program would leave running.
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
    if status == -signal.SIGKILL:
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
    return status
