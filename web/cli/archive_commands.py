"""Commands for the articles in the archive: add, show, status, problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from web.cli.archive_home import pass_archive
from web.cli.problem_kinds import PROBLEM_KINDS


def _known_encoding(_context: click.Context, _parameter: click.Parameter, encoding: str) -> str:
    """Return the encoding that was typed.

    Raises:
        BadParameter: there is no such.
    """
    # Imported here: help is printed without reading any document.
    from indexer.intake.encoding_labels import codec_of

    if encoding and codec_of(encoding) is None:
        raise click.BadParameter(f"the encoding {encoding!r} is unknown")
    return encoding


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--no-index", is_flag=True, help="Only keep; index later with `tangthu update`.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit status 2 also for documents that were skipped or read in part.",
)
@click.option(
    "--encoding",
    default="",
    callback=_known_encoding,
    metavar="NAME",
    help="Encoding of the documents, such as windows-1258; else what they declare, or UTF-8.",
)
@click.option(
    "--wait",
    default=0.0,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Wait while another process writes.",
)
@click.option(
    "--collection",
    default="",
    metavar="NAME",
    help="Name of what is read: documents without an address are known by their path in it.",
)
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0, 256),
    metavar="N",
    help="Processes that read and index; 0, the default: as many as there are usable cores.",
)
@click.pass_obj
def add(home: Path, /, paths: tuple[str, ...], **options: Any) -> None:
    """Keep files, folders or standard input (-) and index what is new.

    Exit status 0 when all is kept, even if another process is to index it; 2 when a document
    could not be read; 1 when something could not be kept, or not be indexed by anyone.
    """
    from web.cli.article_adding import add_paths

    add_paths(home, paths, options)


@click.command()
@click.argument("name", metavar="IDENTIFIER")
@click.option("--json", "as_json", is_flag=True, help="The whole article as JSON.")
@click.option("--version", "number", type=click.IntRange(1), help="An older version.")
@pass_archive
def show(home: Path, name: str, as_json: bool, number: int | None) -> None:
    """Print one article, by its identifier, external identifier or address."""
    from web.cli.article_printing import print_article

    print_article(home, name, as_json, number)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable; keys are stable.")
@pass_archive
def status(home: Path, as_json: bool) -> None:
    """Report the number of articles that are kept and indexed, and a build under way."""
    from web.cli.archive_report import print_status

    print_status(home, as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON lines; keys are stable.")
@click.option(
    "--state",
    "kinds",
    multiple=True,
    type=click.Choice(list(PROBLEM_KINDS)),
    help="Only those of this kind, such as needs-ocr; repeatable.",
)
@pass_archive
def problems(home: Path, as_json: bool, kinds: tuple[str, ...]) -> None:
    """List what the kept articles do not hold of their documents."""
    from web.cli.archive_report import print_problems

    print_problems(home, as_json, kinds)
