"""The links of legal documents: those that an article cites, and the articles that cite it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from archive.records import Article, Section
from archive.store import Store
from indexer.intake.legal.outline import LegalClause, legal_clauses, section_anchor

MOST_LINKS = 50
"""Links of one kind that are shown below an article."""


@dataclass(frozen=True, slots=True)
class LegalLink:
    """A link to an article.

    Attributes:
        text: the number that is cited, or the title of the article that cites.
        identifier: that of the article; empty for a document that the archive does not have.
        title: its title.
        publisher: its publisher.
        published: when it was published; None where that is unknown.
        published_precision: how precisely that is known.
    """

    text: str
    identifier: str = ""
    title: str = ""
    publisher: str = ""
    published: datetime | None = None
    published_precision: str = ""


@dataclass(frozen=True, slots=True)
class LegalLinks:
    """The links of one article.

    Attributes:
        cited: documents that it cites.
        citing: articles that cite it, the newest first.
        more: citing articles beyond those.
        signed: the date of the document's head; None where none is stated.
    """

    cited: tuple[LegalLink, ...] = ()
    citing: tuple[LegalLink, ...] = ()
    more: int = 0
    signed: date | None = None


def legal_links(store: Store, article: Article) -> LegalLinks:
    """Return the links of an article to legal documents, and of the articles that cite it."""
    citing = store.find_citing(article.legal.number) if article.legal else []
    citing = [identifier for identifier in citing if identifier != article.identifier]
    articles = store.get_many(citing[:MOST_LINKS])
    newest = sorted(articles.values(), key=lambda other: other.published_text, reverse=True)
    return LegalLinks(
        tuple(_cited(store, number) for number in article.cited_numbers[:MOST_LINKS]),
        tuple(map(_citing, newest)),
        max(0, len(citing) - MOST_LINKS),
        date.fromisoformat(article.legal.signed)
        if article.legal and article.legal.signed
        else None,
    )


def _citing(article: Article) -> LegalLink:
    return LegalLink(
        article.shown_title,
        article.identifier,
        publisher=article.publisher,
        published=article.published,
        published_precision=article.published_precision,
    )


def _cited(store: Store, number: str) -> LegalLink:
    identifiers = store.find_by_document_number(number)
    documents = store.get_many(identifiers[:1])
    for identifier, document in documents.items():
        return LegalLink(number, identifier, document.shown_title)
    return LegalLink(number)


def anchored_paragraphs(section: Section) -> Iterator[tuple[str, LegalClause | None]]:
    """Yield the paragraphs of a section, each with the clause that it begins."""
    yield from zip_longest(section.paragraphs, legal_clauses(section))


def legal_anchor(article: Article, section: Section) -> str:
    """Return the anchor of an article (Điều) of a legal document; empty in any other."""
    return section_anchor(section) if article.legal else ""
