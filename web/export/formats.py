"""All results of a question as a file: CSV, JSON lines, BibTeX or RIS, streamed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.http import dump_options_header

from archive.records import Article
from indexer.vietnamese.normalization import fold
from web.export.citations import bibtex, reference, ris
from web.http.rate_limits import ExportSlots, export_slots
from web.pages.provenance import record
from web.pages.search_params import question
from web.services import current_archive

pages = Blueprint("exports", __name__)

BLOCK = 64 << 10
"""Bytes of an export that are sent at a time, about."""

BUDGET = 30.0
"""Seconds that the engine may take for one run of results; an export is whole or breaks off."""

_NOT_IN_WORD = re.compile(r"[^a-z0-9]+")
_NOT_IN_NAME = re.compile(r"[^a-z0-9_.]+")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; the wide forms too."""

COLUMNS = (
    "id",
    "title",
    "publisher",
    "published",
    "category",
    "authors",
    "people",
    "url",
    "lead",
    "captured",
    "sha256",
    "address",
)
"""The columns of a CSV file; more may follow, these stay."""

Addresses = Callable[[str], str]
"""From an article's identifier to its address in this archive."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how it is called, what it begins with, and how an article stands in it."""

    media_type: str
    head: str
    line: Callable[[Article, Addresses], str]


@pages.get("/export.<kind>")
def export(kind: str) -> Response:
    """All results of a question; `bom=0` leaves out the mark that spreadsheets need in a CSV."""
    chosen = FORMATS.get(kind)
    if chosen is None:
        abort(404)
    asked = replace(question(request.args), budget=BUDGET)
    base = url_for("articles.article", identifier="-", lang=None, _external=True)[:-1]
    head = chosen.head.removeprefix("\ufeff") if request.args.get("bom") == "0" else chosen.head
    articles = current_archive().search.every(asked)
    lines = (chosen.line(article, lambda name: base + name) for article in articles)
    return _streamed(blocks(head, lines), chosen.media_type, f"{_name(asked.text)}.{kind}")


def _streamed(content: Generator[bytes, None, None], media_type: str, name: str) -> Response:
    """An answer to be kept as a file, sent while it is made.

    Its first block is made at once, so that what fails there is answered with an error.
    """
    held = _holding(export_slots(), content)
    first = next(held, b"")
    answer = Response(chain((first,), held), content_type=media_type)
    answer.call_on_close(held.close)
    answer.headers["Content-Disposition"] = attachment(name)
    return answer


def _holding(
    slots: ExportSlots, content: Generator[bytes, None, None]
) -> Generator[bytes, None, None]:
    """The blocks of an export, which takes a slot from its first block to its end."""
    slots.take()
    try:
        yield from content
    finally:
        slots.give_back()


def attachment(name: str) -> str:
    """The header that has a file kept under a name of letters that every system takes."""
    safe = _NOT_IN_NAME.sub("-", fold(name)).strip("-.")[:100]
    return dump_options_header("attachment", {"filename": safe or "tangthu"})


def blocks(head: str, lines: Iterator[str]) -> Generator[bytes, None, None]:
    """The lines as UTF-8, joined to blocks of a sensible size."""
    waiting, size = [head.encode()], len(head)
    for line in lines:
        encoded = line.encode("utf-8", "replace")
        waiting.append(encoded)
        size += len(encoded)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([cell(value) for value in values])
    return out.getvalue()


def _as_csv(article: Article, address: Addresses) -> str:
    return _csv_line(
        (
            article.identifier,
            article.title,
            article.publisher,
            article.published.isoformat() if article.published else "",
            article.category,
            "; ".join(article.authors),
            "; ".join(article.people),
            article.url,
            article.lead,
            article.captured.isoformat() if article.captured else "",
            article.digest,
            address(article.identifier),
        )
    )


def _as_json(article: Article, address: Addresses) -> str:
    values = record(article) | {"address": address(article.identifier)}
    return json.dumps(values, ensure_ascii=False) + "\n"


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", "\ufeff" + _csv_line(COLUMNS), _as_csv),
    "jsonl": Format("application/jsonl; charset=utf-8", "", _as_json),
    "bib": Format(
        "application/x-bibtex; charset=utf-8", "", lambda one, _: bibtex(reference(one)) + "\n"
    ),
    "ris": Format(
        "application/x-research-info-systems; charset=utf-8",
        "",
        lambda one, _: ris(reference(one)),
    ),
}
"""The kinds of file, by the ending of their name."""


def _name(text: str) -> str:
    words = _NOT_IN_WORD.sub("-", fold(text)).strip("-")[:60]
    return f"tangthu-{words}" if words else "tangthu"
