"""Health and readiness, for supervisors and load balancers."""

from __future__ import annotations

import logging
from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from archive.errors import ArchiveError, EngineError
from archive.store import Store
from indexer.generations.generations import read_engine_health, read_index_state
from indexer.generations.progress_file import read_progress
from web.http.originals_watch import current_watch
from web.services import current_access, current_archive

_LOG = logging.getLogger(__name__)

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Tell that this process answers, from which generation, and the progress of a build."""
    archive = current_archive()
    generation, indexed, index = "", 0, "ok"
    originals = current_watch().state()
    try:
        generation = archive.live_index.generation_name()
        indexed = read_index_state(archive.store).documents
    except EngineError as error:
        # Articles are shown without an index; `/readyz` tells whether searches are answered.
        index = type(error).__name__
    engine = _engine_status(archive.store)
    if current_access().private:
        # How much a private archive holds is for its readers.
        return jsonify(status="ok", index=index, engine=engine, originals=originals)
    building = read_progress(archive.store)
    return jsonify(
        status="ok",
        index=index,
        engine=engine,
        originals=originals,
        generation=generation,
        articles=archive.store.count_articles(),
        indexed=indexed,
        building=building and asdict(building),
    )


def _engine_status(store: Store) -> str:
    """Return the state of the servers of the index; empty where the index says nothing of them."""
    try:
        return read_engine_health(store).status
    except EngineError:
        return ""


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Tell whether searches can be answered: 200, or 503 with the reason."""
    archive = current_archive()
    try:
        archive.store.last_sequence()
        with archive.live_index.open_generation() as opened:
            return jsonify(status="ready", generation=opened.name), 200
    except ArchiveError as error:
        # The message names files: it is for the operator.
        _LOG.warning("not ready: %s", error)
        return jsonify(status="not ready", reason=type(error).__name__), 503
