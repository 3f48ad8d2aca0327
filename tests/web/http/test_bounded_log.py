"""The log of errors has so many bytes a minute, whatever happens."""

from __future__ import annotations

import io
import logging
import time

import pytest

from web.http.bounded_log import (
    BYTES_PER_MINUTE,
    LONGEST_MESSAGE,
    TRACES_PER_MINUTE,
    BoundedLogHandler,
    bound_error_log,
)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the clock, which the test sets."""
    moment = [600.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


@pytest.fixture
def log() -> logging.Logger:
    logger = logging.Logger("test")
    handler = BoundedLogHandler()
    handler.setStream(io.StringIO())
    logger.addHandler(handler)
    return logger


def written(log: logging.Logger) -> str:
    handler = log.handlers[0]
    assert isinstance(handler, BoundedLogHandler)
    return str(handler.stream.getvalue())


def test_what_is_too_much_is_counted(log: logging.Logger, moment: list[float]) -> None:
    for _ in range(1500):
        log.error("x" * 999)
    assert len(written(log)) == BYTES_PER_MINUTE
    moment[0] += 60
    log.error("next")
    assert written(log).endswith(
        "\n1400 messages were left out: there were too many in a minute\nnext\n"
    )


def test_only_a_few_come_with_their_trace(log: logging.Logger, moment: list[float]) -> None:
    for _ in range(20):
        try:
            raise ValueError("no")  # noqa: TRY301
        except ValueError:
            log.exception("failed")
    assert written(log).count("Traceback") == TRACES_PER_MINUTE
    assert written(log).count("failed") == 20


@pytest.mark.parametrize("others", [0, 1])
def test_messages_without_another_handler_are_bounded(
    monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    handlers: list[logging.Handler] = [logging.NullHandler() for _ in range(others)]
    monkeypatch.setattr(logging.getLogger(), "handlers", list(handlers))
    bound_error_log()
    added = logging.getLogger().handlers[others:]
    assert [type(handler) for handler in added] == [BoundedLogHandler] * (1 - others)


def test_a_minute_has_room_for_so_many_bytes_with_their_line_ends(
    log: logging.Logger, moment: list[float]
) -> None:
    line = "x" * 99
    for _ in range(BYTES_PER_MINUTE // 100 + 5):
        log.error(line)
    handler = log.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    assert len(handler.stream.getvalue()) == BYTES_PER_MINUTE // 100 * 100


def test_a_minute_lasts_a_minute(log: logging.Logger, moment: list[float]) -> None:
    for second in (0, 59, 59.9, 60, 119, 120):
        moment[0] = 600.0 + second
        for _ in range(1500):
            log.error("x" * 999)
    # Three minutes, the last two with a line of what was left out before.
    assert written(log).count("were left out") == 2
    assert written(log).count("x" * 999) == 300


def test_a_clock_that_begins_anew_begins_a_minute(log: logging.Logger, moment: list[float]) -> None:
    for second in (600.0, 0.0, 60.0):
        moment[0] = second
        for _ in range(101):
            log.error("x" * 999)
    assert written(log).count("1 messages were left out") == 2


def test_no_message_gives_orders_or_looks_like_two(
    log: logging.Logger, moment: list[float]
) -> None:
    log.error("%s: %s", "/\x1b[2J\x9b\nfine" + "a" * 9000, "reason")
    try:
        raise ValueError("\x1b]0;owned\x07")
    except ValueError:
        log.exception("failed")
    first, *trace = written(log).splitlines()
    assert first.startswith(r"/\x1b[2J\x9b\nfineaaa")
    assert len(first) == LONGEST_MESSAGE
    assert trace[-1] == r"ValueError: \x1b]0;owned\x07"
    assert all(line.isprintable() for line in trace)
