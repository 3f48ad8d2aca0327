"""Analyze articles into documents: the passages and the doc values that an engine indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import Final

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Passage, Zone
from indexer.analysis.spoken_paragraphs import SpokenParagraphs, find_spoken_paragraphs
from indexer.vietnamese.dates import in_vietnam

MOST_PEOPLE: Final = 60
"""People of one article that are a doc value."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article in the form that an engine indexes.

    Passages follow one another in one line of positions, with a gap between them; those of the
    zones PERSON, PUBLISHER and CATEGORY go to their own fields only. A PERSON passage carries
    the number of the section that the person speaks in; a paragraph in which someone is cited is
    a section of its own, behind those of the article.

    Attributes:
        published: Seconds since 1970-01-01T00:00Z, or None.
        month: `2022-12` by the clock of Vietnam, as all filters count, or empty.
        people: Speakers of sections, and of paragraphs where the full name is known.
        state: How far its document was read, empty where as a whole.
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
    state: str = ""


def build_document(analyzer: Analyzer, article: Article, version: int = 1) -> Document:
    """Analyze a whole article into the document that an engine indexes."""
    moment = article.published
    spoken = find_spoken_paragraphs(article)
    return Document(
        identifier=article.identifier,
        version=version,
        passages=tuple(p for p in _passages(analyzer, article, spoken) if p.words),
        published=int(moment.timestamp()) if moment else None,
        month=in_vietnam(moment).strftime("%Y-%m") if moment else "",
        publisher=article.publisher,
        category=article.category,
        authors=article.authors,
        people=_people(article, spoken),
        state=article.account.state if article.account else "",
    )


def _people(article: Article, spoken: SpokenParagraphs) -> tuple[str, ...]:
    """Return the speakers of an article by their full names, those of its sections first."""
    full_names = (name for name in chain.from_iterable(spoken.values()) if " " in name)
    return tuple(islice(dict.fromkeys(chain(article.people, full_names)), MOST_PEOPLE))


def _passages(analyzer: Analyzer, article: Article, spoken: SpokenParagraphs) -> Iterator[Passage]:
    """Yield the passages of an article in reading order; some may hold no word."""
    captions = dict.fromkeys(caption.text for caption in article.captions)
    # A caption or byline that is repeated among the paragraphs counts once.
    elsewhere = {*captions, *article.authors}
    yield from _opening(analyzer, article)
    numbers = count(len(article.sections) + 1)
    for number, section in enumerate(article.sections, 1):
        yield analyzer.passage(Zone.HEADING, section.heading_line, number)
        for index, paragraph in enumerate(section.paragraphs):
            if paragraph in elsewhere:
                continue
            speakers = spoken.get((number, index), ())
            section_number = next(numbers) if speakers else number
            yield analyzer.passage(Zone.BODY, paragraph, section_number)
            for name in speakers:
                yield analyzer.passage(Zone.PERSON, name, section_number)
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
