"""Analyze articles into documents: the passages and the doc values that an engine indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Passage, Zone
from indexer.vietnamese.dates import VIETNAM


@dataclass(frozen=True, slots=True)
class Document:
    """An article in the form that an engine indexes.

    Passages follow one another in one line of positions, with a gap between them; those of the
    zones PERSON, PUBLISHER and CATEGORY go to their own fields only. A PERSON passage carries
    the number of the section that the person speaks in.

    Attributes:
        published: Seconds since 1970-01-01T00:00Z, or None.
        month: `2022-12` by the clock of Vietnam, as all filters count, or empty.
    """

    identifier: str
    version: int
    passages: tuple[Passage, ...]
    published: int | None = None
    month: str = ""
    publisher: str = ""
    category: str = ""
    authors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def build_document(analyzer: Analyzer, article: Article, version: int = 1) -> Document:
    """Analyze a whole article into the document that an engine indexes."""
    moment = article.published
    return Document(
        identifier=article.identifier,
        version=version,
        passages=tuple(p for p in _passages(analyzer, article) if p.words),
        published=int(moment.timestamp()) if moment else None,
        month=moment.astimezone(VIETNAM).strftime("%Y-%m") if moment else "",
        publisher=article.publisher,
        category=article.category,
        authors=article.authors,
        people=article.people,
    )


def _passages(analyzer: Analyzer, article: Article) -> Iterator[Passage]:
    """Yield the passages of an article in reading order; some may hold no word."""
    captions = dict.fromkeys(caption.text for caption in article.captions)
    # A caption or byline that is repeated among the paragraphs counts once.
    elsewhere = {*captions, *article.authors}
    yield from _opening(analyzer, article)
    for number, section in enumerate(article.sections, 1):
        yield analyzer.passage(Zone.HEADING, section.heading_line, number)
        for paragraph in section.paragraphs:
            if paragraph not in elsewhere:
                yield analyzer.passage(Zone.BODY, paragraph, number)
        if section.speaker:
            yield analyzer.passage(Zone.PERSON, section.speaker.name, number)
    for caption in captions:
        yield analyzer.passage(Zone.CAPTION, caption)
    for author in dict.fromkeys(article.authors):
        yield analyzer.passage(Zone.BYLINE, author)
    yield analyzer.passage(Zone.PUBLISHER, article.publisher)
    yield analyzer.passage(Zone.CATEGORY, article.category)


def _opening(analyzer: Analyzer, article: Article) -> Iterator[Passage]:
    """Yield title and lead; a lead that only repeats the title counts once.

    Of an article with neither, the first words are its lead: they weigh as much as those of
    other articles, but are not searched as a title.
    """
    yield analyzer.passage(Zone.TITLE, article.title)
    if not article.title:
        yield analyzer.passage(Zone.LEAD, article.lead or article.opening)
    elif article.lead != article.title:
        yield analyzer.passage(Zone.LEAD, article.lead)
