"""Export of all results of a search as a file: CSV, JSON lines, BibTeX or RIS, streamed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from flask import Blueprint, Response, abort, current_app, g, request
from werkzeug.http import dump_options_header

from archive.records import Article
from indexer.vietnamese.normalization import fold
from web.addresses.endpoint_descriptions import Content, EndpointDescription, describes
from web.addresses.parameters import choice_parameter, flag_parameter
from web.addresses.reading_list import LIST_TITLE, LISTED, ReadingList
from web.addresses.search_params import SEARCH_PARAMETERS, VIEW_PARAMETERS, SearchParams
from web.citations.citations import Holding, Reference, bibtex, reference, ris
from web.citations.display_names import archive_name, host_name
from web.citations.permalinks import permalink
from web.citations.provenance import public_record
from web.export.export_kinds import BIBTEX, CSV, JSON_LINES, RIS, TEXT_KINDS
from web.http.rate_limits import occupy_export_slot
from web.languages.languages import language
from web.services import current_archive, current_site, public_address

blueprint = Blueprint("exports", __name__)

BLOCK_SIZE = 64 << 10
"""Bytes of an export that are sent at a time, about."""

EXPORT_BUDGET = 30.0
"""Seconds that the engine may take for one run of results; an export is whole or breaks off."""

_NOT_IN_WORD = re.compile(r"[^a-z0-9]+")
_NOT_IN_NAME = re.compile(r"[^a-z0-9_.]+")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters that begin a formula in a spreadsheet, with their wide forms."""

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_SEPARATORS = ",;:|^~\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_POSSIBLE_FORMULAS = re.compile(
    # Between words a hyphen alone begins no formula.
    rf"(?:^|[{_SEPARATORS}])[\s\"']*(?=[{_SIGNS}])|\s[\s\"']*(?=[{_SIGNS}](?:[^ ]|$))"
)
"""Places in a text where a cell can begin, if another character than the comma separates them."""

ArticleUrl = Callable[[str], str]
"""A function from an article's identifier to its address in this archive."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A kind of file: its media type, a function for the line of an article, and its head."""

    media_type: str
    line: Callable[[Article, ArticleUrl], str]
    head: str = ""


def _describe_file(kind: str, media_type: str) -> Content:
    """Describe an export, with its file of one article as the example."""

    def example(article: Article) -> str:
        export_format = FORMATS[kind]
        return export_format.head + export_format.line(article, permalink)

    return Content(media_type, example)


FILE_MEDIA_TYPES = {
    CSV: "text/csv",
    JSON_LINES: "application/jsonl",
    BIBTEX: "application/x-bibtex",
    RIS: "application/x-research-info-systems",
}
"""The media types of exports, by the extension of their name."""

_CONTENTS = tuple(_describe_file(*pair) for pair in FILE_MEDIA_TYPES.items())
_KIND = choice_parameter("kind", "The kind of file", TEXT_KINDS, place="path")
_NAMED = (("Content-Disposition", "A name for the file."),)
_GROUP = "files"

BOM = flag_parameter("bom", "0: a CSV without byte order mark, for programs.")


@blueprint.get("/export.<kind>")
@describes(
    EndpointDescription(
        "export",
        "All results of a search as a file",
        _CONTENTS,
        (_KIND, *SEARCH_PARAMETERS, *VIEW_PARAMETERS, BOM),
        (404,),
        headers=_NAMED,
        group=_GROUP,
    )
)
def export(kind: str) -> Response:
    """Send all results of a search; `bom=0` leaves out the byte order mark of a CSV."""
    export_format = FORMATS.get(kind)
    if export_format is None:
        abort(404)
    search_request = SearchParams.from_args(request.args).to_request()
    base = f"{public_address()}article/"
    head = export_format.head
    if request.args.get(BOM.name) == "0":
        head = head.removeprefix("\ufeff")
    articles = current_archive().search.iterate_articles(
        replace(search_request, budget=EXPORT_BUDGET)
    )
    lines = (export_format.line(article, base.__add__) for article in articles)
    # The file is sent while it is made, but for its first block: a failure there is an error page.
    blocks = occupy_export_slot(_in_application(join_blocks(head, lines)))
    first = next(blocks, b"")
    answer = Response(chain((first,), blocks), content_type=export_format.media_type)
    answer.call_on_close(blocks.close)
    words = _NOT_IN_WORD.sub("-", fold(search_request.text)).strip("-")[:60]
    name = f"tangthu-{words}" if words else "tangthu"
    answer.headers["Content-Disposition"] = attachment(f"{name}.{kind}")
    answer.vary.add("Accept-Language")
    return answer


