"""Is a finished index right: asked before it is published, and again whenever one likes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from archive.errors import NotPublishedError
from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.analysis.fields import Field, Zone
from indexer.engine.api import Engine
from indexer.engine.queries import And, Term
from indexer.engine.records import EngineQuery

KNOWN_ITEMS = 24
"""Articles that are looked for by their own titles before an index is published."""

_MOST_WORDS = 12
_LOOKED_AT = 1000


def disagreements(store: Store, engine: Engine) -> list[str]:
    """The articles that store and index do not hold in the same version."""
    kept, indexed = set(store.identifiers()), set(engine.documents())
    return sorted({identifier for identifier, _ in kept ^ indexed})


def lost_items(store: Store, engine: Engine, count: int = KNOWN_ITEMS) -> list[str]:
    """Of a sample of articles, those that the words of their own title do not find.

    Only articles that the index holds in the store's version may be sampled: ask
    `disagreements` first.
    """
    analyzer = Analyzer()
    return [
        article.identifier
        for article, version in _sample(store, count)
        if not _found(engine, build_document(analyzer, article, version))
    ]


def _sample(store: Store, count: int) -> Iterator[tuple[Article, int]]:
    """The first article of each of some equal ranges of identifiers."""
    shares = min(count, max(store.count_articles(), 1))
    for index in range(shares):
        yield from itertools.islice(store.articles(share=(index, shares)), 1)


def _found(engine: Engine, document: Document) -> bool:
    words = [
        word
        for passage in document.passages
        if passage.zone is Zone.TITLE
        for word in passage.words
    ][:_MOST_WORDS]
    if not words:
        return True
    query = And(tuple(Term(Field.TITLE_EXACT, word) for word in dict.fromkeys(words)))
    answer = engine.search(EngineQuery(query, limit=_LOOKED_AT))
    # A title that more articles share than are looked at proves nothing either way.
    return answer.total > _LOOKED_AT or any(
        hit.identifier == document.identifier for hit in answer.hits
    )


def refuse(why: str, aside: str) -> NotPublishedError:
    """The error for an index that is not published: why, and where it was put."""
    return NotPublishedError(
        f"the new index was not published: {why}. It is kept in {aside} to be looked at; the old "
        "one stays and is served. Run `tangthu verify`, then `tangthu rebuild`"
    )
