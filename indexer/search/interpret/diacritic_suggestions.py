"""What is offered beside the results of a bare query: the readings that the archive holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Phrase, Query, Term
from indexer.search.interpret.diacritic_restoration import likeliest
from indexer.search.query.syntax import AndNode, SyntaxNode, WordNode
from indexer.search.search_records import DiacriticsNotice

MOST_READINGS = 4
"""Readings offered for one query."""

LONGEST_READ = 6
"""Words of a query for which readings are offered; longer ones have hardly more than one."""

MOST_TRIED = 6
"""Readings that are counted; articles that went since can leave some of them with none."""


def bare_words(tree: SyntaxNode | None, analyzer: Analyzer) -> list[str]:
    """The folded words of a query that is nothing but words without marks; else nothing."""
    nodes = tree.children if isinstance(tree, AndNode) else (tree,)
    folded: list[str] = []
    for node in nodes:
        if not isinstance(node, WordNode) or node.exact or node.prefix or node.literal:
            return []
        tokens = analyzer.tokens(node.text)
        if len(tokens) != 1 or tokens[0].exact != tokens[0].folded:
            return []
        folded.append(tokens[0].folded)
    return folded if len(folded) <= LONGEST_READ else []


def readings_of(engine: Engine, folded: Sequence[str]) -> list[tuple[str, Query]]:
    """The likeliest readings of some bare words, each with the query that counts it."""
    found = likeliest(engine, folded, MOST_TRIED)
    return [(" ".join(forms), _exactly(forms)) for forms in found if tuple(forms) != tuple(folded)]


def diacritics_notices(
    readings: Sequence[str], counts: Sequence[int], written: Callable[[str], str]
) -> tuple[DiacriticsNotice, ...]:
    """The readings that exist, with their counts, commonest first.

    Args:
        readings: exact forms.
        counts: how many articles hold each.
        written: gives a reading with the archive's capitals.
    """
    held = [pair for pair in zip(readings, counts, strict=True) if pair[1]]
    held.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        DiacriticsNotice(text=written(text), documents=count)
        for text, count in held[:MOST_READINGS]
    )


def _exactly(forms: Sequence[str]) -> Query:
    if len(forms) == 1:
        return Term(Field.EXACT, forms[0])
    return Phrase(Field.EXACT, tuple(forms))
