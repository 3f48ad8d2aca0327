"""Commands about the index: update, rebuild, generations, rollback."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.store import Store
from indexer.building.generations import Generations
from indexer.building.rebuild import Builder, BuildOptions, BuildReport
from web.progress import ProgressShown


@click.command()
@click.pass_obj
def update(home: Path) -> None:
    """Index what changed since the last time."""
    with Store(home) as store, ProgressShown("indexing", "article") as progress:
        report = Builder(store, progress=progress).update()
    _tell(report)


@click.command()
@click.option("--keep", default=2, show_default=True, help="Generations to keep on disk.")
@click.option("--memory", default=512, show_default=True, help="Megabytes for each worker.")
@click.option("--workers", default=1, show_default=True, help="Processes that build.")
@click.option("--max-load", default=0.0, help="Wait while the load average is above this.")
@click.option("--fresh", is_flag=True, help="Do not go on with an interrupted rebuild.")
@click.pass_obj
def rebuild(home: Path, keep: int, memory: int, workers: int, max_load: float, fresh: bool) -> None:
    """Build a new generation beside the live one, check it, and swap it in.

    A rebuild that was interrupted goes on from what it had finished.
    """
    options = BuildOptions(
        memory=max(16, memory) << 20,
        keep=max(1, keep),
        workers=max(1, workers),
        max_load=max_load,
        resume=not fresh,
    )
    with Store(home) as store, ProgressShown("rebuilding", "article") as progress:
        report = Builder(store, options, progress).rebuild()
    _tell(report)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@click.pass_obj
def generations(home: Path, as_json: bool) -> None:
    """List the published generations; the live one is marked."""
    kept = Generations(home / "index")
    live = kept.current().name
    for one in kept.published():
        manifest = one.manifest
        record = {
            "generation": one.name,
            "live": one.name == live,
            "made": manifest.made,
            "documents": manifest.documents,
            "sequence": manifest.sequence,
            "analyzer": manifest.analyzer,
        }
        mark = "*" if one.name == live else " "
        plain = f"{mark} {one.name}  {manifest.made}  {manifest.documents} articles"
        click.echo(json.dumps(record) if as_json else plain)


@click.command()
@click.pass_obj
def rollback(home: Path) -> None:
    """Serve the generation before the live one."""
    with Store(home) as store:
        name = Builder(store).rollback()
    click.echo(f"generation {name} is live; `tangthu update` brings it up to date")


def _tell(report: BuildReport) -> None:
    if report.saved:
        click.echo(f"went on from an interrupted rebuild: {report.saved} articles were done")
    click.echo(
        f"generation {report.generation}: indexed {report.indexed}, deleted {report.deleted}, "
        f"in the index {report.documents}"
    )
