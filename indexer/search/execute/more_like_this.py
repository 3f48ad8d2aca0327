"""Articles on the same matter as one article: those that share its rarest pairs of words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.analysis.fields import Field, Zone
from indexer.engine.api import Engine
from indexer.engine.queries import Or, Query, Term
from indexer.engine.records import EngineQuery, Hit

TELLING_PAIRS = 25
"""Pairs of words by which similar articles are looked for."""

LONGEST_LOOK = 3000
"""Words of an article that are looked through for telling pairs."""

MOST_SIMILAR = 50
"""Similar articles that can be asked for at once."""


@dataclass(frozen=True, slots=True)
class SimilarArticle:
    """An article like another; `near` tells that the texts are nearly the same."""

    identifier: str
    title: str
    publisher: str
    published: datetime | None
    score: float
    near: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """That an article is like another: how much, and whether nearly the same."""

    identifier: str
    score: float
    near: bool

    def of(self, article: Article) -> SimilarArticle:
        """As it is shown."""
        about = (article.title, article.publisher, article.published)
        return SimilarArticle(self.identifier, *about, self.score, self.near)


def likenesses(
    engine: Engine, analyzer: Analyzer, article: Article, near: Sequence[str], limit: int
) -> list[Likeness]:
    """The near-copies of an article, then those that share the most telling pairs of words.

    Args:
        engine: what is asked for those that share pairs.
        analyzer: reads the article.
        article: the one that others are like.
        near: its near-copies.
        limit: how many are wanted.
    """
    limit = min(max(0, limit), MOST_SIMILAR)
    if not limit:
        return []
    hits = _sharing(engine, analyzer, article, limit + len(near) + 1)
    scores = {hit.identifier: hit.score for hit in hits if hit.identifier != article.identifier}
    best = max(scores.values(), default=1.0)
    copies = [Likeness(name, scores.get(name, best), True) for name in near]
    others = [Likeness(name, scores[name], False) for name in scores if name not in near]
    return [*sorted(copies, key=lambda one: (-one.score, one.identifier)), *others][:limit]


def _sharing(engine: Engine, analyzer: Analyzer, article: Article, limit: int) -> tuple[Hit, ...]:
    pairs = _telling(engine, analyzer, article)
    if not pairs:
        return ()
    terms: tuple[Query, ...] = tuple(Term(Field.EXACT_PAIRS, pair) for pair in pairs)
    # A single shared pair is no likeness, unless there is hardly more.
    return engine.search(EngineQuery(Or(terms, min(3, len(terms))), limit=limit)).hits


def _telling(engine: Engine, analyzer: Analyzer, article: Article) -> list[str]:
    """The pairs of words with the highest tf-idf; a pair in no other article tells nothing."""
    counted: Counter[str] = Counter()
    seen = 0
    for passage in build_document(analyzer, article).passages:
        if passage.zone > Zone.BODY or seen > LONGEST_LOOK:
            continue
        seen += len(passage.words)
        weight = 3 if passage.zone is Zone.TITLE else 1
        for pair in zip(passage.words, passage.words[1:], strict=False):
            counted[" ".join(pair)] += weight
    pairs = list(counted)
    documents = max(1, engine.status().documents)
    held = engine.document_frequencies(Field.EXACT_PAIRS, pairs)
    scored = [
        (math.log1p(counted[pair]) * math.log(documents / often + 1), pair)
        for pair, often in zip(pairs, held, strict=True)
        if 1 < often
    ]
    return [pair for _, pair in sorted(scored, key=lambda one: (-one[0], one[1]))[:TELLING_PAIRS]]
