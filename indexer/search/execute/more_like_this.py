"""More like this: articles on the same matter, found by the interesting terms of one article.

The interesting terms are the article's bigrams (pairs of neighbouring words) with the highest
tf-idf. Its near-duplicates come first, in the order of the same query.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.analysis.fields import Field, Zone
from indexer.engine.api import Engine
from indexer.engine.queries import Or, Query, Term
from indexer.engine.records import EngineQuery, TermLookup

MOST_TERMS = 25
"""Interesting terms of a query for similar articles."""

MOST_WORDS = 3000
"""Words of an article that are read for interesting terms, about."""

_LONGEST_TEXT = 20 * MOST_WORDS
"""Characters of an article that may hold so many words."""

MOST_SIMILAR = 50
"""Similar articles that can be had at once."""

_TITLE_WEIGHT = 3
"""Occurrences that one in the title counts for."""

_LEAST_SHARED = 3
"""Interesting terms that an article has to share, if there are as many: one is a coincidence."""


@dataclass(frozen=True, slots=True)
class SimilarArticle:
    """An article on the matter of another one, and the reason.

    Attributes:
        shared: names and phrases of the other one that stand in both, the best first.
    """

    article: Article
    is_near_duplicate: bool
    shared: tuple[str, ...]


def similar_articles(
    engine: Engine,
    terms: Sequence[str],
    article: Article,
    near_duplicates: Sequence[str],
    limit: int,
) -> list[str]:
    """Return the identifiers of similar articles: near-duplicates, then more like this one.

    Args:
        engine: the index to search.
        terms: the interesting terms of the article.
        article: the one to find others for.
        near_duplicates: identifiers of its near-duplicates.
        limit: articles in all.
    """
    limit = min(max(0, limit), MOST_SIMILAR)
    scores: dict[str, float] = {}
    if terms and limit:
        clauses: tuple[Query, ...] = tuple(Term(Field.EXACT_PAIRS, term) for term in terms)
        query = Or(clauses, min(_LEAST_SHARED, len(clauses)))
        hits = engine.search(EngineQuery(query, limit=limit + len(near_duplicates) + 1)).hits
        scores = {hit.identifier: hit.score for hit in hits if hit.identifier != article.identifier}
    # A near-duplicate without a score is too short to have terms: it is as good as the best.
    best = max(scores.values(), default=1.0)
    ranked = sorted(near_duplicates, key=lambda name: (-scores.get(name, best), name))
    return [*ranked, *(name for name in scores if name not in near_duplicates)][:limit]


def interesting_terms(engine: Engine, analyzer: Analyzer, article: Article) -> list[str]:
    """Return the bigrams of an article with the highest tf-idf, highest first.

    A bigram that occurs in no other article finds nothing and is left out.
    """
    frequencies: Counter[str] = Counter()
    word_count = 0
    for passage in build_document(analyzer, _beginning(article)).passages:
        if passage.zone > Zone.BODY or word_count > MOST_WORDS:
            continue
        word_count += len(passage.words)
        weight = _TITLE_WEIGHT if passage.zone is Zone.TITLE else 1
        for bigram in zip(passage.words, passage.words[1:], strict=False):
            frequencies[" ".join(bigram)] += weight
    bigrams = list(frequencies)
    total = max(1, engine.status().documents)
    lookup = TermLookup(frequencies={Field.EXACT_PAIRS: bigrams})
    document_frequencies = engine.look_up(lookup).frequencies[Field.EXACT_PAIRS]
    scored = [
        (-math.log1p(frequencies[bigram]) * math.log(total / document_frequency + 1), bigram)
        for bigram, document_frequency in zip(bigrams, document_frequencies, strict=True)
        if document_frequency > 1
    ]
    return [bigram for _, bigram in sorted(scored)[:MOST_TERMS]]


def _beginning(article: Article) -> Article:
    """Return an article with the first of its texts alone, if it is very long."""
    left = _LONGEST_TEXT - len(article.lead)
    sections = []
    for section in article.sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            if left > 0:
                paragraphs.append(paragraph[:left])
                left -= len(paragraph)
        if left <= 0 and not paragraphs:
            break
        sections.append(replace(section, paragraphs=tuple(paragraphs)))
    return replace(article, lead=article.lead[:_LONGEST_TEXT], sections=tuple(sections))
