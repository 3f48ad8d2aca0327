"""Moving the parts of an archive: the catalogue, the originals, the index."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from archive.settings.archive_settings import IN_HOME, VARIABLES
from archive.settings.catalogue_location import CATALOGUE_VARIABLE, CatalogueLocation, check_url
from archive.settings.originals_location import (
    ORIGINALS_VARIABLE,
    OriginalsLocation,
    check_originals_url,
)
from archive.store import Store
from archive.upkeep.catalogue_move import move_catalogue
from archive.upkeep.originals_move import move_originals
from archive.upkeep.running_jobs import RunningJob
from indexer.engine_factory import check_engine
from indexer.indexing.index_move import move_index
from web.cli.environment import variable_set
from web.cli.progress_bar import ProgressBar
from web.cli.translated_output import say


def move_parts(home: Path, places: dict[str, str | None], files: dict[str, str]) -> None:
    """Move the parts of an archive that have new places, and say what was moved.

    Args:
        home: that of the archive.
        places: the new place of each part, by its name; None where it stays.
        files: the files with secrets, by the option; empty where there is none.
    """
    # All are checked before any is moved.
    catalogue, originals, engine = places["catalogue"], places["originals"], places["engine"]
    cluster = check_engine(engine or IN_HOME, "--engine")
    url = check_url(catalogue or IN_HOME, "--catalogue")
    place = check_originals_url(originals or IN_HOME, "--originals")
    if catalogue:
        target = CatalogueLocation("" if url == IN_HOME else url, files["password_file"])
        job = RunningJob(home, "move")
        with job, ProgressBar("moving", "row", job) as progress:
            report = move_catalogue(home, target, progress)
        say(f"{home}: {report.rows} rows copied and compared; the catalogue is {url}")
        _remark_on_variable(CATALOGUE_VARIABLE, "catalogue", url)
    if originals:
        location = OriginalsLocation("" if place == IN_HOME else place, files["keys_file"])
        job = RunningJob(home, "move", is_bytes=True)
        with job, ProgressBar("moving", "B", job) as progress:
            pieces = move_originals(home, location, progress).pieces
        say(f"{home}: {pieces} pieces moved and compared; the originals are in {place}")
        _remark_on_variable(ORIGINALS_VARIABLE, "originals", place)
    if engine:
        _move_index(home, "" if cluster == IN_HOME else cluster, files["engine_password_file"])


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
