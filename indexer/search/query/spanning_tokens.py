"""Extra terms that several tokens of a query make together: `TP HCM`, a date in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.analysis.analyzer import Token
from indexer.search.query.syntax import PhraseNode, WordNode
from indexer.vietnamese.multi_word_terms import SPANNING, spanning_terms


def split_phrase(phrase: PhraseNode) -> list[WordNode]:
    """Return the words of a phrase as words that may stand anywhere."""
    words: list[WordNode] = []
    for run in re.finditer(r"\S+", phrase.text):
        start, end = (phrase.start + offset for offset in run.span())
        tokens = [token for token in phrase.tokens if start <= token.start < end]
        if tokens:
            terms = add_spanning_terms(tokens)
            words.append(WordNode(run.group(), start, end, terms, phrase.exact))
    return words


def add_spanning_terms(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens of one leaf with the extra terms that several of them make together."""
    extras = [list(token.extras) for token in tokens]
    for position, term in _spanning_terms(tokens):
        extras[position].append(term)
    return tuple(
        replace(token, extras=tuple(terms)) for token, terms in zip(tokens, extras, strict=True)
    )


def without_spanning_terms(tokens: Sequence[Token]) -> list[Token]:
    """Remove the extra terms of several tokens: signs and quotes may part what they join."""
    spanning = [position for position, _ in _spanning_terms(tokens)]
    return [
        replace(token, extras=token.extras[: len(token.extras) - spanning.count(position)])
        for position, token in enumerate(tokens)
    ]


def _spanning_terms(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    words = [token.exact for token in tokens]
    starts = [position for position, word in enumerate(words) if word in SPANNING]
    return spanning_terms(words, starts)
