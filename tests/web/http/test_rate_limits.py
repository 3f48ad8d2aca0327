"""Limits by client: who used much processor time gets less of it for the next search."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, call

import pytest
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from tests.factories import ArchiveFactory, article, client_of
from web.http import rate_limits
from web.http.client_accounts import Allowance, ClientAccounts
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


@pytest.mark.parametrize(("used", "seconds"), [(CHEAP_SHARE * MINUTE, 2.0), (3.01, 0.5)])
def test_a_share_of_processor_time_is_cheap(used: float, seconds: float) -> None:
    limits = ClientLimiter(ClientAccounts(), Settings(seconds_per_minute=MINUTE))
    limits.charge("a", used)
    assert limits.search_seconds("a", 2.0, waits_for_itself=False) == seconds


@pytest.mark.parametrize(
    ("path", "is_limited"),
    [("/healthz", False), ("/metrics", False), ("/static/style.css", False), ("/none", True)]
    + [("/?q=bo", True), ("/export.csv?q=bo", True), ("/opensearch.xml", True)],
)
def test_what_is_not_for_the_operator_is_counted_and_charged(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch, path: str, is_limited: bool
) -> None:
    clock = itertools.count(100, 0.25)
    client = client_of(archive_of(article("Bò")), rate="100 per minute")
    limiter = client.application.extensions["tangthu.limiter"]
    times = SimpleNamespace(thread_time=lambda: next(clock), monotonic=time.monotonic)
    monkeypatch.setattr(rate_limits, "time", times)
    with client.get(path) as answer:
        assert answer.data
    spent = limiter._accounts.spent("requests 127.0.0.1", Allowance(100, 60))
    assert spent == int(is_limited)
    # At least from the beginning of the request to its end.
    assert (0.25 <= limiter.processor_seconds("127.0.0.1") < 5) is is_limited
    exports = limiter._accounts.spent("exports 127.0.0.1", Allowance(60, 60))
    assert exports == int(path.startswith("/export"))


def test_what_a_request_took_is_charged_to_its_client(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    client = client_of(archive_of(article("Bò")))
    limiter = client.application.extensions["tangthu.limiter"]
    times = SimpleNamespace(thread_time=lambda: now[0], monotonic=time.monotonic)
    monkeypatch.setattr(rate_limits, "time", times)

    def work() -> str:
        now[0] += 1.5
        return "worked"

    client.application.add_url_rule("/work", view_func=work)
    for address, count in (("10.0.0.1", 2), ("10.0.0.2", 1)):
        for _ in range(count):
            client.get("/work", environ_overrides={"REMOTE_ADDR": address})
        assert limiter.processor_seconds(address) == 1.5 * count


def test_blocks_of_an_export_are_made_in_turn_and_charged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, gate, limiter = [100.0], Mock(), Mock()
    times = SimpleNamespace(thread_time=lambda: now[0])
    monkeypatch.setattr(rate_limits, "time", times)

    def blocks() -> Iterator[bytes]:
        now[0] += 0.5
        assert gate.mock_calls == [call.acquire("a", rate_limits.EXPORT_SECONDS)]
        yield b"x"
        raise ValueError("on purpose")

    remaining = blocks()
    assert rate_limits._make_block(remaining, gate, limiter, "a") == b"x"
    assert limiter.mock_calls == [call.charge("a", 0.5)]
    assert gate.mock_calls[1:] == [call.release("a")]
    # A failure gives the turn back as well; the end is none.
    with pytest.raises(ValueError, match="on purpose"):
        rate_limits._make_block(remaining, gate, limiter, "a")
    assert gate.mock_calls[3:] == [call.release("a")]
    assert rate_limits._make_block(remaining, gate, limiter, "a") is None


@pytest.mark.parametrize(("seconds", "wait"), [(0.001, 1), (1.0, 1), (1.1, 2), (59.5, 60)])
def test_who_waits_as_long_as_it_is_told_has_waited_enough(seconds: float, wait: int) -> None:
    with pytest.raises(TooManyRequests) as refused:
        rate_limits._refuse(seconds)
    assert refused.value.retry_after == wait
    rate_limits._refuse(0)


def test_processor_time_is_counted_by_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    limits = ClientLimiter(ClientAccounts(), Settings(seconds_per_minute=MINUTE))
    limits.charge("a", MINUTE)
    moment[0] += 59.5
    with pytest.raises(TooManyRequests):
        limits.demand_processor_time("a")
    moment[0] += 0.5
    limits.demand_processor_time("a")


def test_without_limits_nobody_waits(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of(article("Bò")), rate="", export_rate="")
    assert {client.get("/healthz").status_code for _ in range(50)} == {200}


def test_exports_have_a_limit_of_their_own(archive_of: ArchiveFactory) -> None:
    client = client_of(archive_of(article("Bò")), export_rate="1 per minute")
    assert client.get("/export.csv?q=an").status_code == 200
    assert client.get("/export.csv?q=an").status_code == 429
    assert client.get("/?q=an").status_code == 200
