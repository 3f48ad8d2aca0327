"""The processor time of one request, which all of its work shares.

Time on the clock would count what other requests and other programs of the machine do.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SEARCH_SHARE = 0.75
"""Share of a request's time that its searches may use: the rest is for showing the hits."""

LEAST_SHARE = 0.1
"""Share of its budget that every piece of work gets, so that there is something to show."""

HURRIED_SHARE = 0.4
"""Share of its time that a request has left while other clients wait for it to end."""


@dataclass(frozen=True, slots=True)
class _RequestTime:
    """The processor time of one request.

    Attributes:
        began: the time of its thread when it began.
        seconds: its processor seconds.
        is_hurried: tells whether it has to make haste; asked often.
    """

    began: float
    seconds: float
    is_hurried: Callable[[], bool]


def _is_never_hurried() -> bool:
    return False


_REQUEST_TIME: ContextVar[_RequestTime | None] = ContextVar("request_time", default=None)


@dataclass(frozen=True, slots=True)
class ProcessorDeadline:
    """The end of one piece of work, in the processor time of its thread.

    Attributes:
        earliest: before this moment of the monotonic clock it cannot be past: a thread uses no
            more processor time than passes, and the clock is ten times as cheap to read.
        latest: when it ends.
        hurried: when it ends if it has to make haste.
        is_hurried: tells whether it has to.
    """

    earliest: float
    latest: float
    hurried: float
    is_hurried: Callable[[], bool]

    def is_past(self) -> bool:
        """Tell whether this thread has used its processor time up."""
        if time.monotonic() < self.earliest:
            return False
        now = time.thread_time()
        # Early on it does not matter whether others wait.
        return now > self.hurried and (now > self.latest or self.is_hurried())


@contextmanager
def share_processor_time(
    seconds: float | None, is_hurried: Callable[[], bool] = _is_never_hurried
) -> Iterator[None]:
    """Let all work of this thread until the block ends share some processor seconds.

    Within such a block another one changes nothing.

    Args:
        seconds: the processor seconds; None is no limit.
        is_hurried: tells whether others wait, so that the work has to end sooner.
    """
    if seconds is None or _REQUEST_TIME.get():
        yield
        return
    token = _REQUEST_TIME.set(_RequestTime(time.thread_time(), seconds, is_hurried))
    try:
        yield
    finally:
        _REQUEST_TIME.reset(token)


def search_deadline(budget: float | None) -> ProcessorDeadline | None:
    """Return when a search with a budget has to end; None is no limit."""
    return _deadline(budget, SEARCH_SHARE)


def request_deadline() -> ProcessorDeadline | None:
    """Return when all the work of a request has to end; None is no limit."""
    return _deadline(None, 1.0)


def is_past(deadline: ProcessorDeadline | None) -> bool:
    """Tell whether this thread has used its processor time up."""
    return deadline is not None and deadline.is_past()


def _deadline(budget: float | None, share: float) -> ProcessorDeadline | None:
    request = _REQUEST_TIME.get()
    if request is None and budget is None:
        return None
    clock, now = time.monotonic(), time.thread_time()
    own = math.inf if budget is None else budget
    if request is None:
        return ProcessorDeadline(clock + own, now + own, now + own, _is_never_hurried)

    def end(pace: float) -> float:
        """Return when the request's time for this work, or its least, ends at some pace."""
        least = now + LEAST_SHARE * min(own, request.seconds) * pace
        return min(now + own, max(least, request.began + share * request.seconds * pace))

    hurried = end(HURRIED_SHARE)
    return ProcessorDeadline(clock + hurried - now, end(1.0), hurried, request.is_hurried)
