"""The command that ships originals to the object storage."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive


@click.command()
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0,
    metavar="SECONDS",
    help="Wait while another process writes.",
)
@pass_archive
def ship(home: Path, wait: float) -> None:
    """Put originals that wait into the object storage, and read them back.

    `add` does so as well; where it could not, this goes on. Full WARC files that are stored leave
    the home, unless the settings keep them.
    """
    from web.cli.originals_shipping import ship_waiting

    ship_waiting(home, wait)
