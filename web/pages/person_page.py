"""The page of a person: statements by date, roles over time, other speakers beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from flask import Blueprint, abort, render_template, request

from archive.records import Article, Section
from indexer.analysis.spoken_paragraphs import find_speaker_starts, find_spoken_paragraphs
from indexer.engine.queries import Column, Sort
from indexer.search.search_records import MatchMode
from web.addresses.page_numbers import page_numbers
from web.addresses.search_params import LONGEST_VALUE, PAGE, SearchParams, ValueFilter
from web.addresses.urls import UrlBuilder
from web.http.validators import forbid_caching_if_partial
from web.pages.histogram import histogram
from web.services import current_archive

blueprint = Blueprint("persons", __name__)

PAGE_SIZE = 10
"""Articles with statements on one page."""

MOST_ARTICLES = 300
"""The newest articles of a person that roles are read from."""

MOST_STATEMENTS = 4
"""Statements of one article that are shown."""

MOST_PERSONS = 12
"""Other persons in the same articles that are named."""

_LONGEST_STATEMENT = 400
_SENTENCE_END = re.compile(r"""(?<![A-ZĐ])[.!?…]["”’)]*\s+""")
_MONTHS = 1200
_SENTENCE_ENDS = (".", ":", ";", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class PersonStatement:
    """A statement of a person: its text, cut where it is long, and its place in the article."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class StatementArticle:
    """An article with statements of a person; `hidden` of them are not shown."""

    article: Article
    statements: tuple[PersonStatement, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class PersonRole:
    """A role or rank of a person, with the first and the last date of an article that states it."""

    text: str
    first: datetime | None
    last: datetime | None
    articles: int


@blueprint.get("/person/<path:name>")
def person(name: str) -> str:
    """Show what a person says: statements newest first, roles over time, other speakers."""
    if len(name) > LONGEST_VALUE:
        abort(404)
    archive = current_archive()
    named = SearchParams(filters=(ValueFilter(Column.PERSON, name),), sort=Sort.NEWEST)
    shown = replace(named, page=PAGE.read(request.args), size=PAGE_SIZE)
    wanted = replace(shown.to_request((Column.PERSON, Column.MONTH), _MONTHS), grouped=False)
    page = forbid_caching_if_partial(archive.search.search(wanted))
    if not page.total:
        abort(404)
    identifiers = [hit.identifier for hit in page.hits]
    by_identifier = archive.store.get_many(identifiers)
    articles = [by_identifier[each] for each in identifiers if each in by_identifier]
    newest = islice(archive.search.iterate_articles(named.to_request()), MOST_ARTICLES)
    urls = UrlBuilder(named)
    mentions = SearchParams(text=f'"{name}"', match=MatchMode.FULL, size=1)
    return render_template(
        "person.html",
        name=name,
        params=named,
        urls=urls,
        page=page,
        listed=list(_with_statements(articles, name)),
        roles=roles_of(newest, name),
        others=_other_persons(page.facets[Column.PERSON], name),
        mentions=archive.search.search(mentions.to_request()).total,
        mentions_url=UrlBuilder(mentions).with_(size=10),
        histogram=histogram(tuple(page.facets[Column.MONTH].items()), named, urls),
        page_numbers=page_numbers(page.page, page.pages),
    )


def statements_of(article: Article, name: str) -> list[PersonStatement]:
    """Return the statements of a person in an article, in its order."""
    places: list[tuple[int, str, int]] = []
    for number, section in enumerate(article.sections, 1):
        if section.speaker and section.speaker.name == name:
            places += [(number, _opening(section), 0)]
    for (number, index), starts in find_speaker_starts(article).items():
        if name in starts:
            places.append((number, article.sections[number - 1].paragraphs[index], starts[name]))
    return [
        PersonStatement(_excerpt(text, start), f"s{number}")
        for number, text, start in sorted(places)
        if text
    ]


def _opening(section: Section) -> str:
    """Return the heading of a section and its first paragraph, as sentences beside one another."""
    heading, text = section.heading.rstrip(), " ".join(section.paragraphs[:1])
    is_ended = heading.rstrip("”\"'»)").endswith(_SENTENCE_ENDS)
    return (
        f"{heading}. {text}" if heading and text and not is_ended else f"{heading} {text}".strip()
    )


def speakers_of(article: Article) -> list[str]:
    """Return the persons who say something in an article, in its order."""
    places = [
        (number, -1, section.speaker.name)
        for number, section in enumerate(article.sections, 1)
        if section.speaker
    ]
    for (number, index), speakers in find_spoken_paragraphs(article).items():
        places += [(number, index, name) for name in speakers]
    return list(dict.fromkeys(name for _, _, name in sorted(places)))


def roles_of(articles: Iterable[Article], name: str) -> list[PersonRole]:
    """Return the ranks and roles that sections state of a person, the latest first."""
    roles: dict[str, PersonRole] = {}
    for article in articles:
        for text in dict.fromkeys(_stated_roles(article, name)):
            date = article.published
            role = roles.get(text, PersonRole(text, date, date, 0))
            dates = [moment for moment in (role.first, role.last, date) if moment]
            first, last = (min(dates), max(dates)) if dates else (None, None)
            roles[text] = PersonRole(text, first, last, role.articles + 1)
    return sorted(roles.values(), key=_latest_date, reverse=True)


def _latest_date(role: PersonRole) -> float:
    return role.last.timestamp() if role.last else float("-inf")


def _stated_roles(article: Article, name: str) -> Iterator[str]:
    for section in article.sections:
        speaker = section.speaker
        if speaker and speaker.name == name and (speaker.rank or speaker.role):
            yield ", ".join(filter(None, (speaker.rank, speaker.role)))


def _with_statements(articles: Iterable[Article], name: str) -> Iterator[StatementArticle]:
    for article in articles:
        statements = statements_of(article, name)
        shown = tuple(statements[:MOST_STATEMENTS])
        yield StatementArticle(article, shown, len(statements) - len(shown))


def _other_persons(persons: dict[str, int], name: str) -> Sequence[tuple[str, int]]:
    others = [pair for pair in persons.items() if pair[0] not in ("", name)]
    return others[:MOST_PERSONS]


def _excerpt(text: str, start: int) -> str:
    """Return a text, or of a long one what stands from the sentence on that holds a place."""
    if len(text) <= _LONGEST_STATEMENT:
        return text
    begin = _start_of_excerpt(text, start)
    cut = text[begin : begin + _LONGEST_STATEMENT]
    if begin + len(cut) < len(text):
        cut = f"{cut.rpartition(' ')[0] or cut} …"
    return f"… {cut}" if begin else cut


def _start_of_excerpt(text: str, start: int) -> int:
    """Return where the sentence begins that holds a place.

    Where less is left than an excerpt has room for, as many sentences before it as there is room.
    """
    begins = [0, *(end.end() for end in _SENTENCE_END.finditer(text, 0, start))]
    return next((at for at in begins if len(text) - at <= _LONGEST_STATEMENT), begins[-1])
