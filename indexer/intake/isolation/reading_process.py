"""The reading child: a process that reads one document after another and may die of any.

It has no environment, an empty folder, a bound of memory and of processor time, and can write no
file. Its answers leave by a copy of standard output; what a library prints is lost.
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
import time
from typing import IO

import msgspec

from archive.document_account import ReadingState
from archive.errors import IntakeError, NotAnArticleError, UnreadableError
from archive.records import to_json
from indexer.intake.isolation.frames import (
    ChildLimits,
    ReadAnswer,
    ReadRequest,
    pack_frame,
    read_frame,
    split_frame,
)

_OPEN_FILES = 16
_KIB = 1 if sys.platform == "darwin" else 1024


def main(limits_text: str) -> None:
    """Answer requests from standard input until it ends.

    Args:
        limits_text: The `ChildLimits` as JSON.
    """
    limits = msgspec.json.decode(limits_text, type=ChildLimits)
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    _restrict(limits)
    answer_requests(sys.stdin.buffer, answers, limits)


def answer_requests(requests: IO[bytes], answers: IO[bytes], limits: ChildLimits) -> None:
    """Answer every request of a stream."""
    while frame := read_frame(requests):
        header, data = split_frame(frame)
        del frame
        _allow_processor_time(limits.processor_seconds)
        answers.write(_answer(msgspec.json.decode(header, type=ReadRequest), data))
        answers.flush()


def _restrict(limits: ChildLimits) -> None:
    """Take from this process what no reader needs."""
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def _allow_processor_time(seconds: int) -> None:
    """Let this process run so many seconds more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def _answer(request: ReadRequest, data: bytes) -> bytes:
    """Call a reader; return the frame of its article, count of pages, picture, or error."""
    body, count, state = b"", 0, ""
    started = time.process_time()
    error: IntakeError | None = None
    try:
        function = getattr(importlib.import_module(request.module), request.function)
        if request.pages is not None:
            outcome = function(data, request.source, request.encoding, *request.pages)
        else:
            outcome = function(data, request.source, request.encoding)
        if isinstance(outcome, int):
            count = outcome
        elif isinstance(outcome, bytes):
            body = outcome
        else:
            body = to_json(outcome).encode()
    except (NotAnArticleError, UnreadableError) as failure:
        error, state = failure, getattr(failure, "state", "")
    except IntakeError as failure:
        error = failure
    except MemoryError:
        error, state = UnreadableError("needs more memory than a reader may have"), ""
    except RecursionError:
        error, state = UnreadableError("is nested too deeply"), ""
    except Exception as failure:  # noqa: BLE001  (a library may raise anything on hostile bytes)
        error = UnreadableError(f"is damaged ({type(failure).__name__}: {failure})"[:300])
    header = ReadAnswer(
        error=type(error).__name__ if error else "",
        message=str(error) if error else "",
        state=state or (ReadingState.DAMAGED if isinstance(error, UnreadableError) else ""),
        count=count,
        resident=peak_memory(),
        processor_seconds=time.process_time() - started,
    )
    return pack_frame(header, body)


def peak_memory() -> int:
    """Return the most bytes that this process had in memory.

    On Linux `ru_maxrss` begins with what the parent had when it started the child.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * _KIB
    except OSError:
        pass  # no such file on this system, where the figure is the child's own
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
