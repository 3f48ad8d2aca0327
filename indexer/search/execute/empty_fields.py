"""Fields in which no article holds what was asked for: why a page may be empty."""

from __future__ import annotations

from indexer.search.compile.match_compiler import MatchCompiler, Strictness
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import FieldNode, flatten
from indexer.search.query_notices import EmptyFieldNotice
from indexer.search.term_statistics import TermStatistics

_MOST_FIELDS = 5
"""Fields of one query that are looked at."""


def empty_field_notices(
    query: InterpretedQuery, statistics: TermStatistics
) -> list[EmptyFieldNotice]:
    """Return a notice for each field that has to match and does so in no article.

    Raises:
        EngineError: the index cannot be read.
    """
    nodes = [] if query.tree is None else list(flatten((query.tree,)))
    fields = [node for node in nodes if isinstance(node, FieldNode)][:_MOST_FIELDS]
    compiler = MatchCompiler(statistics, Strictness.FOLDED)
    counts = statistics.count([compiler.compile(node) for node in fields]) if fields else []
    return [
        EmptyFieldNotice(
            node.child.start, node.child.end, field=node.field.value, value=node.child.text
        )
        for node, count in zip(fields, counts, strict=True)
        if not count
    ]
