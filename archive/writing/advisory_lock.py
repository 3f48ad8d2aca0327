"""One writer on all hosts: a lock that the catalogue's database server holds for a connection.

The lock file of a home (`lock`) is enough where the catalogue is in the home. A server's catalogue
can be written from another host, or from a copy of the home.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from archive.errors import StoreError, StoreLockedError, catalogue_read_failure

_KEY = int.from_bytes(b"tangthu")
_SECONDS_BETWEEN = 0.1
_TRY = text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")
_HOLDER = text(
    "SELECT application_name, client_addr, backend_start FROM pg_locks "
    "JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted "
    "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid = CAST(:high AS oid) AND objid = CAST(:low AS oid)"
)


class AdvisoryLock:
    """The right to write a catalogue, held with one connection; the transactions are in it.

    The server releases it when the connection ends, however it ends; then no transaction of its
    holder can be committed any more either.
    """

    def __init__(self, engine: Engine, patience: float = 0) -> None:
        """Prepare; `patience` is the seconds to wait while another process holds the lock."""
        self._engine, self._patience = engine, patience
        self._connection: Connection | None = None
        self._is_lost = False

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            StoreLockedError: another process holds it; the message names it.
            StoreError: the database cannot be reached.
        """
        try:
            connection = self._engine.connect()
            try:
                if not self._try_in_time(connection):
                    raise StoreLockedError(
                        f"{_describe_holder(connection)} is writing to the catalogue; "
                        "wait until it ends, or stop it"
                    )
            except BaseException:
                connection.close()
                raise
        except SQLAlchemyError as error:
            raise catalogue_read_failure(error) from error
        self._connection, self._is_lost = connection, False
        return self

    def __exit__(self, *exception: object) -> None:
        """Release the lock, with the connection where it cannot be told."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(SQLAlchemyError), connection:
            if not (self._is_lost or connection.invalidated):
                connection.rollback()
                connection.execute(_UNLOCK, {"key": _KEY})
                connection.commit()

    @property
    def connection(self) -> Connection:
        """The connection that holds the lock.

        Raises:
            StoreError: it was dropped, and the lock with it.
        """
        if self._connection is None or self._is_lost or self._connection.invalidated:
            self._is_lost = True
            raise StoreError(
                "the connection to the catalogue was dropped; run the command again. "
                "What was reported as done stays"
            )
        return self._connection

    def end_transaction(self) -> None:
        """Roll back what was not committed."""
        if self._connection is None or self._connection.invalidated:
            self._is_lost = True
            return
        try:
            self._connection.rollback()
        except SQLAlchemyError:
            self._is_lost = True

    def _try_in_time(self, connection: Connection) -> bool:
        deadline = time.monotonic() + self._patience
        while True:
            is_taken = bool(connection.execute(_TRY, {"key": _KEY}).scalar())
            connection.commit()
            if is_taken or time.monotonic() >= deadline:
                return is_taken
            time.sleep(_SECONDS_BETWEEN)


def _describe_holder(connection: Connection) -> str:
    """Return who holds the lock, as far as the server tells."""
    key = {"high": _KEY >> 32, "low": _KEY & 0xFFFFFFFF}
    row = connection.execute(_HOLDER, key).first()
    if row is None:
        return "another process"
    name, *place = str(row.application_name or "").removeprefix("tangthu ").split(" ", 1)
    host = place[0] if place else row.client_addr or "another host"
    return f"process {name} on {host}, since {row.backend_start:%Y-%m-%dT%H:%M:%S%z},"
