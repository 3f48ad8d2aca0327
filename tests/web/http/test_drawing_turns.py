"""Turns at drawing: every client waits for its own, and pays for what was drawn in it."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import Mock, call

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from web.http import drawing_turns
from web.http.client_accounts import ClientAccounts
from web.http.drawing_turns import drawing_turn
from web.http.request_gate import BusyError
from web.settings import Settings


@pytest.fixture
def limiter(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The limits of the client `a`, whose drawings take what the artist says."""
    limiter, artist = Mock(), SimpleNamespace(processor_seconds=4.0)
    monkeypatch.setattr(drawing_turns, "current_client", lambda: "a")
    monkeypatch.setattr(drawing_turns, "current_limiter", lambda: limiter)
    monkeypatch.setattr(drawing_turns, "current_settings", lambda: Settings(longest_wait=2.5))
    monkeypatch.setattr(drawing_turns, "current_archive", lambda: SimpleNamespace(artist=artist))
    limiter.artist = artist
    return limiter


@pytest.fixture
def gate() -> Mock:
    return Mock()


@pytest.fixture
def app(gate: Mock) -> Flask:
    app = Flask("small")
    app.extensions["tangthu.drawing_gate"] = gate
    return app


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_drawn_is_charged_and_the_turn_ends(
    app: Flask, gate: Mock, limiter: Mock, fails: bool
) -> None:
    with app.app_context():
        try:
            with drawing_turn():
                assert gate.mock_calls == [call.acquire("a", 2.5, may_be_refused=True)]
                assert limiter.mock_calls == [call.demand_processor_time("a")]
                limiter.artist.processor_seconds += 5.5
                if fails:
                    raise ValueError("on purpose")
        except ValueError:
            assert fails
    assert limiter.mock_calls[1:] == [call.charge("a", 5.5)]
    assert gate.mock_calls[1:] == [call.release("a")]


def test_who_used_its_processor_time_does_not_wait(app: Flask, gate: Mock, limiter: Mock) -> None:
    limiter.demand_processor_time.side_effect = TooManyRequests()
    with app.app_context(), pytest.raises(TooManyRequests), drawing_turn():
        pass
    assert gate.mock_calls == []


def test_who_did_not_get_its_turn_gives_none_back(app: Flask, gate: Mock, limiter: Mock) -> None:
    gate.acquire.side_effect = BusyError()
    with app.app_context(), pytest.raises(BusyError), drawing_turn():
        pass
    assert gate.release.mock_calls == []
    assert limiter.charge.mock_calls == []


@pytest.mark.parametrize(("most", "drawings"), [(7, 6), (2, 1), (1, 1), (0, 1)])
def test_a_thread_is_left_for_a_page(
    monkeypatch: pytest.MonkeyPatch, most: int, drawings: int
) -> None:
    made = Mock()
    monkeypatch.setattr(drawing_turns, "RenderGate", made)
    app, used = Flask("small"), Mock()
    drawing_turns.register(app, Settings(most_waiting=most), used, ClientAccounts())
    assert made.call_args.args[:2] == (drawings, used)
    assert app.extensions["tangthu.drawing_gate"] is made.return_value
