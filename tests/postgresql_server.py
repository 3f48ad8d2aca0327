"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, as no root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Self

from sqlalchemy import make_url

from archive.catalogue.migrations import create_tables
from archive.catalogue.postgresql import connect_postgresql
from archive.catalogue.tables import METADATA
from archive.settings.catalogue_location import CatalogueLocation

REQUIRED = "TANGTHU_POSTGRESQL_REQUIRED"
"""The variable of the environment that makes a missing server an error."""

USER = "tangthu"

_INSTALLED = "/usr/lib/postgresql/*/bin/postgres"
_ORDINARY_USERS = ("postgres", "nobody")
_ONE_ROW = ("about", "archive_state")
# What is lost with the machine is lost with the test; a killed server loses nothing.
_LOSSY = {"fsync": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


@cache
def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where no server is installed."""
    if name := shutil.which("postgres"):
        return Path(name).resolve().parent
    paths = sorted(Path("/").glob(_INSTALLED.removeprefix("/")), key=_version)
    return paths[-1].parent if paths else None


def _version(path: Path) -> float:
    return float(path.parents[1].name)


class PostgresqlServer:
    """A server that runs in a `with` block; its databases go with it.

    Args:
        password: what the user has to send; without one everybody is let in.
        certificate: the prefix of `.crt` and `.key`, to listen on a port with TLS.
        durable: whether a commit is on disk, as it is everywhere but in tests.

    Attributes:
        folder: its folder, in which its socket is.
        port: the port on 127.0.0.1, with a certificate.
    """

    def __init__(
        self, password: str = "", certificate: Path | None = None, durable: bool = False
    ) -> None:
        self._password, self._certificate, self._durable = password, certificate, durable
        self.port = 5432
        programs = find_programs()
        assert programs is not None, "no PostgreSQL server is installed (Debian: postgresql)"
        self._programs = programs
        # The folders of pytest are closed to other users, and too long for a socket's path.
        self.folder = Path(tempfile.mkdtemp(prefix="tangthu-pg-"))
        self._numbers = count(1)
        self._given: list[tuple[CatalogueLocation, bool]] = []
        self._ready: dict[bool, list[CatalogueLocation]] = {True: [], False: []}

    def __enter__(self) -> Self:
        try:
            self._create()
            self.start()
        except BaseException:
            # The server is no child of this process: who ends it in the middle leaves it behind.
            with suppress(AssertionError):
                self.stop()
            shutil.rmtree(self.folder)
            raise
        return self

    def _create(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, _ordinary_user())
        data = self.folder / "data"
        flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--auth=trust"]
        if self._password:
            (self.folder / "password").write_text(self._password)
            flags[-1] = "--auth=scram-sha-256"
            flags.append(f"--pwfile={self.folder / 'password'}")
        self._run("initdb", f"--pgdata={data}", f"--username={USER}", *flags)
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder)}
        if not self._durable:
            settings |= _LOSSY
        if self._certificate:
            settings |= self._tls_settings(data, self._certificate)
        with (data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _tls_settings(self, data: Path, certificate: Path) -> dict[str, str]:
        for suffix in (".crt", ".key"):
            path = data / f"server{suffix}"
            shutil.copy(certificate.with_suffix(suffix), path)
            path.chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(path, _ordinary_user())
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            self.port = listener.getsockname()[1]
        return {"listen_addresses": "127.0.0.1", "port": str(self.port), "ssl": "on"}

    def start(self) -> None:
        """Start the server; it answers when this returns."""
        self._control("start", "-w", f"--log={self.folder / 'log'}")

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        self._control("stop", "-m", "immediate", "-w")

    def kill(self) -> None:
        """Kill the server as a crash does, and wait until it is gone."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], check=True, timeout=60)

    def new_database(self) -> CatalogueLocation:
        """Return the location of a new catalogue, which belongs to no home yet."""
        return self._give(has_tables=True)

    def empty_database(self) -> CatalogueLocation:
        """Return the location of a database without any table."""
        return self._give(has_tables=False)

    def take_back(self) -> None:
        """Make every database that was given as it was; the next ones are given again.

        A database of which a test has dropped a table is given no more.
        """
        given, self._given = self._given, []
        for location, has_tables in given:
            # To delete rows is much quicker than to make databases.
            statements = ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]
            if has_tables:
                rows = self.execute("SELECT tablename FROM pg_tables", location)
                if not {(name,) for name in METADATA.tables} <= set(rows):
                    continue
                tables = reversed(METADATA.sorted_tables)
                statements = [f"DELETE FROM {t.name}" for t in tables if t.name not in _ONE_ROW]
                statements.append("UPDATE archive_state SET owner = '', articles = 0")
            # All in one: each would need a connection, and the server a process for it.
            self.execute("; ".join(statements), location)
            self._ready[has_tables].append(location)

    def execute(self, statement: str, location: CatalogueLocation | None = None) -> list[Any]:
        """Run a statement in a database, or in none that matters; return its rows."""
        engine = connect_postgresql(location or self.location("postgres"))
        try:
            with engine.connect() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                result = connection.exec_driver_sql(statement)
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def drop_connections(self) -> None:
        """Drop every connection of anybody; none is there any more when this returns."""
        others = "FROM pg_stat_activity WHERE backend_type = 'client backend'"
        others += " AND pid <> pg_backend_pid()"
        dropped = self.execute(f"SELECT pid, pg_terminate_backend(pid) {others}")
        pids = {pid for pid, _ in dropped}
        # The server only tells its processes to end: a busy one may still answer.
        while pids & {pid for (pid,) in self.execute(f"SELECT pid {others}")}:
            time.sleep(0.01)

    def location(self, database: str) -> CatalogueLocation:
        """Return the location of a catalogue in a database."""
        place = f":{self.port}" if self._certificate else ""
        return CatalogueLocation(f"postgresql://{USER}@{place}/{database}?host={self.folder}")

    def _give(self, has_tables: bool) -> CatalogueLocation:
        if not self._ready[has_tables]:
            location = self.location(f"catalogue_{next(self._numbers)}")
            name = make_url(location.url).database
            self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            if has_tables:
                engine = connect_postgresql(location)
                create_tables(engine)
                engine.dispose()
            self._ready[has_tables].append(location)
        location = self._ready[has_tables].pop()
        self._given.append((location, has_tables))
        return location

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", f"--pgdata={self.folder / 'data'}", "--silent", *words)

    def _run(self, program: str, *words: str) -> str:
        is_root = os.geteuid() == 0
        before = ["runuser", "-u", _ordinary_user(), "--"] if is_root else []
        # The server keeps the files of whoever starts it: it gets none that anybody reads.
        with tempfile.TemporaryFile() as output:
            command = [*before, str(self._programs / program), *words]
            # A session of its own: Ctrl+C would leave a server behind that is half started.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
            try:
                process.wait()
            finally:
                process.wait()
            output.seek(0)
            text = output.read().decode()
        assert process.returncode == 0, f"{program}: {text}"
        return text


def _ordinary_user() -> str:
    """Return a user as whom root starts the server, which refuses to run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _ORDINARY_USERS if name in names)
