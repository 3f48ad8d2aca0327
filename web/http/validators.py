"""Answers that a client has already are not made again: validators by generation.

What a page shows follows from its address and language, the generation of the index, the last
change of the store, the day (`hôm qua` is a search word) and this program. So all of that is the
entity tag, and a request that names it is answered before anything is searched for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from archive.errors import NoIndexError
from indexer.search.search_records import NoticeKind, ResultPage
from indexer.vietnamese.dates import VIETNAM
from web.http.languages import language
from web.http.page_cache import kept_page
from web.http.request_gate import take_turn
from web.services import current_archive

_KEPT = ("search.", "articles.", "exports.", "feeds.", "opensearch.", "api.")
"""Endpoints whose answers follow from what the entity tag is made of."""

_PAGES = ("search.", "articles.article")
"""Those of them that are kept for whoever asks next."""

_PROGRAM = ("archive", "indexer", "web")


@dataclass(frozen=True, slots=True)
class Program:
    """This program as it is installed: a digest of its files' times, and the latest of them."""

    digest: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """The entity tag of an answer, and the moment it last changed; None when that is not known."""

    tag: str
    modified: datetime | None


def register(app: Flask) -> None:
    """Let the application answer 304 where it can."""
    app.before_request(partial(_unchanged, program()))
    app.after_request(_add_validators)


def program() -> Program:
    """The program's files as they are now; the same in every process that serves them."""
    root = Path(__file__).parents[2]
    files = sorted(path for name in _PROGRAM for path in (root / name).rglob("*.*"))
    kept = [path for path in files if "__pycache__" not in path.parts]
    times = {str(path.relative_to(root)): path.stat().st_mtime for path in kept}
    digest = hashlib.sha256(repr(sorted(times.items())).encode()).hexdigest()
    return Program(digest, _second(datetime.fromtimestamp(max(times.values()), UTC)))


def keep_whole(page: ResultPage) -> ResultPage:
    """The page; where time ran out, its answer gets no tag and is not kept: the next is better."""
    if any(note.kind is NoticeKind.TIME for note in page.notes):
        g.pop("validators", None)
        g.pop("page_key", None)
        g.partial = True
    return page


def _unchanged(here: Program) -> Response | None:
    """The answer 304, or a page made before; nothing where it has to be made."""
    if request.method not in ("GET", "HEAD") or not (request.endpoint or "").startswith(_KEPT):
        return None
    g.validators = found = _validators(here)
    if _has(found):
        return _with(Response(status=304), found)
    kept = kept_page(found.tag) if (request.endpoint or "").startswith(_PAGES) else None
    if kept is None:
        take_turn(current_app)
    return kept


def _add_validators(response: Response) -> Response:
    found = g.get("validators")
    if found and response.status_code == 200:
        _with(response, found)
    elif g.get("partial"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _has(found: Validators) -> bool:
    """Whether the client holds this very answer; the tag decides where one is named."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(found.tag)
    since = request.if_modified_since
    return since is not None and found.modified is not None and since >= found.modified


def _with(response: Response, found: Validators) -> Response:
    response.set_etag(found.tag, weak=True)
    if found.modified:
        response.last_modified = found.modified
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _validators(here: Program) -> Validators:
    archive, now = current_archive(), datetime.now(VIETNAM)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    generation, indexed = "", 0
    modified: datetime | None = None
    try:
        with archive.live_index.open_generation() as opened:
            generation, indexed = opened.name, opened.engine.status().sequence
            pointed = _second(archive.live_index.switched_at())
            modified = max(here.modified, midnight.astimezone(UTC), pointed)
    except NoIndexError:
        pass
    sequence = archive.store.last_sequence()
    if sequence != indexed:
        # The store has moved on: its articles show what no time of the index tells.
        modified = None
    parts = (here.digest, request.url, language(), generation, str(sequence), str(now.date()))
    tag = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return Validators(tag, modified)


def _second(moment: datetime) -> datetime:
    """The whole second after a moment: HTTP knows no smaller ones."""
    return (moment + timedelta(seconds=1)).replace(microsecond=0)
