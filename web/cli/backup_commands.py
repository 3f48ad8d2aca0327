"""Commands for a whole archive: init, backup and restore."""

from __future__ import annotations

from pathlib import Path

import click

from archive import backup as copies
from archive.backup_rotation import dated_target, remove_older_backups
from archive.database import has_catalogue
from archive.errors import NoIndexError
from archive.plain_files import is_plain_file
from archive.settings_file import SETTINGS_FILE
from archive.store import Store
from indexer.generations.generations import Generations
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.interpret.archive_glossary import GLOSSARY_FILE
from web.cli.archive_home import pass_archive
from web.cli.progress_bar import ProgressBar
from web.site.owner_pages import FOLDER
from web.site.site_settings import LOGO_TYPES


@click.command()
@click.pass_obj
def init(home: Path) -> None:
    """Make an empty archive; one that exists stays as it is."""
    if has_catalogue(home):
        click.echo(f"{home} is an archive already", err=True)
    with Store(home) as store:
        click.echo(f"{home}: {store.count_articles()} articles")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--index/--no-index", default=False, help="Copy the live index too (can be rebuilt).")
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    help="Write a dated .zip into the folder TARGET, and keep the newest ones of these.",
)
@pass_archive
def backup(home: Path, target: Path, index: bool, keep: int | None) -> None:
    """Copy the archive, while it is used, into a new folder or .zip or .tar file (a BagIt bag)."""
    folder, target = target, dated_target(target) if keep else target
    copies.refuse_inside_home(home, target)
    with Store(home) as store:
        files = owner_files(home) | (_index_files(home) if index else {})
        report = copies.backup(store, target, files)
    click.echo(
        f"{target}: {report.articles} articles up to change {report.sequence}, {report.bytes} bytes"
    )
    for path in remove_older_backups(home, folder, keep) if keep else ():
        click.echo(f"removed {path}", err=True)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--with-removed", is_flag=True, help="Bring back what was removed since as well.")
@click.pass_obj
def restore(home: Path, source: Path, with_removed: bool) -> None:
    """Bring an archive back from a backup into a new home, and verify it.

    What was removed or hidden after the backup stays so: the file beside it says what.
    """
    ledger = copies.restore(source, home, withhold=not with_removed)
    if ledger.withheld:
        click.echo(f"withheld again, as since the backup: {ledger.withheld}", err=True)
    with Store(home) as store, ProgressBar("indexing", "article") as progress:
        report = IndexBuilder(store, progress=progress).repair()
        click.echo(f"{home}: {store.count_articles()} articles, in the index {report.documents}")


def owner_files(home: Path) -> dict[str, Path]:
    """Return the files of the owner's (settings, pages, logo, glossary), by their place."""
    paths = [home / SETTINGS_FILE, home / GLOSSARY_FILE, *(home / FOLDER).glob("*.md")]
    paths += [path for path in home.glob("*") if path.suffix.lower() in LOGO_TYPES]
    return {path.relative_to(home).as_posix(): path for path in paths if is_plain_file(path)}


def _index_files(home: Path) -> dict[str, Path]:
    """Return the files of the live generation, by their path in the home."""
    generations = Generations(home / "index")
    try:
        current = generations.current()
    except NoIndexError:
        return {}
    paths = [generations.pointer, *current.folder.iterdir()]
    return {path.relative_to(home).as_posix(): path for path in paths}
