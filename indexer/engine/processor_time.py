"""The processor time of one request, which all of its searches share.

Time on the clock would count what other requests and other programs of the machine do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_REQUEST_END: ContextVar[float | None] = ContextVar("request_end", default=None)

LEAST_SHARE = 0.1
"""Share of its own budget that every search gets, so that it can show something."""


@contextmanager
def share_processor_time(seconds: float) -> Iterator[None]:
    """Let all searches of this thread until the block ends share some processor seconds."""
    token = _REQUEST_END.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _REQUEST_END.reset(token)


def search_deadline(budget: float | None) -> float | None:
    """Return the processor time of this thread at which a search with a budget has to end."""
    if budget is None:
        return None
    now, request_end = time.thread_time(), _REQUEST_END.get()
    if request_end is None or budget <= 0:
        return now + budget
    return min(now + budget, max(request_end, now + LEAST_SHARE * budget))


def is_past(deadline: float | None) -> bool:
    """Tell whether this thread has used its processor time up."""
    return deadline is not None and time.thread_time() > deadline
