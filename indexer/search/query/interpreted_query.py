"""The record of a query that every stage of a search hands to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.search.query.passing_nodes import is_passing
from indexer.search.query.syntax import (
    AcronymNode,
    AndNode,
    FuzzyNode,
    LeafNode,
    PhraseNode,
    SyntaxNode,
    TextNode,
    UnitNode,
    WildcardNode,
    WordNode,
    matching_leaves,
)
from indexer.search.query_notices import Notice
from indexer.vietnamese.filler_phrases import filler_length
from indexer.vietnamese.normalization import fold

ExactForms = tuple[str, ...]
"""The exact forms of neighbouring words."""

FoldedForms = tuple[str, ...]
"""The folded forms of neighbouring words."""


_MEANT = UnitNode | WordNode | AcronymNode | PhraseNode | WildcardNode | FuzzyNode
_MOST_FORMS = 3


@dataclass(frozen=True, slots=True)
class InterpretedQuery:
    """A query, and what was read into it.

    The parser makes it with nothing read into it; interpretation adds the rest.

    Attributes:
        typed: the canonical text as typed; the spans of notices are offsets into it.
        searched: the text after keystrokes were decoded, else the same.
        tree: the syntax tree of `searched`; None for a query without words.
        notices: in the order in which they are shown.
        meaning: the tree to search for: words joined into terms, diacritics restored, acronyms
            expanded.
        restorations: the likeliest forms of a query without diacritics, best first.
        alternatives: the short and long forms of acronyms that are searched as well.
        repaired: the query with its spelling repaired, which is searched as well.
        suggestion: the text of a repair that is not searched but suggested; empty for none.
    """

    typed: str
    searched: str
    tree: SyntaxNode | None
    notices: tuple[Notice, ...] = ()
    meaning: SyntaxNode | None = None
    restorations: tuple[ExactForms, ...] = ()
    alternatives: tuple[FoldedForms, ...] = ()
    repaired: InterpretedQuery | None = None
    suggestion: str = ""

    @property
    def meant(self) -> tuple[str, ...]:
        """The units that were read, in the forms searched for, and other words as typed.

        What is said in passing is left out, as it is where full matches are looked for.
        """
        return self._units(is_exact=False)

    @property
    def meant_exactly(self) -> tuple[str, ...]:
        """The same with what is said in passing, as an exact match holds it too."""
        return self._units(is_exact=True)

    def _units(self, *, is_exact: bool) -> tuple[str, ...]:
        nodes = self.meaning.children if isinstance(self.meaning, AndNode) else (self.meaning,)
        meant = [
            node
            for node in nodes
            if isinstance(node, _MEANT) and (is_exact or not is_passing(node))
        ]
        return tuple(map(_meant_text, sorted(meant, key=_start)))

    @property
    def tokens(self) -> list[Token]:
        """The words that are to match, in their order."""
        leaves = [leaf for leaf in matching_leaves(self.tree) if isinstance(leaf, TextNode)]
        return [token for leaf in leaves for token in leaf.tokens]

    @property
    def has_diacritics(self) -> bool:
        """Whether any leaf that has to match was typed with diacritics; punctuation has none.

        Filler in front tells nothing of what follows: `cho tôi hỏi gia vang`.
        """
        matching = list(matching_leaves(self.tree))
        return any(map(_has_diacritics, matching[_filler_leaves(matching) :]))


def _start(node: _MEANT) -> int:
    return node.words[0].start if isinstance(node, UnitNode | AcronymNode) else node.start


def _meant_text(node: _MEANT) -> str:
    if isinstance(node, FuzzyNode):
        return f"{node.text}~{node.distance if node.distance > 1 else ''}"
    if not isinstance(node, UnitNode | AcronymNode):
        return node.text
    forms = node.forms[:_MOST_FORMS]
    return "/".join(forms) or " ".join(word.text for word in node.words)


def _filler_leaves(matching: Sequence[LeafNode]) -> int:
    """Return how many leaves at the beginning of a query are filler."""
    words = list(itertools.takewhile(_is_single_word, matching))
    exact = [leaf.tokens[0].exact for leaf in words if isinstance(leaf, WordNode)]
    return filler_length(exact)


def _is_single_word(leaf: LeafNode) -> bool:
    return isinstance(leaf, WordNode) and leaf.is_plain and len(leaf.tokens) == 1


def _has_diacritics(leaf: LeafNode) -> bool:
    if isinstance(leaf, TextNode):
        return any(token.exact != token.folded for token in leaf.tokens)
    return leaf.text != fold(leaf.text)