def _in_application(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Return blocks that are made with the owner's settings, also after the request's end."""
    application, code = current_app._get_current_object(), language()  # type: ignore[attr-defined]

    def make_block() -> bytes | None:
        # Pushed for each block: the request's own context ends between two of them.
        with application.app_context():
            g.language = code
            return next(blocks, None)

    return iter(make_block, None)


@blueprint.get("/list.<kind>")
@describes(
    EndpointDescription(
        "export_list",
        "Chosen articles as a file, in their order",
        _CONTENTS,
        (_KIND, LISTED, LIST_TITLE),
        (404,),
        headers=_NAMED,
        group=_GROUP,
    )
)
def export_list(kind: str) -> Response:
    """Send the articles of a reader's list, in its order; those that are gone are left out."""
    export_format = FORMATS.get(kind)
    if export_format is None:
        abort(404)
    listed = ReadingList.from_args(request.args)
    base = f"{public_address()}article/"
    lines = (export_format.line(article, base.__add__) for article in listed.articles())
    content = b"".join(join_blocks(export_format.head, lines))
    answer = Response(content, content_type=export_format.media_type)
    answer.headers["Content-Disposition"] = attachment(f"{listed.title or 'tangthu'}.{kind}")
    answer.vary.add("Accept-Language")
    return answer


def attachment(name: str) -> str:
    """Return a Content-Disposition for a download, its name in letters that every system takes."""
    safe = _NOT_IN_NAME.sub("-", fold(name)).strip("-.")[:100]
    return dump_options_header("attachment", {"filename": safe or "tangthu"})


def join_blocks(head: str, lines: Iterator[str]) -> Generator[bytes, None, None]:
    """Yield the lines as UTF-8, joined to blocks of about `BLOCK_SIZE`."""
    pending, size = [head.encode()], len(head)
    for line in lines:
        encoded = line.encode("utf-8", "replace")
        pending.append(encoded)
        size += len(encoded)
        if size >= BLOCK_SIZE:
            yield b"".join(pending)
            pending, size = [], 0
    if size:
        yield b"".join(pending)


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def escape_cells(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, whatever separates its cells."""
    return escape_formula(_POSSIBLE_FORMULAS.sub(r"\g<0>'", text))


_CSV_FIELDS: dict[str, Callable[[Article], str]] = {
    "id": lambda article: article.identifier,
    "title": lambda article: article.shown_title,
    "publisher": lambda article: article.publisher,
    "published": lambda article: article.published_text,
    "category": lambda article: article.category,
    "authors": lambda article: "; ".join(article.authors),
    "people": lambda article: "; ".join(article.people),
    "url": lambda article: article.url,
    "lead": lambda article: article.lead,
    "captured": lambda article: article.captured.isoformat() if article.captured else "",
    "sha256": lambda article: article.digest,
}

COLUMNS = (*_CSV_FIELDS, "address")
"""The columns of a CSV file; they stay, and more may follow."""


def csv_line(values: Iterable[str]) -> str:
    """Return one line of a CSV file, in which no cell is a formula."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(map(escape_cells, values))
    return out.getvalue()


def _as_csv(article: Article, article_url: ArticleUrl) -> str:
    values = (column(article) for column in _CSV_FIELDS.values())
    return csv_line((*values, article_url(article.identifier)))


def _as_json(article: Article, article_url: ArticleUrl) -> str:
    values = public_record(article) | {"address": article_url(article.identifier)}
    return json.dumps(values, ensure_ascii=False) + "\n"


def _reference(article: Article, article_url: ArticleUrl) -> Reference:
    site = current_site()
    address = article_url(article.identifier)
    holding = Holding(archive_name(site), address, 0, partial(host_name, site), language())
    return reference(article, 0, holding)


def _media_type(kind: str) -> str:
    return f"{FILE_MEDIA_TYPES[kind]}; charset=utf-8"


FORMATS = {
    CSV: ExportFormat(_media_type(CSV), _as_csv, "\ufeff" + csv_line(COLUMNS)),
    JSON_LINES: ExportFormat(_media_type(JSON_LINES), _as_json),
    BIBTEX: ExportFormat(
        _media_type(BIBTEX),
        lambda article, url: bibtex(_reference(article, url)) + "\n",
    ),
    RIS: ExportFormat(
        _media_type(RIS),
        lambda article, url: ris(_reference(article, url)),
    ),
}
"""The kinds of file, by the extension of their name."""
