"""The identity of a home, by which a catalogue elsewhere knows whose originals it names.

The catalogue in a home is the home's. One on a database server could be opened with any home, and
two homes would name each other's originals: so it belongs to the home that opened it first.
"""

from __future__ import annotations

import socket
import uuid
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, select

from archive.catalogue import tables
from archive.catalogue.database import CATALOGUE_FILE, IDENTITY_FILE, has_originals, transaction
from archive.errors import DamagedError, StoreError, write_failures_as
from archive.files.atomic_files import replace_file
from archive.files.json_records import read_json_record
from archive.records import utc_now
from archive.storable_texts import storable

COPYING = "copying"
"""The owner of a catalogue into which another one is being copied."""

MOVED = "moved:"
"""Before the identity of a home whose catalogue was moved away: the owner of what is left."""

_LIMIT = 4096


class HomeIdentity(msgspec.Struct, frozen=True):
    """The identity of a home: a random name, and when it was made (ISO 8601)."""

    identity: str
    made: str


def read_identity(home: Path) -> str:
    """Return the identity of a home; empty where it has none.

    Raises:
        StoreError: its file cannot be read.
    """
    path = home / IDENTITY_FILE
    try:
        return read_json_record(path, HomeIdentity, _LIMIT).identity
    except FileNotFoundError:
        return ""
    except (OSError, DamagedError) as error:
        raise StoreError(f"{path} cannot be read: {error}; restore it") from error


def make_identity(home: Path) -> str:
    """Return the identity of a home, a new one where it has none.

    Raises:
        StoreError: the disk refuses it.
    """
    if identity := read_identity(home):
        return identity
    record = HomeIdentity(str(uuid.uuid4()), utc_now().isoformat())
    path = home / IDENTITY_FILE
    with write_failures_as(StoreError, path):
        replace_file(path, msgspec.json.encode(record) + b"\n")
    return record.identity


def require_owner(engine: Engine, home: Path) -> None:
    """Check that a catalogue elsewhere is a home's; a new catalogue becomes the home's.

    Raises:
        StoreError: it is of another home, or the home had another catalogue before.
    """
    with engine.connect() as connection:
        if _is_owner(connection, home):
            return
    if has_originals(home):
        path = home / CATALOGUE_FILE
        present = path if path.exists() else "another one"
        raise StoreError(
            f"this catalogue is new, and {home} has originals already. Its catalogue is {present}; "
            "`tangthu move --catalogue URL` takes it into a database"
        )
    with transaction(engine) as connection:
        if not _is_owner(connection, home):
            claim(connection, home, make_identity(home))


def claim(connection: Connection, home: Path, identity: str) -> None:
    """Make a home, by its identity, the owner of a catalogue."""
    row = {"owner": identity, "owner_place": owner_place(home)}
    connection.execute(tables.archive_state.update().values(**row))


def owner_place(home: Path) -> str:
    """Return where a home is, for messages."""
    return storable(f"{socket.gethostname()}:{home.absolute()}"[:1000])


def _is_owner(connection: Connection, home: Path) -> bool:
    """Tell whether a catalogue is a home's already; False where it is nobody's.

    Raises:
        StoreError: it is of another home.
    """
    state = tables.archive_state.c
    owner, place = connection.execute(select(state.owner, state.owner_place)).one()
    if not owner:
        return False
    if owner == COPYING:
        raise StoreError("a copy into this catalogue was broken off; run the command again")
    if owner.startswith(MOVED):
        raise StoreError(f"the archive in {place} was moved away from this catalogue")
    if owner != read_identity(home):
        raise StoreError(
            f"the catalogue belongs to the archive that was made in {place}; name another database "
            f"for {home}. If it is that archive, moved or without its {IDENTITY_FILE}, write "
            f'{{"identity":"{owner}","made":""}} there'
        )
    return True
