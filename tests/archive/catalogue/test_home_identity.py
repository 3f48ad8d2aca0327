"""The owner of a catalogue on a server: the home that opened it first, and no other one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.catalogue.database import IDENTITY_FILE
from archive.catalogue.home_identity import read_identity
from archive.errors import StoreError
from archive.settings.catalogue_location import HOME_CATALOGUE, write_location
from archive.store import Store
from tests.factories import article, keep
from tests.paths import ROOT
from tests.postgresql_server import PostgresqlServer

_OPEN_IN_PROCESSES = """
import os, sys
from pathlib import Path
from archive.catalogue import postgresql
from archive.store import Store
children = []
for _ in range(24):
    if not (child := os.fork()):
        Store(Path(sys.argv[1])).close()
        os._exit(0)
    children.append(child)
print(sum(os.waitpid(child, 0)[1] == 0 for child in children))
"""


def test_a_second_home_on_one_catalogue_is_refused_and_the_first_stays_whole(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    location = postgresql.new_database()
    with Store(tmp_path / "a", location) as store:
        keep(store, *(article(f"Bài {number}") for number in range(5)))
        with pytest.raises(StoreError, match=f"belongs to .*{tmp_path / 'a'}; name another"):
            Store(tmp_path / "b", location)
        assert store.verify().problems == ()
    # A home without its file can be told that it is the owner.
    (tmp_path / "a" / IDENTITY_FILE).rename(tmp_path / IDENTITY_FILE)
    with pytest.raises(StoreError, match="write .*identity"):
        Store(tmp_path / "a", location)
    shutil.copy(tmp_path / IDENTITY_FILE, tmp_path / "a")
    with Store(tmp_path / "a", location) as store:
        assert store.count_articles() == 5


def test_a_stale_copy_of_the_owner_cannot_write(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    location = postgresql.new_database()
    with Store(tmp_path / "a", location) as store:
        keep(store, article("Một"))
        shutil.copytree(tmp_path / "a", tmp_path / "copy")
        keep(store, article("Hai"))
        with Store(tmp_path / "copy", location) as copy:
            with pytest.raises(StoreError, match="lacks originals .* is this folder a copy"):
                keep(copy, article("Ba"))
        assert store.verify().problems == ()


def test_a_home_with_originals_takes_no_new_catalogue(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    with Store(tmp_path, HOME_CATALOGUE) as store:
        keep(store, article("Một"))
    with pytest.raises(StoreError, match=r"catalogue\.sqlite; `tangthu move --catalogue"):
        Store(tmp_path, postgresql.new_database())
    assert read_identity(tmp_path) == ""


def test_many_processes_open_a_new_catalogue_at_once(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    location = postgresql.empty_database()
    write_location(tmp_path, location)
    command = [sys.executable, "-c", _OPEN_IN_PROCESSES, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("24\n", "")
    owners = postgresql.execute("SELECT owner FROM archive_state", location)
    assert owners == [(read_identity(tmp_path),)]


def test_a_damaged_identity_is_named(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    location = postgresql.new_database()
    Store(tmp_path, location).close()
    (tmp_path / IDENTITY_FILE).write_text("{")
    with pytest.raises(StoreError, match=f"{IDENTITY_FILE} cannot be read"):
        Store(tmp_path, location)
