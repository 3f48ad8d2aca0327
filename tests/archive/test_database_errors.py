"""The words of a database server, whether it is gone, and what to do about it."""

from __future__ import annotations

from ssl import SSLError

import pytest

from archive.database_errors import driver_message, is_disconnect, remedy, sql_state


def refused(state: str, words: str = "") -> Exception:
    """Return the error of a driver that a server refused something, as SQLAlchemy wraps it."""
    error = Exception("(pg8000.exceptions.DatabaseError) …")
    error.orig = Exception({"C": state, "M": words})  # type: ignore[attr-defined]
    return error


class OfDriver(Exception):
    """An error of the driver itself."""

    __module__ = "pg8000.exceptions"


@pytest.mark.parametrize(
    ("error", "is_gone", "advice"),
    [
        (refused("57P01"), True, "start it"),
        (refused("57P02"), True, "start it"),
        (refused("57P03"), True, "try again"),
        (refused("08006"), True, "its address is right"),
        (refused("28P01"), False, "set the right password"),
        (refused("42501"), False, "grant the user"),
        (refused("42601"), False, ""),
        (ConnectionResetError("gone"), True, "its address is right"),
        (TimeoutError(), True, "its address is right"),
        (SSLError("no"), True, "its address is right"),
        (OfDriver("network error"), True, "its address is right"),
        (OfDriver("connection is closed"), True, "its address is right"),
        (OfDriver("no such column"), False, ""),
        (ValueError("network error"), False, ""),
        (OSError("disk"), False, ""),
    ],
)
def test_a_connection_that_is_gone_is_told_from_what_is_refused(
    error: Exception, is_gone: bool, advice: str
) -> None:
    assert is_disconnect(error) is is_gone
    assert advice in remedy(error)
    assert bool(remedy(error)) is bool(advice)


@pytest.mark.parametrize(
    ("error", "words", "state"),
    [
        (
            refused("28P01", "password authentication failed"),
            "password authentication failed",
            "28P01",
        ),
        (refused("28P01"), "{'C': '28P01', 'M': ''}", "28P01"),
        (ValueError("disk I/O error"), "disk I/O error", ""),
        (ValueError(), "", ""),
    ],
)
def test_the_server_is_quoted_without_words_around(
    error: Exception, words: str, state: str
) -> None:
    assert (driver_message(error), sql_state(error)) == (words, state)
