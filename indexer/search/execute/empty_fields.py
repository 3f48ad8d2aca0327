"""Fields and times in which no article holds what was asked for: why a page may be empty."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine.queries import And, Column, InRange
from indexer.search.compile.match_compiler import MatchCompiler, Strictness
from indexer.search.query.date_values import QUOTES
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import DateNode, FieldNode, flatten
from indexer.search.query_notices import EmptyDateNotice, EmptyFieldNotice, UndatedNotice
from indexer.search.term_statistics import TermStatistics

_MOST_FIELDS = 5
"""Fields of one query that are looked at."""

_DATED = InRange(Column.PUBLISHED, None, None)


def empty_field_notices(
    query: InterpretedQuery, statistics: TermStatistics
) -> list[EmptyFieldNotice | EmptyDateNotice | UndatedNotice]:
    """Return a notice for each field and time that has to match and does so in no article.

    Raises:
        EngineError: the index cannot be read.
    """
    nodes = [] if query.tree is None else list(flatten((query.tree,)))
    fields = [node for node in nodes if isinstance(node, FieldNode | DateNode)][:_MOST_FIELDS]
    if not fields:
        return []
    compiler = MatchCompiler(statistics, Strictness.FOLDED)
    dated, *counts = statistics.count([_DATED, *map(compiler.compile, fields)])
    empty = [node for node, count in zip(fields, counts, strict=True) if not count]
    notices: list[EmptyFieldNotice | EmptyDateNotice | UndatedNotice] = []
    for node in empty:
        if isinstance(node, FieldNode):
            leaf = node.child
            field = node.field.value
            notices.append(EmptyFieldNotice(leaf.start, leaf.end, field=field, value=leaf.text))
        elif dated:
            value = query.searched[node.start : node.end].strip(QUOTES)
            notices.append(EmptyDateNotice(node.start, node.end, value=value))
        else:
            notices.append(UndatedNotice(node.start, node.end))
    return notices or _empty_time(query, statistics, fields)


def _empty_time(
    query: InterpretedQuery, statistics: TermStatistics, fields: Sequence[FieldNode | DateNode]
) -> list[EmptyFieldNotice | EmptyDateNotice | UndatedNotice]:
    """Return a notice if no article is of all times at once: `từ:2023 đến:2022`."""
    dates = [node for node in fields if isinstance(node, DateNode)]
    if len(dates) < 2:
        return []
    compiler = MatchCompiler(statistics, Strictness.FOLDED)
    if any(statistics.count([And(tuple(map(compiler.compile, dates)))])):
        return []
    value = " ".join(query.searched[node.start : node.end].strip(QUOTES) for node in dates)
    return [EmptyDateNotice(dates[0].start, dates[-1].end, value=value)]
