"""A whole archive made, copied into a backup, and brought back from one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from archive.backups import backup as copies
from archive.backups.backup_rotation import dated_target, remove_older_backups
from archive.catalogue.database import has_catalogue
from archive.errors import NoIndexError, StoreError
from archive.files.plain_files import is_plain_file, open_plain_file
from archive.settings.originals_location import read_originals_location
from archive.settings.settings_file import SETTINGS_FILE
from archive.store import Store
from archive.upkeep.home_making import HomeMaking
from archive.upkeep.running_jobs import RunningJob
from indexer.engine_factory import engine_location
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.interpret.archive_glossary import GLOSSARY_FILE
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say
from web.owner.owner_pages import FOLDER as PAGES_FOLDER
from web.site.collections import FOLDER as COLLECTIONS_FOLDER
from web.site.site_settings import LOGO_TYPES


def make_archive(home: Path) -> None:
    """Make an empty archive, unless there is one."""
    if has_catalogue(home):
        say(f"{home} is an archive already", err=True)
    with _taken_back_on_error(home), Store(home) as store:
        say(f"{home}: {store.count_articles()} articles")


def back_up(home: Path, target: Path, index: bool, keep: int | None) -> None:
    """Copy an archive, and say what the copy holds.

    Args:
        home: that of the archive.
        target: the new folder or file; with `keep` the folder for dated files.
        index: copy the live index, too.
        keep: the number of dated files that stay.
    """
    folder, target = target, dated_target(target) if keep else target
    copies.refuse_inside_home(home, target)
    with Store(home) as store, ExitStack() as stack:
        files = owner_files(home, stack) | (_index_files(home, stack) if index else {})
        job = stack.enter_context(RunningJob(home, "backup", is_bytes=True))
        progress = stack.enter_context(ProgressBar("copying", "B", job))
        report = copies.backup(store, target, files, progress)
    say(
        f"{target}: {report.articles} articles up to change {report.sequence}, {report.bytes} bytes"
    )
    _say_what_is_elsewhere(home)
    for path in remove_older_backups(home, folder, keep) if keep else ():
        say(f"removed {path}", err=True)


def bring_back(home: Path, source: Path, with_removed: bool) -> None:
    """Restore an archive, and build its index."""
    with _taken_back_on_error(home):
        ledger = copies.restore(source, home, withhold=not with_removed)
    if ledger.withheld:
        say(f"withheld again, as since the backup: {ledger.withheld}", err=True)
    with Store(home) as store, ProgressBar("indexing", "article") as progress:
        report = IndexBuilder(store, progress=progress).repair()
        say(f"{home}: {store.count_articles()} articles, in the index {report.documents}")


@contextmanager
def _taken_back_on_error(home: Path) -> Iterator[None]:
    """Leave nothing of a home that a block began to make, if an error ends it."""
    making = HomeMaking.begin(home)
    try:
        yield
    except BaseException:
        making.take_back()
        raise


def _say_what_is_elsewhere(home: Path) -> None:
    """Say which servers an archive is on, and what of them a backup does not hold."""
    originals = read_originals_location(home)
    if originals.is_elsewhere:
        say(
            f"remark: the originals in {originals.storage} are in the backup, the objects are not: "
            "a restored archive has its originals in the home, and leaves the storage alone",
            err=True,
        )
    if engine := engine_location(home):
        say(
            f"remark: the index in {engine} is not in the backup: `tangthu restore` builds one in "
            "the home",
            err=True,
        )


def owner_files(home: Path, stack: ExitStack) -> dict[str, BinaryIO]:
    """Open the files of the owner's (settings, pages, collections, logo, glossary), by place."""
    paths = [home / SETTINGS_FILE, home / GLOSSARY_FILE, *(home / PAGES_FOLDER).glob("*.md")]
    paths += (home / COLLECTIONS_FOLDER).glob("*.toml")
    paths += [path for path in home.glob("*") if path.suffix.lower() in LOGO_TYPES]
    return _open_files(home, [path for path in paths if is_plain_file(path)], stack)


def _index_files(home: Path, stack: ExitStack) -> dict[str, BinaryIO]:
    """Open the files of the live generation, by their path in the home.

    A backup may take longer than a generation stays: what is open can be read all the same.
    """
    generations = Generations(home / "index")
    try:
        name, files = generations.read_current(
            lambda current: (
                current.name,
                _open_files(home, [*current.folder.iterdir()], stack),
            )
        )
    except NoIndexError:
        return {}
    pointer = generations.pointer.relative_to(home).as_posix()
    return files | {pointer: BytesIO(f"{name}\n".encode())}


def _open_files(home: Path, paths: list[Path], stack: ExitStack) -> dict[str, BinaryIO]:
    """Open files of a home until the end of a block.

    Raises:
        StoreError: one cannot be read.
    """
    files = {}
    for path in paths:
        try:
            file = stack.enter_context(open_plain_file(path))
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error}") from error
        files[path.relative_to(home).as_posix()] = file
    return files
