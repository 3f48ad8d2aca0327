"""Commands about the index: update, rebuild, generations, rollback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import click

from web.cli.archive_home import pass_archive
from web.cli.option_needs import refuse_beside, refuse_without

P = ParamSpec("P")


@click.command()
@pass_archive
def update(home: Path) -> None:
    """Index the changes since the last update."""
    from web.cli.index_making import update_index

    update_index(home)


def _number(
    name: str, default: int, bounds: tuple[int, int], text: str
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Return the decorator for an option that takes a number within bounds."""
    return click.option(
        name, default=default, type=click.IntRange(*bounds), show_default=True, help=text
    )


@click.command()
@_number("--keep", 2, (1, 100), "Generations to keep on disk.")
@_number("--memory", 512, (16, 1 << 20), "Megabytes for each worker.")
@_number("--workers", 1, (1, 256), "Processes that build.")
@click.option(
    "--max-load",
    default=0.0,
    type=click.FloatRange(0),
    show_default=True,
    help="Wait while the load average is above this; 0 never waits.",
)
@_number("--nice", 0, (0, 19), "Niceness of the build.")
@click.option("--fresh", is_flag=True, help="Do not resume an interrupted rebuild.")
@click.option("--if-needed", is_flag=True, help="Update; rebuild only if that cannot help.")
@click.option("--reparse", is_flag=True, help="First read the kept originals with today's readers.")
@click.option("--force", is_flag=True, help="With --reparse: also what today's readers read.")
@click.option("--dry-run", is_flag=True, help="With --reparse: only say how many would change.")
@click.option("--join", is_flag=True, help="Help a rebuild that another host has begun.")
@click.option(
    "--since",
    type=click.DateTime(),
    help="Only articles captured since then, by the archive's clock: 2027-01-31, or with a time "
    "2027-01-31T08:00:00.",
)
@click.option("--only", metavar="QUERY", help="Only articles that match this query.")
@pass_archive
def rebuild(home: Path, /, **options: Any) -> None:
    """Build a new generation beside the live one, check it, and swap it in.

    An interrupted rebuild resumes from its checkpoint. With --since or --only the new generation
    is a copy of the live one in which only those articles are indexed again. With --join this
    host does parts of a rebuild that another one has begun, and publishes nothing.
    """
    refuse_without("reparse", "dry_run", "force")
    refuse_beside("dry_run", "fresh", "if_needed")
    refuse_beside("if_needed", "since", "only", "reparse")
    for name in ("since", "only"):
        refuse_beside(name, "fresh")
    if options["join"]:
        refuse_beside("join", "fresh", "if_needed", "reparse", "since", "only")
    os.nice(options["nice"])

    from web.cli.index_making import join_running_rebuild, rebuild_index

    if options["join"]:
        join_running_rebuild(home, options)
    else:
        rebuild_index(home, options)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@pass_archive
def generations(home: Path, as_json: bool) -> None:
    """List the published generations; the live one is marked."""
    from web.cli.index_making import print_generations

    print_generations(home, as_json)


@click.command()
@pass_archive
def rollback(home: Path) -> None:
    """Serve the generation before the live one."""
    from web.cli.index_making import roll_back

    roll_back(home)
