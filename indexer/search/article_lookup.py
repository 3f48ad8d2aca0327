"""Look-ups: the articles that a query names by their address or identifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.analysis.fields import Field
from indexer.engine.queries import Column, Sort
from indexer.engine.records import EngineResult, FacetCounts, Hit
from indexer.search.compile.tree_compiler import in_a_row
from indexer.search.execute.search_outcome import SearchOutcome
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.lookups import find_identifiers, read_lookup
from indexer.search.query.query_text import QueryText
from indexer.search.query_notices import ArticleNotice, NoArticleNotice
from indexer.search.search_records import SearchRequest
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.document_numbers import find_typed_numbers

_LONGEST_QUERY = 1000
_MOST_NUMBERS = 5


def find_named_articles(
    store: Store, request: SearchRequest, analyzer: Analyzer, statistics: TermStatistics | None
) -> list[Article]:
    """Return the articles that a query is nothing but the name of.

    What may be an external identifier is a word where the archive writes it.

    Args:
        store: the articles.
        request: the query.
        analyzer: makes the words of an identifier.
        statistics: those of the index, if there is one.
    """
    lookup = read_lookup(request.text, as_typed=request.as_typed)
    identifiers = find_identifiers(store, lookup) if lookup else []
    if not lookup or not identifiers:
        return []
    if not lookup.is_certain and statistics:
        words = [token.folded for token in analyzer.tokens(lookup.value)]
        if words and any(statistics.count([in_a_row(Field.FOLDED, words)])):
            return []
    articles = store.get_many(identifiers)
    return [articles[name] for name in identifiers if name in articles]


def named_outcome(
    request: SearchRequest, analyzer: Analyzer, articles: Sequence[Article]
) -> SearchOutcome:
    """Return the outcome of a search for nothing but these articles."""
    typed = QueryText(request.text, analyzer).text
    lookup = read_lookup(request.text)
    notice = ArticleNotice(0, len(typed), value=lookup.value if lookup else typed)
    query = InterpretedQuery(typed, typed, None, (notice,))
    start = (max(1, request.page) - 1) * max(1, request.size)
    hits = [Hit(article.identifier, 1.0) for article in articles]
    documents = [build_document(analyzer, article) for article in articles]
    total = len(articles)
    result = EngineResult(
        total,
        tuple(hits[start : start + max(1, request.size)]),
        (total, total, total),
        tuple(_count_values(documents, column, request.facet_size) for column in request.facets),
    )
    return SearchOutcome(query, result, total, (total, total, total))


def with_documents_first(
    outcome: SearchOutcome, request: SearchRequest, store: Store
) -> SearchOutcome:
    """Return an outcome whose first page begins with the legal documents that its query names.

    News that cite a document repeat its number, and would come before it.
    """
    if request.page > 1 or request.sort is not Sort.RELEVANCE:
        return outcome
    numbers = find_typed_numbers(request.text[:_LONGEST_QUERY])[:_MOST_NUMBERS]
    named = {name for number in numbers for name in store.find_by_document_number(number.text)}
    if not named:
        return outcome
    hits = sorted(outcome.result.hits, key=lambda hit: hit.identifier not in named)
    return replace(outcome, result=replace(outcome.result, hits=tuple(hits)))


def restate_lookup(request: SearchRequest) -> SearchRequest:
    """Return the request for the words of an address or identifier that no article has."""
    lookup = read_lookup(request.text, as_typed=request.as_typed)
    return replace(request, text=lookup.words) if lookup and lookup.is_certain else request


def with_lookup_notice(
    query: InterpretedQuery, request: SearchRequest, analyzer: Analyzer
) -> InterpretedQuery:
    """Return the restated query of a request with what was typed, and say that nothing has it."""
    lookup = read_lookup(request.text, as_typed=request.as_typed)
    if not lookup or not lookup.is_certain:
        return query
    typed = QueryText(request.text, analyzer).text
    notice = NoArticleNotice(0, len(typed), value=lookup.value[:200])
    # Spans are offsets into what was typed.
    others = (structs.replace(other, start=0, end=len(typed)) for other in query.notices)
    return replace(query, typed=typed, notices=(notice, *others))


def _count_values(documents: Sequence[Document], column: Column, size: int) -> FacetCounts:
    counts = Counter(
        value for document in documents for value in dict.fromkeys(_values(document, column))
    )
    return FacetCounts(column, tuple(counts.most_common(size)))


def _values(document: Document, column: Column) -> tuple[str, ...]:
    if column is Column.AUTHOR:
        return document.authors
    if column is Column.PERSON:
        return document.people
    single = {
        Column.MONTH: document.month,
        Column.PUBLISHER: document.publisher,
        Column.CATEGORY: document.category,
        Column.STATE: document.state,
    }
    return (single.get(column, ""),)
