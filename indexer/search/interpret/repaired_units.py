"""Repaired units: the words of a query that are one unit once their spelling is repaired.

Of `sát nhập xã` an article has *sát nhập* in a row or nothing of it: that the archive hardly
writes the slip does not make its syllables words of their own, which hundreds of articles have.
It may be no slip, though: `giết truy` is two words, and no *riết truy* of a few articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.analysis.fields import Field
from indexer.engine.queries import And, Phrase, Query, Term
from indexer.search.query.passing_nodes import words_of
from indexer.search.query.syntax import AndNode, SyntaxNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.confused_words import CONFUSED_WORDS


def with_repaired_units(
    statistics: TermStatistics, typed: SyntaxNode | None, repaired: SyntaxNode | None
) -> SyntaxNode | None:
    """Return a tree whose words are units where they are so in the tree of its repair.

    Only units of which a word changed count, and only if no word was joined or split. A unit
    has to be in more articles than the words as typed, or they are known to be confused.

    Args:
        statistics: those of the index.
        typed: the interpreted tree of the typed query.
        repaired: that of the repaired one.
    """
    if not isinstance(typed, AndNode) or repaired is None:
        return typed
    nodes = list(typed.children)
    for words, unit in _changed_units(typed, repaired):
        if all(word in nodes for word in words) and _is_meant(statistics, words, unit):
            place = nodes.index(words[0])
            nodes = [node for node in nodes if node not in words]
            nodes.insert(place, UnitNode(tuple(words)))
    return nodes[0] if len(nodes) == 1 else AndNode(tuple(nodes))


def _changed_units(
    typed: AndNode, repaired: SyntaxNode
) -> Iterator[tuple[Sequence[WordNode], Sequence[WordNode]]]:
    """Yield the units of a repair with a word that was changed, behind the words as typed."""
    children = repaired.children if isinstance(repaired, AndNode) else (repaired,)
    words = _in_order(typed.children)
    repaired_words = _in_order(children)
    if len(words) != len(repaired_words):
        return
    typed_at = {new.start: old for old, new in zip(words, repaired_words, strict=True)}
    for unit in children:
        if isinstance(unit, UnitNode) and not unit.between:
            own = [typed_at[word.start] for word in unit.words]
            if _exact(own) != _exact(unit.words):
                yield own, unit.words


def _in_order(nodes: Sequence[SyntaxNode]) -> list[WordNode]:
    return sorted((word for node in nodes for word in words_of(node)), key=_start)


def _start(word: WordNode) -> int:
    return word.start


def _exact(words: Sequence[WordNode]) -> tuple[str, ...]:
    return tuple(token.exact for word in words for token in word.tokens)


def _is_meant(
    statistics: TermStatistics, typed: Sequence[WordNode], unit: Sequence[WordNode]
) -> bool:
    """Tell whether a unit explains typed words better than that they stand anywhere."""
    if " ".join(_exact(typed)) in CONFUSED_WORDS:
        return True
    apart: Query = And(tuple(Term(Field.EXACT, word, 0.0) for word in _exact(typed)))
    in_a_row, anywhere = statistics.count([Phrase(Field.EXACT, _exact(unit), 0.0), apart])
    return in_a_row > anywhere
