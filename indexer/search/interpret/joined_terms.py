"""Joined terms: words of a query that are one term in articles, such as a date or `TP HCM`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.analysis.analyzer import Token
from indexer.search.query.syntax import PhraseNode, WordNode
from indexer.vietnamese.multi_word_terms import (
    LONGEST_SPAN,
    leading_phone,
    leading_span,
    stands_alone,
)
from indexer.vietnamese.syllables import folded_form


def join_terms(words: Sequence[WordNode]) -> list[WordNode]:
    """Join neighbouring words that make one term together into one word that carries it."""
    joined: list[WordNode] = []
    position = 0
    while position < len(words):
        run = list(_plain_neighbours(words[position : position + LONGEST_SPAN]))
        exact = [word.tokens[0].exact for word in run]
        length, terms = leading_span(exact)
        if not terms:
            length, number = leading_phone(exact)
            terms = (number,) if number else ()
        joined.append(_join(run[:length], terms) if length > 1 else words[position])
        position += max(1, length)
    return joined


def join_phrase(phrase: PhraseNode) -> PhraseNode | WordNode:
    """Read a phrase that is one term (`"30/4"`) as a word, and signed words in it with their sign.

    `"tăng 30%"` is not *tăng 30 nghìn*.
    """
    if phrase.exact or phrase.slop or not phrase.tokens:
        return phrase
    first, *others = phrase.tokens
    length, terms = leading_span([token.exact for token in phrase.tokens])
    if length == len(phrase.tokens) > 1:
        tokens = (replace(first, extras=(*first.extras, *terms)), *others)
        return WordNode(phrase.text, phrase.start, phrase.end, tokens)
    if len(others) and " " not in phrase.text and first.extras and stands_alone(first.extras[0]):
        return WordNode(phrase.text, phrase.start, phrase.end, phrase.tokens)
    return replace(phrase, tokens=tuple(map(_with_sign, phrase.tokens)))


def _plain_neighbours(words: Sequence[WordNode]) -> Iterator[WordNode]:
    """Yield the first words as long as they are single, without signs and side by side."""
    end = words[0].start - 1
    for word in words:
        if not word.is_plain or len(word.tokens) != 1 or word.start - end != 1:
            return
        yield word
        end = word.end


def _join(words: Sequence[WordNode], terms: Sequence[str]) -> WordNode:
    first, *others = (word.tokens[0] for word in words)
    tokens = (replace(first, extras=(*first.extras, *terms)), *others)
    text = " ".join(word.text for word in words)
    return WordNode(text, words[0].start, words[-1].end, tokens)


def _with_sign(token: Token) -> Token:
    """Return a word that a sign follows as the term that both make (`30%`, `C++`)."""
    signed = [extra for extra in token.extras if extra[:-1].rstrip("+") == token.exact]
    return replace(token, exact=signed[0], folded=folded_form(signed[0])) if signed else token
