"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, as no root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self

from archive.catalogue_location import CatalogueLocation
from archive.migrations import create_tables
from archive.postgresql import connect_postgresql

REQUIRED = "TANGTHU_POSTGRESQL_REQUIRED"
"""The variable of the environment that makes a missing server an error."""

USER = "tangthu"

_INSTALLED = "/usr/lib/postgresql/*/bin/postgres"
_ORDINARY_USERS = ("postgres", "nobody")
_TEMPLATE = "tangthu_template"
# What is lost with the machine is lost with the test.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
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

    Attributes:
        folder: its folder, in which its socket is.
    """

    def __init__(self) -> None:
        programs = find_programs()
        assert programs is not None, "no PostgreSQL server is installed (Debian: postgresql)"
        self._programs = programs
        # The folders of pytest are closed to other users, and too long for a socket's path.
        self.folder = Path(tempfile.mkdtemp(prefix="tangthu-pg-"))
        self._numbers = count(1)
        self._has_template = False

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, _ordinary_user())
        data = self.folder / "data"
        flags = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", f"--pgdata={data}", f"--username={USER}", *flags)
        lines = (f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
        with (data / "postgresql.conf").open("a") as file:
            file.writelines([*lines, f"unix_socket_directories = '{self.folder}'\n"])
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

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
        if not self._has_template:
            self.execute(f"CREATE DATABASE {_TEMPLATE}")
            engine = connect_postgresql(self.location(_TEMPLATE))
            create_tables(engine)
            engine.dispose()
            self._has_template = True
        return self.empty_database(_TEMPLATE)

    def empty_database(self, template: str = "template0") -> CatalogueLocation:
        """Return the location of a new database, as its template is."""
        name = f"catalogue_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.location(name)

    def location(self, database: str) -> CatalogueLocation:
        """Return the location of a catalogue in a database."""
        return CatalogueLocation(f"postgresql://{USER}@/{database}?host={self.folder}")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run a statement, and return what the server's own client prints of its rows."""
        words = ["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        words += [f"--host={self.folder}", f"--username={USER}", f"--dbname={database}"]
        return self._run("psql", *words, f"--command={statement}").strip()

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", f"--pgdata={self.folder / 'data'}", "--silent", *words)

    def _run(self, program: str, *words: str) -> str:
        is_root = os.geteuid() == 0
        before = ["runuser", "-u", _ordinary_user(), "--"] if is_root else []
        # The server keeps the files of whoever starts it: it gets none that anybody reads.
        with tempfile.TemporaryFile() as output:
            command = [*before, str(self._programs / program), *words]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder
            )
            output.seek(0)
            text = output.read().decode()
        assert done.returncode == 0, f"{program}: {text}"
        return text


def _ordinary_user() -> str:
    """Return a user as whom root starts the server, which refuses to run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _ORDINARY_USERS if name in names)
