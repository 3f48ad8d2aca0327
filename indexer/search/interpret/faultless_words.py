"""Faultless words: those of a query that no repair of its spelling touches."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.search.interpret.paired_words import OPPOSING
from indexer.search.interpret.repairs import Stretch
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import AcronymNode, AndNode, WordNode, matching_leaves
from indexer.vietnamese.syllables import is_bare_syllable


def short_forms(stretches: Sequence[Stretch]) -> set[int]:
    """Return where words begin that are short forms, by their capitals: they are no slips."""
    if all(stretch.text.isupper() for stretch in stretches):
        return set()
    return {
        stretch.start for stretch in stretches if len(stretch.text) > 1 and stretch.text.isupper()
    }


def expanded_starts(query: InterpretedQuery) -> set[int]:
    """Return where short forms begin that are searched in their long form as well."""
    meaning = query.meaning
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    return {
        word.start
        for node in nodes
        if isinstance(node, AcronymNode) and not node.respellings
        for word in node.words
    }


def known_starts(query: InterpretedQuery) -> set[int]:
    """Return where words begin that are no mistakes: with other spellings, or of one term."""
    meaning = query.meaning
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    known = {
        word.start
        for node in nodes
        if isinstance(node, AcronymNode) and node.respellings
        for word in node.words
    }
    joined = [node for node in nodes if isinstance(node, WordNode) and len(node.tokens) > 1]
    return known | {
        leaf.start
        for leaf in matching_leaves(query.tree)
        if any(node.start <= leaf.start < node.end for node in joined)
    }


def opposing_starts(stretches: Sequence[Stretch]) -> set[int]:
    """Return where a `vs` between names begins: in `MU vs Chelsea` it is no chat and no slip."""
    return {
        stretch.start
        for before, stretch, after in zip(stretches, stretches[1:], stretches[2:], strict=False)
        if stretch.text in OPPOSING and (_is_name(before) or _is_name(after))
    }


def _is_name(stretch: Stretch) -> bool:
    return stretch.text[:1].isupper() or not is_bare_syllable(stretch.tokens[-1].folded)
