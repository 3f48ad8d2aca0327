"""Moves of a catalogue between the home and a database server, there and back.

Whoever breaks it off finds the archive as it was; the same command goes on. Nobody adds meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from archive.catalogue.catalogue_copy import Progress, compare_rows, copy_rows, set_owner, snapshot
from archive.catalogue.database import CATALOGUE_FILE, connect
from archive.catalogue.home_identity import MOVED, make_identity, owner_place
from archive.errors import StoreError, write_failures_as
from archive.files.atomic_files import move_into_place
from archive.settings.catalogue_location import CatalogueLocation, read_location, write_location
from archive.store import Store

MOVED_SUFFIX = ".moved"
"""What the name of the file in the home gets when its catalogue was moved to a server."""

_UNFINISHED = f"{CATALOGUE_FILE}.moving"


@dataclass(frozen=True, slots=True)
class MoveReport:
    """The result of a move: the rows that were copied and compared."""

    rows: int


def move_catalogue(
    home: Path, target: CatalogueLocation, progress: Progress = lambda *_: None
) -> MoveReport:
    """Copy a home's catalogue to another place, compare every row, then switch the settings.

    `progress` is told the rows copied or compared, and twice the number of all.

    Raises:
        StoreError: it is there already, the place holds another archive, a row differs, or
            somebody is writing.
        SettingsError: `settings.toml` cannot be changed.
    """
    source = read_location(home)
    if source.url == target.url:
        raise StoreError(f"the catalogue of {home} is there already")
    with Store(home, source) as store, store.batch():
        engine = _connect_target(home, target)
        try:
            identity = make_identity(home)
            with snapshot(store.engine) as rows:
                count = copy_rows(rows, engine, identity, lambda done, of: progress(done, 2 * of))
                compare_rows(rows, engine, lambda done, of: progress(of + done, 2 * of))
            _switch(home, store.engine, engine, (source, target))
        finally:
            engine.dispose()
    return MoveReport(count)


def _connect_target(home: Path, target: CatalogueLocation) -> Engine:
    if target.is_elsewhere:
        return connect(home, target)
    return create_engine(f"sqlite:///{home / _UNFINISHED}", poolclass=NullPool)


def _switch(
    home: Path,
    engine: Engine,
    new_engine: Engine,
    locations: tuple[CatalogueLocation, CatalogueLocation],
) -> None:
    """Make a whole copy the archive's catalogue; before the settings the old one is in force."""
    source, target = locations
    identity = make_identity(home)
    new_owner = (identity, owner_place(home)) if target.is_elsewhere else ("", "")
    set_owner(new_engine, *new_owner)
    new_engine.dispose()
    with write_failures_as(StoreError, home):
        if not target.is_elsewhere:
            move_into_place(home / _UNFINISHED, home / CATALOGUE_FILE)
        write_location(home, target)
        if source.is_elsewhere:
            set_owner(engine, f"{MOVED}{identity}", owner_place(home))
        else:
            engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                path = home / f"{CATALOGUE_FILE}{suffix}"
                if path.exists():
                    path.rename(home / f"{CATALOGUE_FILE}{MOVED_SUFFIX}{suffix}")
