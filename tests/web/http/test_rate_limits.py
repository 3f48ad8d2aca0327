"""Limits by client: who used much processor time gets less of it for the next search."""

from __future__ import annotations

import pytest

from web.http.client_accounts import ClientAccounts
from web.http.rate_limits import CHEAP_SHARE, REDUCED_SHARE, ClientLimiter
from web.settings import Settings

MINUTE = 20.0


@pytest.mark.parametrize(
    ("spent", "waits_for_itself", "share"),
    [
        (0.0, False, 1.0),
        (0.0, True, REDUCED_SHARE),
        (CHEAP_SHARE * MINUTE - 0.5, False, 1.0),
        (CHEAP_SHARE * MINUTE + 0.5, False, REDUCED_SHARE),
        (MINUTE, True, REDUCED_SHARE),
    ],
)
def test_what_was_used_lately_shortens_the_next_search(
    spent: float, waits_for_itself: bool, share: float
) -> None:
    limits = ClientLimiter(ClientAccounts(), Settings(seconds_per_minute=MINUTE))
    limits.charge("192.0.2.1", spent)
    assert limits.search_seconds("192.0.2.1", 2.0, waits_for_itself) == 2.0 * share
    assert limits.search_seconds("192.0.2.2", 2.0, False) == 2.0
