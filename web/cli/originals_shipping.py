"""Shipping originals to the object storage: those that wait, and those just added."""

from __future__ import annotations

from pathlib import Path

from archive.errors import ArchiveError
from archive.originals.shipping import ShippingReport
from archive.settings.originals_location import read_originals_location
from archive.store import Store
from archive.upkeep.running_jobs import RunningJob
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say


def ship_waiting(home: Path, wait: float) -> None:
    """Ship what waits, and print what became of it; `wait` is seconds for another writer."""
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
