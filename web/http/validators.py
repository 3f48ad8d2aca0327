"""HTTP validators: a client that has an answer already gets 304, and nothing is searched.

A page depends on its address and language, the generation of the index, the last change of the
store, the day (`hôm qua` is a search word) and this program. The entity tag is a digest of all of
them, so a request that names the tag is answered at once.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from archive.errors import EngineError
from indexer.search.search_records import ResultPage
from indexer.vietnamese.dates import VIETNAM
from web.http.originals_watch import OriginalsState, current_watch
from web.http.page_cache import cached_page
from web.http.rate_limits import begin_rendering
from web.languages.languages import language
from web.owner.owner_pages import PAGES, owner_changed_at
from web.services import ARCHIVE, SITE, current_archive, current_settings

_VALIDATED = (
    "search.",
    "calendar.",
    "persons.",
    "replay.",
    "collections.",
    "trends.",
    "articles.",
    "exports.",
    "feeds.",
    "opensearch.",
    "api.",
    "owner.",
)
"""Endpoints whose answers depend on nothing but the parts of the entity tag."""

_CACHED = ("search.", "articles.article", "api.search", "api.facets", "api.histogram")
"""Endpoints of them whose answers are cached for the next client: equal work is done once."""

_ANSWERED = "tangthu.answered_tags"
_MOST_ANSWERED = 20_000

_PROGRAM = ("archive", "indexer", "web")


@dataclass(frozen=True, slots=True)
class InstalledProgram:
    """The program's files as installed: a digest of their times, and the latest time."""

    digest: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """The entity tag of an answer, and the time it last changed; None if that is unknown."""

    tag: str
    modified: datetime | None


class AnsweredTags:
    """The newest tags of pages that were answered; safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._tags: OrderedDict[str, None] = OrderedDict()

    def add(self, tag: str) -> None:
        """Add a tag, and forget the oldest one beyond the limit."""
        with self._lock:
            self._tags[tag] = None
            self._tags.move_to_end(tag)
            if len(self._tags) > self._limit:
                self._tags.popitem(last=False)

    def has(self, tag: str) -> bool:
        """Tell whether the page of a tag was answered."""
        with self._lock:
            return tag in self._tags


def register(app: Flask) -> None:
    """Let the application answer 304 or from the cache where it can.

    The owner's settings and pages, which are read once, belong to the program.
    """
    app.extensions[_ANSWERED] = AnsweredTags(_MOST_ANSWERED)
    program, owner = installed_program(), repr((app.extensions[SITE], app.extensions[PAGES]))
    digest = hashlib.sha256((program.digest + owner).encode()).hexdigest()
    changed = owner_changed_at(app.extensions[ARCHIVE].store.home)
    modified = max(program.modified, _round_up(datetime.fromtimestamp(changed, UTC)))
    app.before_request(partial(_answer_unchanged, InstalledProgram(digest, modified)))
    app.after_request(_add_validators)


@cache
def installed_program() -> InstalledProgram:
    """Return the program as installed when it is asked for first: what this process serves.

    It is the same in every process that serves it.
    """
    root = Path(__file__).parents[2]
    files = sorted(path for name in _PROGRAM for path in (root / name).rglob("*.*"))
    sources = [path for path in files if "__pycache__" not in path.parts]
    times = {str(path.relative_to(root)): path.stat().st_mtime for path in sources}
    digest = hashlib.sha256(repr(sorted(times.items())).encode()).hexdigest()
    return InstalledProgram(digest, _round_up(datetime.fromtimestamp(max(times.values()), UTC)))


def has_validators(endpoint: str) -> bool:
    """Tell whether an endpoint's answers have an entity tag, and 304 for who has them."""
    return endpoint.startswith(_VALIDATED)


def is_complete(page: ResultPage) -> bool:
    """Tell whether the search ended within its budget, and every part of the archive answered."""
    return page.complete


def forbid_caching_if_partial(page: ResultPage) -> ResultPage:
    """Return the page; where it is not complete, let its answer get no tag nor be cached."""
    if not is_complete(page):
        g.pop("validators", None)
        g.pop("page_key", None)
        g.partial = True
    return page


def _answer_unchanged(program: InstalledProgram) -> Response | None:
    """Answer 304 or with a cached page; else acquire the render slot and return None.

    A date or `*` says nothing of whether there is such a page: then this process must have
    answered it before, else the page is made and 304 is answered in its place.
    """
    if request.method not in ("GET", "HEAD") or not has_validators(request.endpoint or ""):
        return None
    g.validators = validators = _validators(program)
    # Who names the tag itself got it with the page.
    answered = request.if_none_match.is_weak(validators.tag)
    if _client_has(validators) and (
        answered or current_app.extensions[_ANSWERED].has(validators.tag)
    ):
        return _add_headers(Response(status=304), validators)
    is_cached = (request.endpoint or "").startswith(_CACHED)
    page = cached_page(validators.tag) if is_cached else None
    if page is None:
        begin_rendering(current_settings())
        # Another request may have made the same page meanwhile.
        page = cached_page(validators.tag) if is_cached else None
    return page


def _add_validators(response: Response) -> Response:
    validators = g.get("validators")
    if validators and response.status_code == 200:
        current_app.extensions[_ANSWERED].add(validators.tag)
        if _client_has(validators):
            response.close()
            response = Response(status=304)
        _add_headers(response, validators)
    elif g.get("partial"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _client_has(validators: Validators) -> bool:
    """Tell whether the client has this very answer; a tag in the request decides before a date."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(validators.tag)
    since = request.if_modified_since
    return since is not None and validators.modified is not None and since >= validators.modified


def _add_headers(response: Response, validators: Validators) -> Response:
    response.set_etag(validators.tag, weak=True)
    if validators.modified:
        response.last_modified = validators.modified
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _validators(program: InstalledProgram) -> Validators:
    archive, now = current_archive(), datetime.now(VIETNAM)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    generation, indexed = "", 0
    modified: datetime | None = None
    try:
        with archive.live_index.open_generation() as opened:
            generation, indexed = opened.identity, opened.sequence
            switched = _round_up(archive.live_index.switched_at())
            modified = max(program.modified, midnight.astimezone(UTC), switched)
    except EngineError:
        # Articles and originals are shown without an index, too.
        generation, indexed, modified = "", 0, None
    sequence = archive.store.last_sequence()
    if sequence != indexed:
        # The store has newer articles than the index, and no time of the index dates them.
        modified = None
    # A page says where the original of its article cannot be had now.
    state = current_watch().state()
    away = state.value if state == OriginalsState.AWAY else ""
    day = str(now.date())
    parts = (program.digest, request.url, language(), generation, str(sequence), day, away)
    tag = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return Validators(tag, modified)


def _round_up(moment: datetime) -> datetime:
    """Round a time up to the next whole second, the smallest unit of HTTP dates."""
    return (moment + timedelta(seconds=1)).replace(microsecond=0)
