"""Passing nodes: the words and units of a query that no article has to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.search.query.syntax import AcronymNode, SyntaxNode, UnitNode, WordNode
from indexer.vietnamese.filler_phrases import is_enough
from indexer.vietnamese.passing_words import CONNECTING_WORDS, passing_places

_Node = WordNode | AcronymNode | UnitNode


def mark_passing(nodes: Sequence[_Node]) -> list[_Node]:
    """Return the nodes of a conjunction, those marked that say nothing of what it is about.

    A unit is what its words are together: `là ai` passes, `ở ẩn` does not.
    """
    words = [word for node in nodes for word in words_of(node)]
    asking = passing_places([_typed(word) for word in words])
    marked: list[_Node] = []
    left: list[WordNode] = []
    place = 0
    for node in nodes:
        size = len(words_of(node))
        passes = all(each in asking for each in range(place, place + size))
        if passes or (isinstance(node, WordNode) and _connects(node)):
            marked.append(_passing(node))
        else:
            marked.append(node)
            left += words_of(node)
        place += size
    return marked if is_enough(list(map(_typed, left))) else list(nodes)


def is_passing(node: SyntaxNode) -> bool:
    """Tell whether no article has to hold a node of a conjunction."""
    words = words_of(node)
    return bool(words) and all(word.is_passing for word in words)


def words_of(node: SyntaxNode) -> tuple[WordNode, ...]:
    """Return the words of a node of words; none of another one."""
    if isinstance(node, WordNode):
        return (node,)
    return node.words if isinstance(node, UnitNode | AcronymNode) else ()


def _typed(word: WordNode) -> str:
    return " ".join(token.exact for token in word.tokens) if word.is_plain else "="


def _connects(word: WordNode) -> bool:
    """Tell whether a word only tells how others belong together."""
    forms = word.likely_forms or tuple(token.exact for token in word.tokens)
    return word.is_plain and len(forms) == 1 and forms[0] in CONNECTING_WORDS


def _passing(node: _Node) -> _Node:
    if isinstance(node, WordNode):
        return replace(node, is_passing=True)
    return replace(node, words=tuple(replace(word, is_passing=True) for word in node.words))
