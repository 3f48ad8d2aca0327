"""Collapsing: near-duplicates are shown under the best-ranked of them, on whatever page that is.

Collapsed are the first `WINDOW` hits of a ranking, so that every page of a search has the same
groups: the first of a group keeps its place, and the others of the window appear under it and
nowhere else. Beyond the window every article stands for itself. So an article is shown once over
all pages; `total` counts all matches, `hidden` those that are collapsed under another hit. One
engine call serves a page: it covers the window and the page together. Only beyond rank `ONE_CALL`
a second one follows, since the page may be far from the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.api import Engine
from indexer.engine.records import EngineQuery, EngineResult, Hit
from indexer.search.execute.feedback import FEEDBACK, WINDOW, reorder_by_feedback
from indexer.search.execute.mixed_readings import mix_readings
from indexer.search.query.interpreted_query import ExactForms

ONE_CALL = 2000
"""Hits that one engine call may have to return."""


def search_collapsed(
    engine: Engine,
    near_duplicates: NearDuplicateIndex | None,
    query: EngineQuery,
    with_feedback: bool = False,
    counted_first: int | None = None,
    readings: Sequence[ExactForms] = (),
) -> EngineResult:
    """Search for a page of a ranking.

    Args:
        engine: the index to search.
        near_duplicates: collapse hits, if they are known.
        query: the request for the page.
        with_feedback: hits below the first ones are reordered by feedback, before they collapse.
        counted_first: the place in `counts` of the matches that come first and stay so, if any do.
        readings: forms of a bare unit, of which hits come in turn.
    """
    if query.limit < 1 or (near_duplicates is None and not with_feedback and not readings):
        return engine.search(query)
    last = query.offset + query.limit + WINDOW
    is_far = last > ONE_CALL and query.offset >= WINDOW
    feedback = FEEDBACK if with_feedback else None
    result = engine.search(
        replace(query, offset=0, limit=WINDOW if is_far else last, feedback=feedback)
    )
    first = 0 if counted_first is None else result.counts[counted_first]
    window = reorder_by_feedback(result.hits[:WINDOW], result.feedback, first)
    heads = collapse_near_duplicates(window, near_duplicates) if near_duplicates else list(window)
    heads = list(mix_readings(engine, heads, readings))
    hidden = len(window) - len(heads)
    if is_far:
        page = replace(query, offset=query.offset + hidden, counts=(), facets=())
        hits = engine.search(page).hits
    else:
        hits = (*heads, *result.hits[WINDOW:])[query.offset : query.offset + query.limit]
    return replace(result, hits=hits, hidden=hidden)


def collapse_near_duplicates(
    hits: tuple[Hit, ...], near_duplicates: NearDuplicateIndex
) -> list[Hit]:
    """Return the first hit of each report, with the others that show the report under it.

    A report that is contained in a longer article folds with it, whichever comes first; only an
    article that contains several reports does not disappear behind one of them.
    """
    collapsed: dict[str, list[str]] = {}
    # number of a report -> the hit that shows it, and the first hit of a part of it
    heads: dict[int, str] = {}
    parts: dict[int, str] = {}
    reports = near_duplicates.reports([hit.identifier for hit in hits])
    for hit, report in zip(hits, reports, strict=True):
        head = heads.get(report.number) or heads.get(report.container)
        if head is None and not report.is_collection:
            head = parts.get(report.number)
        if head is None:
            collapsed[hit.identifier] = []
            if report.number:
                heads[report.number] = hit.identifier
            if report.container:
                parts.setdefault(report.container, hit.identifier)
        else:
            collapsed[head].append(hit.identifier)
    return [
        Hit(hit.identifier, hit.score, tuple(others))
        for hit in hits
        if (others := collapsed.get(hit.identifier)) is not None
    ]
