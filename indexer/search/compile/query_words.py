"""Words of a query's nodes, each for itself: what a requirement counts and weighs."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.search.query.syntax import AcronymNode, SyntaxNode, UnitNode, WordNode
from indexer.vietnamese.filler_phrases import filler_length


def words_of(node: WordNode | AcronymNode) -> tuple[WordNode, ...]:
    """Return the words of a node."""
    return node.words if isinstance(node, AcronymNode) else (node,)


def words_and_acronyms(node: SyntaxNode) -> tuple[WordNode | AcronymNode, ...]:
    """Return the words of a node, each with its other forms; none of a node of another kind."""
    if isinstance(node, UnitNode):
        return node.words
    if isinstance(node, AcronymNode) and len(node.words) > 1:
        return tuple(_with_other_forms(node, place) for place in range(len(node.words)))
    return (node,) if isinstance(node, WordNode | AcronymNode) else ()


def _with_other_forms(node: AcronymNode, place: int) -> WordNode | AcronymNode:
    """Return one word of a node with other forms: each word matches by them too.

    So every word counts by itself, as it does where there are no other forms.
    """
    word = node.words[place]
    if not node.respellings:
        return AcronymNode((word,), node.alternatives)
    respellings = tuple(each for each in node.respellings if each.start <= place < each.end)
    if not respellings:
        return word
    return AcronymNode((word,), tuple(each.forms for each in respellings), respellings=respellings)


def part_filler(
    words: Sequence[WordNode | AcronymNode],
) -> tuple[Sequence[WordNode | AcronymNode], Sequence[WordNode | AcronymNode]]:
    """Part the words of a query into the filler at its beginning, and what it is about."""
    exact = [
        " ".join(token.exact for each in words_of(word) for token in each.tokens) for word in words
    ]
    length = filler_length(exact)
    return words[:length], words[length:]
