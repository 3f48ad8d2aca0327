"""The span in a text of several tokens that make one term together (`GPT-3`, `TP HCM`, a date)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from indexer.analysis.analyzer import Token
from indexer.vietnamese.ordinals import find_ordinal
from indexer.vietnamese.syllables import folded_form

MOST_TOKENS = 16
"""Tokens of the longest term."""

_FIGURES = re.compile(r"\d+")


def joined_end(term: str, position: int, tokens: Mapping[int, Token]) -> int:
    """Return the end in the text of a joined term, a folded extra of the token at a position.

    The tokens are the term's letters in their order, or hold all its figures in any (a date).
    The end of the first token where neither is so.
    """
    spelled = _spelled_end(term, position, tokens)
    if spelled:
        return spelled
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


def _spelled_end(term: str, position: int, tokens: Mapping[int, Token]) -> int:
    """Return the end of an ordinal (`quý I`) or of a percentage in words; 0 if it is neither."""
    places = range(position, position + MOST_TOKENS)
    run = list(itertools.takewhile(lambda token: token, map(tokens.get, places)))
    following = [token for token in run if token]
    words = [token.exact for token in following]
    if term.endswith("%"):
        in_words = [folded_form(word) for word in words[1:3]] == ["phan", "tram"]
        return following[2].end if in_words else 0
    for place in (0, 1):
        ordinal = find_ordinal(words, place) if words[place : place + 1] else None
        if ordinal and not ordinal.start and folded_form(ordinal.term) == term:
            return following[ordinal.end - 1].end
    return 0
