"""The command that moves an archive's parts elsewhere, there and back."""

from __future__ import annotations

import os
from pathlib import Path

import click

from archive.catalogue_location import CATALOGUE_VARIABLE, IN_HOME, CatalogueLocation, check_url
from archive.catalogue_move import move_catalogue
from web.cli.archive_home import pass_archive
from web.cli.progress_bar import ProgressBar


@click.command()
@click.option("--catalogue", required=True, metavar="URL", help="A new database, or `home`.")
@click.option("--password-file", default="", metavar="FILE", help="Its password, on a line.")
@pass_archive
def move(home: Path, catalogue: str, password_file: str) -> None:
    """Move the catalogue to PostgreSQL, or back into the home; the settings then say so.

    Every row is copied and compared. Broken off, the archive is as it was; the same command goes
    on. Nothing is added meanwhile; a server is started anew afterwards.
    """
    url = check_url(catalogue, "--catalogue")
    target = CatalogueLocation("" if url == IN_HOME else url, password_file)
    with ProgressBar("moving", "row") as progress:
        report = move_catalogue(home, target, progress)
    click.echo(f"{home}: {report.rows} rows copied and compared; the catalogue is {url}")
    if os.environ.get(CATALOGUE_VARIABLE) not in (None, url):
        click.echo(
            f"remark: --catalogue or {CATALOGUE_VARIABLE} names another catalogue: change it",
            err=True,
        )
