"""Backup of a whole archive while it is used, as a BagIt bag (RFC 8493), and its restoration.

The catalogue is copied first, as of one transaction. A record is in its WARC file before the
catalogue names it, and the files only grow, so the files up to the lengths in the copied
catalogue are the originals that belong to it.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import bagit

from archive.backups.originals_copy import COPY_BLOCK, copy_originals
from archive.backups.packed_backup import TAR, ZIP, pack_folder, unpack
from archive.backups.partial_backup import partial_backup
from archive.backups.removal_ledger import (
    LEDGER_KEY,
    LedgerReport,
    apply_ledger,
    ledger_beside,
    read_ledger,
    remember_backup,
)
from archive.backups.restore_place import move_home, unpacking_place
from archive.catalogue import migrations
from archive.catalogue.catalogue_copy import copy_rows, dump_catalogue, set_owner, snapshot
from archive.catalogue.database import (
    CATALOGUE_FILE,
    connect,
    copy_catalogue,
    is_writable,
    refuse_links,
)
from archive.catalogue.home_identity import make_identity, owner_place
from archive.errors import DamagedError, StoreError, catalogue_read_failure, describe_write_failure
from archive.files.atomic_files import move_into_place
from archive.settings.archive_settings import write_archive_settings
from archive.settings.catalogue_location import (
    HOME_CATALOGUE,
    CatalogueLocation,
    read_location,
    write_location,
)
from archive.settings.originals_location import HOME_ORIGINALS, write_originals_location
from archive.settings.settings_file import SettingsError
from archive.store import Store

_OTHER_FORMATS = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class BackupReport:
    """The contents of a backup: articles, the last change, bytes of all files."""

    articles: int
    sequence: int
    bytes: int


def backup(
    store: Store,
    target: Path,
    extra: Mapping[str, BinaryIO] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BackupReport:
    """Copy an archive into a new folder, or into a new file that ends in .zip or .tar.

    The target has its name only when it is whole and durable.

    Args:
        store: the archive; it may be written to meanwhile.
        target: the new folder or file; it must not exist.
        extra: further files by their place in the home, open: they may be gone at their turn.
        progress: told (bytes of originals done, of all) after each file; all are copied, summed,
            and packed into one file, if it is one.

    Raises:
        StoreError: the target exists or cannot be written, or nothing was ever kept.
    """
    _refuse_target(target)
    _refuse_empty_archive(store)
    is_remembered = is_writable(store.home)
    passes = 3 if _is_packed(target) else 2
    tell = progress or (lambda done, total: None)

    def copied(done: int, total: int) -> None:
        tell(done, total * passes)

    try:
        with partial_backup(target) as partial:
            _copy_catalogue(store, partial / CATALOGUE_FILE)
            size = _copy_files(store, partial, extra or {}, copied)
            report = _make_bag(partial, {LEDGER_KEY: "beside"} if is_remembered else {})
            tell(2 * size, passes * size)
            # A backup that has its name has its ledger, without which no restore takes it.
            with ledger_beside(store, target) if is_remembered else nullcontext():
                _give_name(partial, target)
    except (OSError, bagit.BagError) as error:
        raise StoreError(describe_write_failure(f"the backup {target}", error)) from error
    except sqlite3.Error as error:
        raise catalogue_read_failure(error) from error
    if is_remembered:
        remember_backup(store, target, report.sequence)
    return report


def _copy_files(
    store: Store,
    folder: Path,
    extra: Mapping[str, BinaryIO],
    progress: Callable[[int, int], None],
) -> int:
    """Copy the originals that the copied catalogue names, and further files of the home.

    Returns:
        The bytes of the originals.
    """
    (folder / "originals").mkdir()
    size = copy_originals(store.originals, folder, progress)
    for name, file in extra.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("xb") as copy:
            shutil.copyfileobj(file, copy, COPY_BLOCK)
    return size


def _is_packed(target: Path) -> bool:
    return target.suffix in (ZIP, TAR)


def _give_name(folder: Path, target: Path) -> None:
    """Give a finished folder its name, or the file that it is packed into."""
    if _is_packed(target):
        pack_folder(folder, target)
    else:
        move_into_place(folder, target)


def restore(
    source: Path, home: Path, location: CatalogueLocation | None = None, *, withhold: bool = True
) -> LedgerReport:
    """Restore an archive from a backup into a home that does not exist or is empty.

    Every checksum of the bag is checked, and originals and catalogue against each other, before
    the home has its name. A backup of an older schema stays of that schema, unless its ledger
    (`removal_ledger`) says what was withheld since: that is withheld again.

    Args:
        source: the backup.
        home: the new home.
        location: where its catalogue is to be, a new database or the home itself; None is where
            the environment says, never where the backup's settings say.
        withhold: whether the ledger is heeded.

    Raises:
        DamagedError: the backup is damaged or is no backup.
        StoreError: the home is not empty or cannot be written, the database is not new, or the
            backup's ledger was left behind.
    """
    unpacked = unpacking_place(home)
    location = location or read_location(home)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unpacked, ignore_errors=True)
        unpack(source, unpacked)
        info = _validate(source, unpacked)
        ledger = read_ledger(source, is_needed=LEDGER_KEY in info) if withhold else ()
        report = LedgerReport(0)
        if ledger:
            with Store(unpacked / "data", HOME_CATALOGUE) as store:
                report = apply_ledger(store, ledger)
        _place_catalogue(unpacked / "data", home, location)
        move_home(unpacked / "data", home)
    except OSError as error:
        raise StoreError(f"{source} cannot be restored: {error}") from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return report


def _place_catalogue(unpacked: Path, home: Path, location: CatalogueLocation) -> None:
    """Take the catalogue of an unpacked archive to its place, and let the settings say so."""
    # The settings of a backup may be of another program, or wrong: every command says so.
    with suppress(SettingsError):
        write_location(unpacked, location)
        # Nor does the copy write into the index of the archive that it is a copy of.
        write_archive_settings(unpacked, {"engine": "", "engine-password-file": ""})
        # All of them came with the backup.
        write_originals_location(unpacked, HOME_ORIGINALS)
    if not location.is_elsewhere:
        return
    engine = connect(home, location)
    try:
        with Store(unpacked, HOME_CATALOGUE) as store:
            store.migrate()
            with snapshot(store.engine) as rows:
                copy_rows(rows, engine, "")
        set_owner(engine, make_identity(unpacked), owner_place(home))
    finally:
        engine.dispose()
    for path in unpacked.glob(f"{CATALOGUE_FILE}*"):
        path.unlink()


def refuse_inside_home(home: Path, target: Path) -> None:
    """Refuse a backup in the archive itself, which is lost with it.

    Raises:
        StoreError: the target lies in the home.
    """
    if home.resolve() in target.resolve().parents:
        raise StoreError(f"{target} lies in the archive itself; name a place outside of {home}")


def _refuse_empty_archive(store: Store) -> None:
    # Answers of a crawl are kept without any article.
    if not (store.last_sequence() or store.originals.files()):
        raise StoreError(
            f"{store.home} is empty: there is nothing to back up; is it the right home?"
        )


def _refuse_target(target: Path) -> None:
    """Refuse a name for a backup that exists or promises another format."""
    if os.path.lexists(target):
        raise StoreError(f"{target} exists; name a new folder or file for the backup")
    suffix = target.suffix.lower()
    if suffix in _OTHER_FORMATS or (suffix in (ZIP, TAR) and suffix != target.suffix):
        raise StoreError(f"{target}: a backup is a folder, or a file that ends in .zip or .tar")


def _copy_catalogue(store: Store, target: Path) -> None:
    if store.location.is_elsewhere:
        dump_catalogue(store.engine, target)
        return
    source = store.home / CATALOGUE_FILE
    refuse_links(store.home)
    try:
        copy_catalogue(source, target)
        migrations.refuse_foreign_catalogue(target)
    except sqlite3.Error as error:
        raise StoreError(f"the catalogue cannot be copied: {error}") from error


def _make_bag(folder: Path, marks: Mapping[str, str]) -> BackupReport:
    """Make a bag of a folder: its files move to `data/`, with a manifest of SHA-256 beside."""
    with closing(sqlite3.connect(folder / CATALOGUE_FILE)) as copy:
        (articles,) = copy.execute("SELECT count(*) FROM articles WHERE NOT deleted").fetchone()
        (sequence,) = copy.execute("SELECT max(sequence) FROM articles").fetchone()
    info = {
        "External-Description": "An archive of tangthu; `tangthu restore` brings it back",
        "Tangthu-Articles": str(articles),
        "Tangthu-Sequence": str(sequence or 0),
        **marks,
    }
    # It logs failures with a trace; our own error names them.
    logging.getLogger(bagit.__name__).setLevel(logging.CRITICAL + 1)
    _leave_closed_directory()
    bag = bagit.make_bag(str(folder), info, checksums=["sha256"])
    octets = int(bag.info["Payload-Oxum"].partition(".")[0])
    return BackupReport(articles, sequence or 0, octets)


def _leave_closed_directory() -> None:
    """Go to the root where this user may not enter the working directory, or it is gone.

    A bag is made by changing into its folder and back: another user's folder, in which
    `runuser` was called, would end that.
    """
    try:
        os.chdir(os.getcwd())  # noqa: PTH109
    except OSError:
        os.chdir("/")


def _validate(source: Path, folder: Path) -> Mapping[str, Any]:
    """Check the checksums of an unpacked bag, and the archive in it; return what it says of it."""
    try:
        bag = bagit.Bag(str(folder))
        if "sha256" not in bag.algorithms:
            raise DamagedError(f"the backup {source} has no SHA-256 sums (manifest-sha256.txt)")
        bag.validate()
        if any("sha256" not in bag.entries.get(name, {}) for name in bag.payload_files()):
            raise DamagedError(f"the backup {source} has files without a SHA-256 sum")
    except (bagit.BagError, ValueError, UnicodeError) as error:
        # A manifest may name very many files that are not there.
        reason = str(error)[:_LONGEST_REASON]
        raise DamagedError(f"the backup {source} is not what was written: {reason}") from error
    if not (folder / "data" / CATALOGUE_FILE).is_file():
        raise DamagedError(f"the backup {source} has no catalogue in it")
    with Store(folder / "data", HOME_CATALOGUE) as store:
        # A backup of an older program may hold dates in local time.
        store.correct_dates()
        problems = store.verify().problems
    if problems:
        first = f"{problems[0].subject}: {problems[0].reason}"
        raise DamagedError(f"the backup {source} does not agree with itself: {first}")
    return dict(bag.info)
