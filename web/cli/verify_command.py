"""The command that proves that originals, catalogue and index agree."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive
from web.cli.option_needs import refuse_without


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@click.option(
    "--repair", is_flag=True, help="First mend what can be: the index, dates of originals."
)
@click.option("--since-last", is_flag=True, help="Only originals, from where the last run ended.")
@click.option(
    "--within",
    default=30,
    type=click.IntRange(1, 1_000_000),
    show_default=True,
    help="With --since-last: runs in which all are read.",
)
@pass_archive
def verify(home: Path, as_json: bool, repair: bool, since_last: bool, within: int) -> None:
    """Prove that originals, catalogue and index agree; exit status 1 if they do not."""
    refuse_without("since_last", "within")
    if since_last and repair:
        raise click.UsageError("--since-last only reads originals; use --repair without it")
    from web.cli.archive_verification import verify_archive, verify_share

    if since_last:
        verify_share(home, as_json, within)
    else:
        verify_archive(home, as_json, repair)
