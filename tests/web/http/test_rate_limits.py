"""Limits by client: who used much processor time gets less of it for the next search."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from tests.factories import ArchiveFactory, article, client_of
from web.http import rate_limits
from web.http.client_accounts import ClientAccounts
from web.http.rate_limits import CHEAP_SHARE, REDUCED_SHARE, ClientLimiter, ExportSlots
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


@pytest.mark.parametrize(("slots", "of_one"), [(1, 1), (2, 1), (4, 2), (5, 2)])
def test_one_client_has_half_of_the_exports(slots: int, of_one: int) -> None:
    exports = ExportSlots(slots)
    with ExitStack() as stack:
        for _ in range(of_one):
            stack.enter_context(exports.occupy("a"))
        with pytest.raises(ServiceUnavailable), exports.occupy("a"):
            pass
        for number in range(slots - of_one):
            stack.enter_context(exports.occupy(f"client {number}"))
        with pytest.raises(ServiceUnavailable), exports.occupy("b"):
            pass
    with exports.occupy("a"):
        pass


def test_requests_and_exports_are_counted_apart() -> None:
    settings = Settings(rate="2 per minute", export_rate="1 per minute")
    limits = ClientLimiter(ClientAccounts(), settings)
    limits.count_request("a", is_export=True)
    limits.count_request("a", is_export=False)
    with pytest.raises(TooManyRequests) as refused:
        limits.count_request("a", is_export=False)
    assert 1 <= (refused.value.retry_after or 0) <= 60
    limits.count_request("b", is_export=True)
    with pytest.raises(TooManyRequests):
        limits.count_request("b", is_export=True)


@pytest.mark.parametrize(
    ("rate", "seconds", "is_refused"),
    [("9 per minute", 2.0, True), ("", 2.0, False), ("9 per minute", 0.0, False)],
)
def test_processor_time_is_limited_where_there_are_limits(
    rate: str, seconds: float, is_refused: bool
) -> None:
    settings = Settings(rate=rate, seconds_per_minute=seconds)
    limits = ClientLimiter(ClientAccounts(), settings)
    limits.charge("a", 1.5)
    limits.demand_processor_time("a")
    limits.charge("a", 0.5)
    assert limits.processor_seconds("a") == 2.0
    limits.demand_processor_time("b")
    if is_refused:
        with pytest.raises(TooManyRequests):
            limits.demand_processor_time("a")
    else:
        limits.demand_processor_time("a")
    shorter = REDUCED_SHARE if is_refused else 1.0
    assert limits.search_seconds("a", 2.0, waits_for_itself=False) == 2.0 * shorter


def test_the_first_block_of_an_export_is_made_by_its_own_request(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []
    make = rate_limits._make_block

    def make_noted(*arguments: Any) -> bytes | None:
        turns.append("in turn")
        return make(*arguments)

    monkeypatch.setattr(rate_limits, "_make_block", make_noted)
    with client_of(archive_of(article("Bò"))).get("/export.jsonl?q=bo") as answer:
        blocks = answer.iter_encoded()
        assert "Bò" in next(blocks).decode()
        assert turns == []
        assert list(blocks) == []
    assert turns == ["in turn"]
