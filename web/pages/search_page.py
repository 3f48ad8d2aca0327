"""The search form, its results, and the lists of values to filter by."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from indexer.engine.queries import Column, MatchAll, Sort
from indexer.search.search_records import NoticeKind, ResultPage, SearchRequest
from web.http.languages import language
from web.http.validators import keep_whole
from web.pages import facets
from web.pages.histogram import Histogram, histogram
from web.pages.notices import REASONS, remark
from web.pages.search_params import LISTED, SearchParams, asked, number
from web.pages.urls import UrlBuilder
from web.services import current_archive

pages = Blueprint("search", __name__)

FACETS = (Column.MONTH, *LISTED)
FACET_SIZE = 1200
"""Values of a column that are asked for: a century of months."""

MOST_VALUES = 5000
"""Values that the list of a column goes through, the commonest."""

VALUES_A_PAGE = 200

NEWEST = 5
"""Articles on the first page, before anything was asked."""

_WINDOW = 2
"""Pages of results that are named on either side of the current one."""

_OFFERED = (NoticeKind.READING, NoticeKind.SUGGESTION)
_REWRITTEN = (NoticeKind.KEYSTROKES, NoticeKind.ACRONYM)


@pages.get("/")
def form() -> str:
    """The form; its results when something was asked."""
    state = asked(request.args)
    if not state.text.strip() and not state.narrowed:
        return _home(state)
    page = keep_whole(current_archive().search.search(state.question(FACETS, FACET_SIZE)))
    return render_template("results.html", **_results(page, state))


@pages.get("/values/<column>")
def values(column: str) -> str:
    """All values of a column in the articles that were asked for, in Vietnamese order."""
    if column not in LISTED:
        abort(404)
    state = asked(request.args)
    wanted = replace(state, page=1, size=1).question((Column(column),), MOST_VALUES)
    if not wanted.filters and not state.text.strip():
        wanted = replace(wanted, filters=(MatchAll(),))
    page = keep_whole(current_archive().search.search(wanted))
    pairs = [pair for facet in page.facets for pair in facet.values if pair[0]]
    by_count = request.args.get("by") == "count"
    pairs = facets.ordered(pairs) if by_count else facets.alphabetical(pairs)
    last = max(1, -(-len(pairs) // VALUES_A_PAGE))
    at = number(request.args.get("page", ""), 1, last)
    to = UrlBuilder(state)
    shown = pairs[(at - 1) * VALUES_A_PAGE : at * VALUES_A_PAGE]
    return render_template(
        "values.html",
        asked=state,
        to=to,
        column=column,
        label=facets.LABELS[column],
        values=facets.links(Column(column), shown, to),
        number=len(pairs),
        cut=len(pairs) == MOST_VALUES,
        by_count=by_count,
        at=at,
        numbers=_numbers(at, last),
    )


def _home(state: SearchParams) -> str:
    archive, to = current_archive(), UrlBuilder(state)
    question = SearchRequest(
        "", size=NEWEST, sort=Sort.NEWEST, filters=(MatchAll(),), budget=state.question().budget
    )
    question = replace(question, facets=FACETS, facet_size=FACET_SIZE)
    page = keep_whole(archive.search.search(question))
    return render_template(
        "form.html",
        asked=state,
        to=to,
        articles=archive.store.count_articles(),
        newest=page.hits,
        groups=facets.groups(page.facets, state, to),
        histogram=_histogram(page, state, to),
    )


def _results(page: ResultPage, state: SearchParams) -> dict[str, Any]:
    """What the page of results shows."""
    to = UrlBuilder(state)
    return {
        "asked": state,
        "to": to,
        "page": page,
        "readings": [note for note in page.notes if note.kind is NoticeKind.READING],
        "suggestions": _said(page, to, (NoticeKind.SUGGESTION,)),
        "remarks": _said(page, to, [kind for kind in NoticeKind if kind not in _OFFERED]),
        "reasons": REASONS,
        "missing": ", ".join(filter(None, (note.param("missing") for note in page.notes))),
        "left_out": ", ".join(filter(None, (note.param("left_out") for note in page.notes))),
        "rewritten": any(note.kind in _REWRITTEN for note in page.notes),
        "chips": facets.chips(state, to),
        "groups": facets.groups(page.facets, state, to),
        "histogram": _histogram(page, state, to),
        "numbers": _numbers(page.page, page.pages),
    }


def _said(page: ResultPage, to: UrlBuilder, kinds: Container[NoticeKind]) -> list[Markup]:
    def address(text: str) -> str:
        return to.at(text=text)

    return [remark(note, address) for note in page.notes if note.kind in kinds]


def _histogram(page: ResultPage, state: SearchParams, to: UrlBuilder) -> Histogram | None:
    months = next((facet.values for facet in page.facets if facet.column is Column.MONTH), ())
    return histogram(months, state, to, language())


def _numbers(at: int, last: int) -> list[int]:
    """The pages that are named: the first, those around the current one, the last; 0 is a gap."""
    near = range(max(1, at - _WINDOW), min(last, at + _WINDOW) + 1)
    named = sorted({1, last, *near}) if last else []
    if not named:
        return []
    found = [named[0]]
    for number_ in named[1:]:
        found += [number_] if number_ == found[-1] + 1 else [0, number_]
    return found
