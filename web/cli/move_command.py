"""The command that moves an archive's parts elsewhere, there and back."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import click

from archive.archive_settings import IN_HOME, VARIABLES
from archive.catalogue_location import CATALOGUE_VARIABLE, CatalogueLocation, check_url
from archive.catalogue_move import move_catalogue
from archive.originals_location import ORIGINALS_VARIABLE, OriginalsLocation, check_originals_url
from archive.originals_move import move_originals
from archive.running_jobs import RunningJob
from archive.store import Store
from indexer.engine_factory import check_engine
from indexer.indexing.index_move import move_index
from web.cli.archive_home import pass_archive
from web.cli.environment import variable_set
from web.cli.option_needs import refuse_beside, refuse_without
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say

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
    _refuse_needless_files({"catalogue": catalogue, "originals": originals, "engine": engine})
    password_file, keys_file = files["password_file"], files["keys_file"]
    # All are checked before any is moved.
    cluster = check_engine(engine or IN_HOME, "--engine")
    url = check_url(catalogue or IN_HOME, "--catalogue")
    place = check_originals_url(originals or IN_HOME, "--originals")
    if catalogue:
        target = CatalogueLocation("" if url == IN_HOME else url, password_file)
        job = RunningJob(home, "move")
        with job, ProgressBar("moving", "row", job) as progress:
            report = move_catalogue(home, target, progress)
        say(f"{home}: {report.rows} rows copied and compared; the catalogue is {url}")
        _remark_on_variable(CATALOGUE_VARIABLE, "catalogue", url)
    if originals:
        location = OriginalsLocation("" if place == IN_HOME else place, keys_file)
        job = RunningJob(home, "move", is_bytes=True)
        with job, ProgressBar("moving", "B", job) as progress:
            pieces = move_originals(home, location, progress).pieces
        say(f"{home}: {pieces} pieces moved and compared; the originals are in {place}")
        _remark_on_variable(ORIGINALS_VARIABLE, "originals", place)
    if engine:
        _move_index(home, "" if cluster == IN_HOME else cluster, files["engine_password_file"])


def _refuse_needless_files(places: dict[str, str | None]) -> None:
    """Refuse the file of a password or of keys for a place that is not moved to.

    Raises:
        UsageError: there is one.
    """
    for part, names in _FILES.items():
        refuse_without(part, *names)
        if places[part] == IN_HOME:
            refuse_beside(part, *names)


def _move_index(home: Path, location: str, password_file: str) -> None:
    with ExitStack() as opened:
        if password_file:
            opened.enter_context(variable_set(VARIABLES["engine-password-file"], password_file))
        store = opened.enter_context(Store(home))
        progress = opened.enter_context(ProgressBar("rebuilding", "article"))
        report = move_index(store, location, password_file, progress=progress)
    place = location or IN_HOME
    say(f"{home}: {report.documents} articles in the index, which is in {place}")
    variable = os.environ.get(VARIABLES["engine"])
    if variable and check_engine(variable, VARIABLES["engine"]) != place:
        _remark_on_variable(VARIABLES["engine"], "engine", place)


def _remark_on_variable(variable: str, part: str, url: str) -> None:
    """Say that the environment names another place than the settings do now."""
    if os.environ.get(variable) not in (None, url):
        which = "another catalogue" if part == "catalogue" else "another place"
        say(f"remark: --{part} or {variable} names {which}: change it", err=True)
