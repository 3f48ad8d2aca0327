"""The ledger beside a backup: what the operator withheld since, so that no restore reveals it.

A home remembers its backups (`backups.json`). Whatever is removed, hidden or shown again later is
written beside each of them (`backup.zip.removals.json`), where `restore` looks. It holds names,
reasons and digests, nothing of the text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from archive.catalogue.operations import Operation, OperationKind, OperatorNote
from archive.errors import (
    DamagedError,
    NotFoundError,
    StoreError,
    StoreLockedError,
    write_failures_as,
)
from archive.files.atomic_files import replace_file, sync_folder
from archive.files.json_records import read_json_record
from archive.files.plain_files import is_plain_file
from archive.passages import PASSAGES
from archive.records import utc_now
from archive.store import Store
from archive.writing.lock import WriterLock

BACKUPS_FILE = "backups.json"
"""The file in a home that names its backups."""

LEDGER_SUFFIX = ".removals.json"

LEDGER_KEY = "Tangthu-Ledger"
"""The word in a backup's `bag-info.txt` that says that a ledger is beside it."""

_MARK_SUFFIX = ".unfinished"
_LOCK = "backups.lock"
_PATIENCE = 60.0
_LIMIT = 64 << 20


class BackupEntry(msgspec.Struct, frozen=True):
    """A backup: where it was written, when, and the last change that is in it."""

    path: str
    made: str
    sequence: int


class LedgerEntry(msgspec.Struct, frozen=True):
    """One operation on the visibility of an article, of one version, or of passages (edited)."""

    identifier: str
    version: int
    kind: OperationKind
    reason: str
    actor: str
    made: str
    due: str = ""
    destroyed: bool = False
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The result of a ledger: articles that were withheld again in a restored archive."""

    withheld: int


def read_backups(home: Path) -> tuple[BackupEntry, ...]:
    """Return the backups that a home remembers and that are still there, oldest first."""
    try:
        entries = read_json_record(home / BACKUPS_FILE, tuple[BackupEntry, ...], _LIMIT)
    except (OSError, DamagedError):
        return ()
    return tuple(entry for entry in entries if Path(entry.path).exists())


def remember_backup(store: Store, target: Path, sequence: int) -> None:
    """Remember a backup in its home, and write the ledger beside it.

    Raises:
        StoreError: the ledger cannot be written.
    """
    entry = BackupEntry(str(target.resolve()), utc_now().isoformat(), sequence)
    path = store.home / BACKUPS_FILE
    with _one_at_a_time(store):
        entries = (*(each for each in read_backups(store.home) if each.path != entry.path), entry)
        with write_failures_as(StoreError, path):
            replace_file(path, msgspec.json.encode(entries) + b"\n")
        _write_ledgers(store)


@contextmanager
def ledger_beside(store: Store, target: Path) -> Iterator[None]:
    """Write the ledger of a backup before it takes its name, and remove it if it does not.

    One that is there already, of a backup that was moved away without it, is renewed and stays.

    Raises:
        OSError: it cannot be written.
    """
    place, mark = _place_of(target), _mark_of(target)
    if not os.path.lexists(place):
        mark.touch()
        sync_folder(mark.parent)
    try:
        replace_file(place, _ledger_of(store))
        yield
    finally:
        with suppress(OSError):
            clear_unfinished_ledger(target)


def unfinished_ledgers(folder: Path) -> list[Path]:
    """Return the backups in a folder whose ledgers were written before they had their names."""
    marks = [mark for mark in folder.glob(f".*{_MARK_SUFFIX}") if is_plain_file(mark)]
    names = [mark.name.removeprefix(".").removesuffix(_MARK_SUFFIX) for mark in marks]
    return [folder / name for name in names if name]


def clear_unfinished_ledger(target: Path) -> None:
    """Remove the ledger that was written for a backup, unless the backup has its name.

    Raises:
        OSError: it cannot be removed.
    """
    place, mark = _place_of(target), _mark_of(target)
    is_mark = is_plain_file(mark)
    if not os.path.lexists(target):
        place.with_name(f".{place.name}.new").unlink(missing_ok=True)
        if is_mark:
            place.unlink(missing_ok=True)
    if is_mark:
        mark.unlink(missing_ok=True)


def _mark_of(backup: Path) -> Path:
    """Return the file that says that a ledger came with a backup that has no name yet."""
    return backup.with_name(f".{backup.name}{_MARK_SUFFIX}")


def write_ledgers(store: Store) -> list[str]:
    """Write the ledger beside every backup that the home remembers.

    Returns:
        The places where it could not be written.
    """
    try:
        with _one_at_a_time(store):
            return _write_ledgers(store)
    except StoreLockedError as error:
        return [f"{store.home / _LOCK}: {error}"]


@contextmanager
def _one_at_a_time(store: Store) -> Iterator[None]:
    """Let no other process write ledgers meanwhile, of which one would undo the other's."""
    with ExitStack() as stack:
        try:
            stack.enter_context(WriterLock(store.home / _LOCK, _PATIENCE))
        except StoreLockedError:
            raise
        except StoreError:
            # Where there are no locks nothing is removed, and a backup can be made all the same.
            pass
        yield


