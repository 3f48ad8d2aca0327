"""The second pass over a document that any reader read: legal documents, and citations of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archive.article_identifiers import identifier_of
from archive.legal_record import LegalDocument, comparable_number
from archive.records import Article
from indexer.intake.legal.legal_head import read_legal_head
from indexer.intake.legal.outline import LegalLine, count_legal_articles, outline_sections
from indexer.vietnamese.dates import VIETNAM
from indexer.vietnamese.document_numbers import find_document_numbers

MOST_CITATIONS = 200
"""Numbers of other documents that are kept of one article."""

_MOST_LINES = 50_000
_PAGE = "trang "


def with_legal_record(article: Article) -> Article:
    """Return an article with its record as a legal document, and the numbers that it cites.

    A legal document gets a section for each of its articles (Điều); its identifier stays that of
    the text as its reader read it.
    """
    lines = list(_lines(article))
    count = count_legal_articles(lines)
    legal = read_legal_head([line.text for line in lines], count > 0)
    cited = _cited_numbers(article, legal)
    if legal is None:
        return replace(article, cited_numbers=cited) if cited else article
    published, precision = article.published, article.published_precision
    if published is None and legal.signed:
        published = datetime.fromisoformat(legal.signed).replace(tzinfo=VIETNAM)
        precision = "day"
    has_outline = count > 0 and len(lines) < _MOST_LINES
    return replace(
        article,
        identifier=article.identifier or identifier_of(article),
        title=_title(legal),
        lead="" if has_outline else article.lead,
        sections=outline_sections(lines) if has_outline else article.sections,
        published=published,
        published_precision=precision,
        legal=legal,
        cited_numbers=cited,
    )


def _lines(article: Article) -> Iterator[LegalLine]:
    """Yield the lines of an article in order, its title and headings among them."""
    first = next((text for section in article.sections for text in section.paragraphs), "")
    if article.title and article.title != first:
        yield LegalLine(article.title)
    if article.lead:
        yield LegalLine(article.lead)
    for section in article.sections:
        page = section.locator if section.locator.startswith(_PAGE) else ""
        if section.heading and section.heading != article.title:
            yield LegalLine(section.heading, page, section.page)
        for text in section.paragraphs:
            yield LegalLine(text, page, section.page)


def _title(legal: LegalDocument) -> str:
    """Return the name by which people cite a document: kind, number and subject."""
    name = f"{legal.kind} số {legal.number}" if legal.kind else f"Số {legal.number}"
    return f"{name} {legal.subject}" if legal.subject else name


def _cited_numbers(article: Article, legal: LegalDocument | None) -> tuple[str, ...]:
    """Return the numbers of other documents that an article cites, each once, in order."""
    own = comparable_number(legal.number) if legal else ""
    numbers: dict[str, str] = {}
    for text in _texts(article):
        for number in find_document_numbers(text) if "/" in text else ():
            key = comparable_number(number.text)
            if key != own and len(numbers) < MOST_CITATIONS:
                numbers.setdefault(key, number.text)
    return tuple(numbers.values())


def _texts(article: Article) -> Iterator[str]:
    yield from (article.title, article.lead)
    for section in article.sections:
        yield section.heading
        yield from section.paragraphs
