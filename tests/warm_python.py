"""Python with the product loaded, which runs scripts in forks: most of what they take is loading.

`python -m tests.warm_python` reads orders, one JSON to a line, and answers each with the exit code.
It has one thread, so that its forks are whole.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from tests.paths import ROOT

_LOADED = ("archive.backups.backup", "indexer.open_archive", "tests.factories")


class WarmPython:
    """A Python that runs scripts as `python -c` does, in a `with` block."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="tangthu-warm-")
        # A session of its own: Ctrl+C is for the tests. It ends with its input.
        self._server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.warm_python"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.communicate()
        self._folder.cleanup()

    def run(self, script: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a script in a process of its own, with some arguments, and wait for its end."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        order = {"script": script, "words": words, "out": str(out), "err": str(err)}
        self._server.stdin.write(json.dumps(order | {"environment": dict(os.environ)}) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return subprocess.CompletedProcess(
            ["python", "-c", script, *words], code, out.read_text(), err.read_text()
        )


def _become_script(order: dict[str, Any]) -> None:
    """Run a script as the whole program of this process."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [os.open(os.devnull, os.O_RDONLY), *(os.open(order[n], flags) for n in ("out", "err"))]
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["-c", *order["words"]]
    # What multiprocessing starts would import this program again.
    program = sys.modules["__main__"] = ModuleType("__main__")
    exec(compile(order["script"], "<string>", "exec"), program.__dict__)  # noqa: S102


def main() -> None:
    """Run the script of each order in a fork."""
    for name in _LOADED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if not process:
            return _become_script(json.loads(line))
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