def _write_ledgers(store: Store) -> list[str]:
    ledger, refused = _ledger_of(store), []
    for entry in read_backups(store.home):
        path = _place_of(Path(entry.path))
        try:
            replace_file(path, ledger)
        except OSError as error:
            refused.append(f"{path}: {error.strerror or error}")
    return refused


def _ledger_of(store: Store) -> bytes:
    """Return what a ledger holds: an empty one as well, since one that is missing was lost."""
    return msgspec.json.encode(_entries(store)) + b"\n"


def _place_of(backup: Path) -> Path:
    return backup.with_name(backup.name + LEDGER_SUFFIX)


def read_ledger(backup: Path, *, is_needed: bool = False) -> tuple[LedgerEntry, ...]:
    """Return the ledger beside a backup; nothing where there is none.

    Raises:
        DamagedError: it cannot be read.
        StoreError: it is needed, and there is none.
    """
    path = _place_of(backup)
    try:
        return read_json_record(path, tuple[LedgerEntry, ...], _LIMIT)
    except FileNotFoundError as error:
        if is_needed:
            raise StoreError(
                f"{path} is missing, which says what was removed since the backup was made: bring "
                "it from where the backup was, or restore with --with-removed, and all of it "
                "comes back"
            ) from error
        return ()


def apply_ledger(store: Store, ledger: tuple[LedgerEntry, ...]) -> LedgerReport:
    """Do again in a restored archive what was done since its backup.

    Raises:
        StoreError: it cannot be written.
    """
    done = {_key(LedgerEntry(*_fields(each))) for each in _operations(store)}
    withheld = 0
    with store.operator_batch() as batch:
        for entry in ledger:
            if _key(entry) in done:
                continue
            note = OperatorNote(entry.reason, entry.actor, entry.made, entry.due)
            try:
                if entry.kind is OperationKind.EDITED:
                    batch.remove_passages(
                        entry.identifier, note, entry.passages, destroy=entry.destroyed
                    )
                elif entry.kind is OperationKind.REMOVED:
                    batch.remove(entry.identifier, note, entry.version, destroy=entry.destroyed)
                elif entry.kind is OperationKind.HIDDEN:
                    batch.hide(entry.identifier, note)
                else:
                    batch.show_again(entry.identifier, note)
                withheld += entry.kind is not OperationKind.SHOWN
            except NotFoundError:
                # The article, or the version, came after the backup.
                continue
    return LedgerReport(withheld)


def _entries(store: Store) -> list[LedgerEntry]:
    destroyed = {identifier for identifier, _ in store.operator_state().destroyed}
    entries = []
    for operation in _operations(store):
        takes_away = operation.kind in (OperationKind.REMOVED, OperationKind.EDITED)
        is_destroyed = takes_away and operation.identifier in destroyed
        passages = tuple(operation.changes.get(PASSAGES, ()))
        entries.append(LedgerEntry(*_fields(operation), destroyed=is_destroyed, passages=passages))
    return entries


def _operations(store: Store) -> list[Operation]:
    operations: list[Operation] = []
    while page := store.operations(operations[-1].sequence if operations else 0):
        operations += page
    # Of passages the operation as a whole is done again, not the versions that it withdrew.
    return [
        each
        for each in operations
        if (each.kind is OperationKind.EDITED) == bool(each.changes.get(PASSAGES))
    ]


def _fields(operation: Operation) -> tuple[str, int, OperationKind, str, str, str, str]:
    note = operation.note
    return (
        operation.identifier,
        operation.version,
        operation.kind,
        note.reason,
        note.actor,
        note.made,
        note.due,
    )


def _key(entry: LedgerEntry) -> tuple[str, int, str, str]:
    return entry.identifier, entry.version, entry.kind.value, entry.made
