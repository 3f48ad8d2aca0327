"""Patterns of folded terms to highlight: those of wildcards and of fuzzy words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.search.query.syntax import PatternNode, WildcardNode
from indexer.vietnamese.normalization import fold

_LETTERS = {"*": r"[^\W_]*", "?": r"[^\W_]"}


@dataclass(frozen=True, slots=True)
class TermPattern:
    """The terms that a wildcard or a fuzzy word matches.

    Attributes:
        text: as typed, in lower case; of a fuzzy word its folded form.
        expression: a regular expression for the folded terms; it begins with a literal letter.
        exact_expression: one for the exact forms that agree with typed diacritics; empty if any do.
        strict: only those agreeing are to be highlighted.
        distance: letters by which a fuzzy word may differ; 0 for a wildcard.
    """

    text: str
    expression: str
    exact_expression: str = ""
    strict: bool = False
    distance: int = 0

    @property
    def letters(self) -> str:
        """The folded letters that are not wildcards."""
        return fold(self.text).replace("*", "").replace("?", "")

    def matches(self, token: Token) -> bool:
        """Tell whether a term is to be highlighted."""
        if not re.fullmatch(self.expression, token.folded):
            return False
        if self.distance and _edit_distance(self.text, token.folded) > self.distance:
            return False
        return not self.strict or self.agrees(token)

    def agrees(self, token: Token) -> bool:
        """Tell whether a matching term has the typed diacritics."""
        return not self.exact_expression or bool(re.fullmatch(self.exact_expression, token.exact))


def term_pattern(node: PatternNode, exact: bool) -> TermPattern:
    """Return the pattern of a node; `exact` demands its diacritics."""
    if isinstance(node, WildcardNode):
        has_diacritics = node.exact or not node.text.isascii()
        exact_expression = _expression(node.text) if has_diacritics else ""
        strict = exact or node.exact
        return TermPattern(node.text, _expression(fold(node.text)), exact_expression, strict)
    folded, distance = node.token.folded, node.distance
    lengths = f"{max(0, len(folded) - 1 - distance)},{len(folded) - 1 + distance}"
    return TermPattern(folded, rf"{folded[0]}[^\W_]{{{lengths}}}", distance=distance)


def _expression(pattern: str) -> str:
    return "".join(_LETTERS.get(letter) or re.escape(letter) for letter in pattern)


def _edit_distance(first: str, second: str) -> int:
    """Return the number of letters to insert, delete or substitute (Levenshtein)."""
    # The distances between a beginning of `first` and every beginning of `second`.
    row = list(range(len(second) + 1))
    for position, letter in enumerate(first, 1):
        diagonal, row[0] = row[0], position
        for column, candidate in enumerate(second, 1):
            substituted = diagonal + (letter != candidate)
            diagonal = row[column]
            row[column] = min(substituted, diagonal + 1, row[column - 1] + 1)
    return row[-1]
