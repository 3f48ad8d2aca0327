"""PostgreSQL as the catalogue's database: connections with TLS, passwords and time limits."""

from __future__ import annotations

import os
import socket
import ssl
import struct
from contextlib import suppress
from typing import Any

import pg8000
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext

from archive.database_errors import is_disconnect
from archive.errors import StoreError
from archive.settings.catalogue_location import CatalogueLocation

STATEMENT_SECONDS = 600
"""Seconds after which the server ends a statement."""

LOCK_SECONDS = 30
"""Seconds that a statement waits for rows or tables which somebody else holds."""

_CONNECT_SECONDS = 10
_SILENCE_SECONDS = STATEMENT_SECONDS + 60
_PORT = 5432
_MOST_CONNECTIONS = 10


class _ServerConnection(pg8000.Connection):  # type: ignore[misc]
    """A connection that tells a server which is gone as the driver's own error."""

    def handle_messages(self, context: Any) -> None:
        """Read what the server answers, up to the end of its answer."""
        try:
            super().handle_messages(context)
        except (OSError, struct.error) as error:
            raise pg8000.InterfaceError(f"network error: {error}") from error

    def close(self) -> None:
        """Close the connection; one that the server has closed already is closed."""
        stream = self._sock
        with suppress(pg8000.InterfaceError):
            super().close()
        # The driver leaves its stream open: what a dropped connection could not send is in it.
        if stream is not None:
            with suppress(OSError):
                stream.close()


def connect_postgresql(location: CatalogueLocation) -> Engine:
    """Return the engine of a catalogue on PostgreSQL; nothing is opened yet.

    A connection that was dropped meanwhile is made anew before it is used.
    """
    url = make_url(location.url)
    engine = create_engine(
        URL.create("postgresql+pg8000", database=url.database),
        pool_pre_ping=True,
        pool_size=_MOST_CONNECTIONS,
    )

    def connect(*_: object) -> Any:
        return _connect_driver(url, location.password())

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", _limit_time)
    event.listen(engine, "handle_error", _recognize_disconnect)
    return engine


def require_utf8(connection: Connection) -> None:
    """Check that a database keeps every letter.

    Raises:
        StoreError: it has another encoding than UTF-8.
    """
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StoreError(
            f"the database has the encoding {encoding}; make one in UTF-8 "
            "(`createdb --encoding=UTF8 --template=template0`)"
        )


def count_damaged_pages(engine: Engine) -> int:
    """Return the pages of a database that the server found damaged since it began to count.

    Raises:
        SQLAlchemyError: the database cannot be asked.
    """
    query = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar() or 0)


def _connect_driver(url: URL, password: str | None) -> Any:
    """Return a new connection of the driver's.

    Raises:
        pg8000.Error: the server refuses it, or cannot be reached.
    """
    host, port = url.host or "localhost", url.port or _PORT
    try:
        channel = _open_socket(url, host, port)
        try:
            return _ServerConnection(
                user=url.username,
                host=host,
                database=url.database,
                # A server that asks for one says that it is wrong.
                password=password or " ",
                sock=channel,
                ssl_context=_tls_context(url),
                application_name=f"tangthu {os.getpid()} {socket.gethostname()}"[:63],
            )
        except BaseException:
            channel.close()
            raise
    except OSError as error:
        where = f"{host}, port {port}" if url.host or not url.query.get("host") else "its socket"
        reason = getattr(error, "verify_message", "") or error.strerror or error
        message = f"the database at {where} is not reached: {reason}"
        raise pg8000.InterfaceError(message) from error


def _open_socket(url: URL, host: str, port: int) -> socket.socket:
    folder = url.query.get("host")
    if folder and not url.host:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            channel.settimeout(_CONNECT_SECONDS)
            channel.connect(f"{folder}/.s.PGSQL.{port}")
        except BaseException:
            channel.close()
            raise
    else:
        channel = socket.create_connection((host, port), _CONNECT_SECONDS)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # The server's own limit comes first, unless the server is gone without a word.
    channel.settimeout(_SILENCE_SECONDS)
    return channel


def _tls_context(url: URL) -> ssl.SSLContext | bool:
    """Return what the driver needs for the `sslmode` of a URL.

    Raises:
        StoreError: a certificate or key cannot be read.
    """
    mode = url.query.get("sslmode", "disable")
    if mode == "disable":
        return False
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    try:
        if root := url.query.get("sslrootcert"):
            context.load_verify_locations(str(root))
        if certificate := url.query.get("sslcert"):
            key = url.query.get("sslkey")
            context.load_cert_chain(str(certificate), str(key) if key else None)
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"a certificate for the catalogue cannot be read: {reason}") from error
    return context


def _limit_time(connection: Any, _: object) -> None:
    """Set the time limits of a new connection."""
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
    cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    cursor.close()
    connection.commit()


def _recognize_disconnect(context: ExceptionContext) -> None:
    """Tell SQLAlchemy that a connection is gone, also where the server said so in words."""
    if is_disconnect(context.original_exception):
        context.is_disconnect = True
