"""The operator's pages below `/admin`, for whom the access gate lets in as an operator."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response

from archive.catalogue.operations import Operation
from archive.errors import ArchiveError, NotFoundError
from archive.records import CORRECTABLE
from archive.store import Store
from indexer.intake.reading_problems import find_reading_problems
from indexer.search.query.lookups import find_named
from web.access.login_page import check_form_token
from web.access.readers import current_reader
from web.admin.article_coverage import (
    articles_by_day,
    articles_by_month,
    coverage_of_hosts,
    coverage_of_sources,
    join_gaps,
    months_with_gaps,
)
from web.admin.article_forms import FormError, RefusedForm, carry_out
from web.admin.labels import labels, translate_remark
from web.admin.slow_requests import slowest_requests
from web.admin.upkeep import read_upkeep
from web.services import current_archive

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

MOST_LISTED = 200
"""Changes or problems on one page."""

_MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", re.ASCII)


@blueprint.get("")
def overview() -> Response:
    """Send what the archive holds, and the state of its upkeep."""
    upkeep = read_upkeep(current_archive())
    operations = _newest_operations(current_archive().store)
    return _page("overview", upkeep=upkeep, operations=operations, slowest=slowest_requests())


@blueprint.get("/coverage")
def coverage() -> Response:
    """Send the articles by month and source, or by day of a month, with gaps."""
    search, month = current_archive().search, request.args.get("month", "")
    if month:
        if not _MONTH.fullmatch(month):
            abort(404)
        return _page("coverage", month=month, days=articles_by_day(search, month))
    counts = articles_by_month(search)
    months, store = months_with_gaps(counts), current_archive().store
    sources = [*coverage_of_sources(search), *coverage_of_hosts(store)]
    undated = max(0, store.count_articles() - sum(counts.values()))
    return _page("coverage", months=join_gaps(months), undated=undated, sources=sources)


@blueprint.get("/problems")
def problems() -> Response:
    """Send what could not be read of the kept documents, and why."""
    listed = list(islice(find_reading_problems(current_archive().store), MOST_LISTED + 1))
    return _page("problems", problems=listed[:MOST_LISTED], is_cut=len(listed) > MOST_LISTED)


@blueprint.get("/changes")
def changes() -> Response:
    """Send the log of changes, newest first."""
    store = current_archive().store
    last = store.last_sequence()
    text = request.args.get("before", "")
    before = min(int(text), last + 1) if text.isdecimal() and len(text) < 18 else last + 1
    since = max(0, before - 1 - MOST_LISTED)
    entries = list(takewhile(lambda entry: entry.sequence < before, store.history(since)))
    return _page("changes", entries=entries[::-1], earlier=since + 1 if since else 0)


@blueprint.get("/article")
def article() -> Response:
    """Send the article of a name or address, with the forms that change it."""
    store, name = current_archive().store, request.args.get("name", "").strip()
    if not name:
        return _page("article", name="")
    identifiers = find_named(store, name) or [name]
    if len(identifiers) > 1:
        return _page("article", name=name, choices=identifiers)
    return _article_page(store, name, identifiers[0])


@blueprint.post("/article/<identifier>/<operation>")
def operate(identifier: str, operation: str) -> Response:
    """Remove, hide, show again or correct an article, as the commands do."""
    check_form_token()
    reader, store = current_reader(), current_archive().store
    assert reader is not None
    try:
        report = carry_out(store, identifier, operation, request.form, reader.name)
    except (FormError, ArchiveError) as error:
        refused = RefusedForm(operation, request.form, translate_remark(str(error)))
        return _article_page(store, identifier, identifier, refused)
    flash(gettext("Done. The change has been recorded in the log."))
    for remark in (*report.remarks, *filter(None, (report.failure,))):
        flash(translate_remark(remark))
    return redirect(url_for(".article", name=identifier), 303)


def _article_page(
    store: Store, name: str, identifier: str, refused: RefusedForm | None = None
) -> Response:
    """Send one article; of one that is withheld what happened to it."""
    shown, versions = None, []
    try:
        shown = store.get(identifier)
        versions = store.versions(identifier)
    except NotFoundError:
        pass
    entries = list(store.history(0, identifier))[-MOST_LISTED:]
    corrected = {
        field: "; ".join(shown.authors) if field == "authors" else str(getattr(shown, field) or "")
        for field in CORRECTABLE
        if shown
    }
    if shown:
        corrected["published"] = shown.published_text
    page = _page(
        "article",
        name=name,
        identifier=identifier,
        article=shown,
        versions=versions,
        entries=entries[::-1],
        corrected=corrected,
        refused=refused or RefusedForm(),
    )
    page.status_code = 400 if refused else 200
    return page


def _newest_operations(store: Store) -> list[Operation]:
    """Return the newest things that an operator did, newest first."""
    after = max(0, store.last_sequence() - 100_000)
    operations: list[Operation] = []
    while page := store.operations(after):
        operations, after = (operations + page)[-10:], page[-1].sequence
    return operations[::-1]


def _page(page_name: str, /, **values: object) -> Response:
    """Render an operator's page, which nobody keeps."""
    answer = make_response(
        render_template(f"admin/{page_name}.html", page_name=page_name, **labels(), **values)
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
