"""Checks of a new index before it is published: parity with the store, and known-item search."""

from __future__ import annotations

from itertools import islice

from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.analysis.fields import Field, Zone
from indexer.engine.api import Engine
from indexer.engine.queries import And, Term
from indexer.engine.records import EngineQuery

_KNOWN_ITEMS = 24
"""Articles that are searched for by their own titles before an index is published."""

_MOST_WORDS = 12
_MOST_HITS = 1000


def differing_articles(store: Store, engine: Engine) -> list[str]:
    """Return the articles that store and index do not hold in the same version."""
    stored, indexed = dict(store.identifiers()), dict(engine.documents())
    return sorted({identifier for identifier, _ in stored.items() ^ indexed.items()})


def unfindable_articles(store: Store, engine: Engine) -> list[str]:
    """Return those of a sample of articles that the words of their own title do not find.

    An article of which the index holds another version than the store, or none, is no matter of
    this check (`differing_articles` finds those); there may be some even if there were none a
    moment ago, since articles are added while an index is checked.
    """
    analyzer = Analyzer()
    unfindable = {}
    # The first article of each of some equal ranges of identifiers.
    shares = min(_KNOWN_ITEMS, max(store.count_articles(), 1))
    for index in range(shares):
        for article, version in islice(store.articles(share=(index, shares)), 1):
            if not _is_findable(engine, build_document(analyzer, article, version)):
                unfindable[article.identifier] = version
    if unfindable:
        held = dict(engine.documents())
        unfindable = {
            name: version for name, version in unfindable.items() if held.get(name) == version
        }
    return list(unfindable)


def _is_findable(engine: Engine, document: Document) -> bool:
    words = [
        word
        for passage in document.passages
        if passage.zone is Zone.TITLE
        for word in passage.words
    ][:_MOST_WORDS]
    if not words:
        return True
    query = And(tuple(Term(Field.TITLE_EXACT, word) for word in dict.fromkeys(words)))
    result = engine.search(EngineQuery(query, limit=_MOST_HITS))
    # A title that more articles share than hits are read proves nothing either way.
    return result.total > _MOST_HITS or any(
        hit.identifier == document.identifier for hit in result.hits
    )
