"""The server's threads: a request and an export each have one, and health as well."""

from __future__ import annotations

import pytest

from web.http.server import threads_of


@pytest.mark.parametrize(
    ("requests", "exports", "threads"), [(8, 4, 13), (1, 0, 2), (0, 0, 2), (2, 1, 4)]
)
def test_exports_and_requests_leave_a_thread_for_health(
    requests: int, exports: int, threads: int
) -> None:
    assert threads_of(requests, exports) == threads
