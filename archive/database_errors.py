"""The words of a database's driver, and the remedy for what a database server refuses."""

from __future__ import annotations

_REMEDIES = {
    "28P01": "set the right password (TANGTHU_CATALOGUE_PASSWORD, or a file)",
    "28000": "let the user in (pg_hba.conf), or name another one",
    "3D000": "make the database (`createdb`), or name another one",
    "42501": "grant the user all rights on the database's tables",
    "25006": "this server only reads: name the one that is written to",
    "53100": "make room on the database server's disk",
    "53300": "let the server have more connections, or run fewer processes",
    "55P03": "somebody else holds the tables: try again when they have ended",
    "57014": "the statement took too long: try again when the server is less busy",
    "57P01": "the database server was stopped: start it",
    "57P02": "the database server was stopped: start it",
    "57P03": "the database server is starting or stopping: try again",
}
"""Remedies by SQLSTATE."""

_UNREACHABLE = "see that the database server runs and that its address is right"
_DISCONNECTS = ("57P01", "57P02", "57P03")
_CONNECTION_CLASS = "08"
_OF_NETWORK = ("network error", "communication error", "connection is closed", "is not reached")


def driver_message(error: BaseException) -> str:
    """Return what the database's driver said, without SQLAlchemy's words around it."""
    cause = getattr(error, "orig", None) or error
    fields = _fields(cause)
    return str(fields.get("M") or fields) if fields else str(cause)


def sql_state(error: BaseException) -> str:
    """Return the SQLSTATE of what a PostgreSQL server refused; empty for any other error."""
    return str(_fields(getattr(error, "orig", None) or error).get("C", ""))


def is_disconnect(error: BaseException) -> bool:
    """Tell whether an error means that the connection to a database server is gone."""
    # Only here: it takes a tenth of the start of every process, and most meet no database server.
    from ssl import SSLError

    cause = getattr(error, "orig", None) or error
    state = sql_state(cause)
    if state:
        return state in _DISCONNECTS or state.startswith(_CONNECTION_CLASS)
    return isinstance(cause, ConnectionError | TimeoutError | SSLError) or _is_of_network(cause)


def remedy(error: BaseException) -> str:
    """Return what to do about a database server's error; empty where it is of no server."""
    if advice := _REMEDIES.get(sql_state(error)):
        return advice
    return _UNREACHABLE if is_disconnect(error) else ""


def _is_of_network(cause: BaseException) -> bool:
    """Tell whether the PostgreSQL driver lost its connection, or cannot make one."""
    is_of_driver = type(cause).__module__.startswith("pg8000")
    return is_of_driver and any(words in str(cause) for words in _OF_NETWORK)


def _fields(cause: BaseException) -> dict[str, str]:
    """Return the fields of a server's message by their letter; none of any other error."""
    fields = cause.args[0] if cause.args else None
    return fields if isinstance(fields, dict) else {}
