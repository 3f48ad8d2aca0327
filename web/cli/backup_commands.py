"""Commands for a whole archive: init, backup and restore."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive


@click.command()
@click.pass_obj
def init(home: Path) -> None:
    """Make an empty archive; one that exists stays as it is."""
    from web.cli.archive_copies import make_archive

    make_archive(home)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--index/--no-index", default=False, help="Copy the live index too (can be rebuilt).")
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    help="Write a dated .zip into the folder TARGET, and keep the newest N of these.",
)
@pass_archive
def backup(home: Path, target: Path, index: bool, keep: int | None) -> None:
    """Copy the archive, while it is used, into a new folder or .zip or .tar file (a BagIt bag)."""
    if keep and target.suffix in (".zip", ".tar") and not target.is_dir():
        raise click.UsageError(f"--keep writes dated files into a folder, which {target} is not")
    from web.cli.archive_copies import back_up

    back_up(home, target, index, keep)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--with-removed", is_flag=True, help="Also bring back what was removed since.")
@click.pass_obj
def restore(home: Path, source: Path, with_removed: bool) -> None:
    """Bring an archive back from a backup into a new home, and verify it.

    What was removed or hidden after the backup stays so: the file beside it says what.
    """
    from web.cli.archive_copies import bring_back

    bring_back(home, source, with_removed)
