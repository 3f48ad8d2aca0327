"""The command that recognises the words of scanned pages."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli.archive_home import pass_archive


@click.command()
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(1, 64),
    show_default=True,
    help="Documents that are recognised at once, each by a process of the lowest priority.",
)
@click.option("--again", is_flag=True, help="Also those that another program recognised.")
@click.option(
    "--wait",
    default=60.0,
    type=click.FloatRange(0),
    metavar="SECONDS",
    show_default=True,
    help="Wait while another process writes.",
)
@pass_archive
def ocr(home: Path, workers: int, again: bool, wait: float) -> None:
    """Recognise the words of scanned pages that wait, and index them.

    Exit status 2 when a document could not be recognised now and waits for the next run.
    """
    from web.cli.page_recognition import recognize_all

    if recognize_all(home, workers, again, wait):
        raise SystemExit(2)
