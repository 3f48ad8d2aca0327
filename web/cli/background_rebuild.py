"""A rebuild in the background, while an archive whose index cannot be read is served without."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.catalogue.database import is_writable
from archive.errors import AnalyzerChangedError, ArchiveError
from indexer.engine_factory import open_engine
from indexer.generations.generations import Generations
from web.cli.translated_output import say

_PROGRAM = "from web.cli.main import main; main()"
_NICENESS = "10"


@contextmanager
def background_rebuild(home: Path, allowed: bool) -> Iterator[None]:
    """Rebuild the index in a process of its own if another version of the program made it.

    The process ends with the block; a later rebuild resumes from its checkpoint.
    """
    if not is_outdated(home):
        yield
        return
    if not allowed or not is_writable(home):
        say("tangthu: the index is of another version: run `tangthu rebuild`", err=True)
        yield
        return
    say("tangthu: the index is of another version: it is rebuilt now", err=True)
    command = [sys.executable, "-c", _PROGRAM, "--home", str(home)]
    command += ["rebuild", "--if-needed", "--nice", _NICENESS]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def is_outdated(home: Path) -> bool:
    """Tell whether another version of the program made the live index."""
    try:
        Generations(home / "index").read_current(lambda each: open_engine(each.folder).close())
    except AnalyzerChangedError:
        return True
    except ArchiveError:
        return False
    return False
