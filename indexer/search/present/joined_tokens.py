"""The span in a text of several tokens that make one term together (`GPT-3`, `TP HCM`, a date)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from indexer.analysis.analyzer import Token

MOST_TOKENS = 16
"""Tokens of the longest term."""

_FIGURES = re.compile(r"\d+")


def joined_end(term: str, position: int, tokens: Mapping[int, Token]) -> int:
    """Return the end in the text of a joined term, a folded extra of the token at a position.

    The tokens are the term's letters in their order, or hold all its figures in any (a date).
    The end of the first token where neither is so.
    """
    letters, joined = "".join(filter(str.isalnum, term)), ""
    figures = set(map(int, _FIGURES.findall(term)))
    for following in range(position, position + MOST_TOKENS):
        token = tokens.get(following)
        if token is None:
            break
        joined += token.folded
        if joined == letters:
            return token.end
        if figures and token.folded.isdecimal():
            figures.discard(int(token.folded[:9]))
            if not figures and not letters.startswith(joined):
                return token.end
    return tokens[position].end
