"""The command that moves an archive's parts elsewhere, there and back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.settings.archive_settings import IN_HOME
from web.cli.archive_home import pass_archive
from web.cli.option_needs import refuse_beside, refuse_without

_FILES = {
    "catalogue": ("password_file",),
    "originals": ("keys_file",),
    "engine": ("engine_password_file",),
}
"""The options that name a file with a secret, by the part whose new place it opens."""


@click.command()
@click.option("--catalogue", metavar="URL", help="A new database, or `home`.")
@click.option("--password-file", default="", metavar="FILE", help="Its password, on a line.")
@click.option("--originals", metavar="URL", help="An object storage, or `home`.")
@click.option("--keys-file", default="", metavar="FILE", help="Its key and secret, on two lines.")
@click.option("--engine", metavar="URL", help="A cluster for the index, or `home`.")
@click.option("--engine-password-file", default="", metavar="FILE", help="Its password, on a line.")
@pass_archive
def move(
    home: Path,
    /,
    catalogue: str | None,
    originals: str | None,
    engine: str | None,
    **files: str,
) -> None:
    """Move the catalogue to PostgreSQL, the originals to an object storage, the index to a cluster.

    Or any of them back into the home. Every row is copied and compared, every piece read back, the
    index is built and checked there; the settings then say so. Broken off, the archive is as it
    was; the same command goes on. Nothing is added meanwhile; a server is started anew afterwards,
    unless it was the index alone.
    """
    if not (catalogue or originals or engine):
        raise click.UsageError("name a place with --catalogue, --originals or --engine")
    places = {"catalogue": catalogue, "originals": originals, "engine": engine}
    _refuse_needless_files(places)
    from web.cli.parts_moving import move_parts

    move_parts(home, places, files)


def _refuse_needless_files(places: dict[str, str | None]) -> None:
    """Refuse the file of a password or of keys for a place that is not moved to.

    Raises:
        UsageError: there is one.
    """
    for part, names in _FILES.items():
        refuse_without(part, *names)
        if places[part] == IN_HOME:
            refuse_beside(part, *names)
