"""The command that ships originals to the object storage, and shipping after others."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import ArchiveError
from archive.originals_location import read_originals_location
from archive.running_jobs import RunningJob
from archive.shipping import ShippingReport
from archive.store import Store
from web.cli.archive_home import pass_archive
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say


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
    with Store(home) as store:
        store.patience = wait
        say(_describe(_ship(store)))


def ship_added(store: Store) -> None:
    """Ship what was added, if the settings name an object storage; it is kept in any case."""
    if not read_originals_location(store.home).is_elsewhere:
        return
    try:
        say(_describe(_ship(store)))
    except ArchiveError as error:
        say(f"remark: not shipped yet: {error}; then `tangthu ship`", err=True)


def _ship(store: Store) -> ShippingReport:
    job = RunningJob(store.home, "ship", is_bytes=True)
    with job, ProgressBar("shipping", "B", job) as progress:
        return store.ship(progress)


def _describe(report: ShippingReport) -> str:
    gone = f"; {report.files} full files left the home" if report.files else ""
    return f"shipped {report.pieces} pieces, {report.bytes} bytes{gone}"
