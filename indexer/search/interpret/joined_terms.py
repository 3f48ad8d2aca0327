"""Joined terms: words of a query that are one term in articles, such as a date or `TP HCM`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import AndNot, Term
from indexer.search.query.syntax import PhraseNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.district_names import SHORT_DISTRICT_FORMS
from indexer.vietnamese.multi_word_terms import (
    LONGEST_SPAN,
    leading_day,
    leading_phone,
    leading_span,
    stands_alone,
)
from indexer.vietnamese.ordinals import ORDINAL_WORDS
from indexer.vietnamese.syllables import folded_form

_ORDINAL_OF_YEAR = re.compile(r"(?:\d{1,2}|[IVX]{1,4})/\d{4}", re.IGNORECASE)
_NAMED_FIGURE = re.compile(r"(no\.|n[º°])(\d+)", re.IGNORECASE)
_SHORT_DISTRICT = re.compile(rf"((?:{'|'.join(SHORT_DISTRICT_FORMS)})\.)([^\W\d_]+)", re.IGNORECASE)
_HIGHEST_SCORE = 12
"""`30-4` is a day: no match ends so. Of `3-1` the archive's counts tell."""

_FAR_MORE_DAYS = 2
"""Times as many articles with a day as with a score that read one as the day."""


def join_terms(words: Sequence[WordNode]) -> list[WordNode]:
    """Join neighbouring words that make one term together into one word that carries it."""
    words = list(chain.from_iterable(map(_part_named, _part_ordinals(words))))
    joined: list[WordNode] = []
    position = 0
    while position < len(words):
        run = list(_plain_neighbours(words[position : position + LONGEST_SPAN]))
        exact = [word.tokens[0].exact for word in run]
        length, terms, first = *leading_span(exact), 0
        if day := leading_day(exact):
            length, terms, first = day
        elif not terms:
            length, number = leading_phone(exact)
            terms = (number,) if number else ()
        joined.append(_join(run[:length], terms, first) if length > 1 else words[position])
        position += max(1, length)
    return joined


def read_days(words: Sequence[WordNode], statistics: TermStatistics) -> list[WordNode]:
    """Read two figures with a hyphen as a day (`30-4`) where they are no score or range.

    Articles with the hyphen have the term of the day as well, so that none is lost.
    """
    return [
        _read_day(word, statistics) if word.is_plain and word.tokens else word for word in words
    ]


def _read_day(word: WordNode, statistics: TermStatistics) -> WordNode:
    first, *others = word.tokens
    if len(first.extras) != 2 or first.extras[1] != first.extras[0].replace("-", "/"):
        return word
    score, day = first.extras
    if not first.exact.isdecimal():
        return word
    if int(first.exact) <= _HIGHEST_SCORE:
        query = AndNot(Term(Field.FOLDED, day), Term(Field.FOLDED, score))
        (days,) = statistics.count([query])
        if days <= _FAR_MORE_DAYS * statistics.document_frequency(Field.FOLDED, score):
            return word
    return replace(word, tokens=(replace(first, extras=(day,)), *others))


def _part_ordinals(words: Sequence[WordNode]) -> list[WordNode]:
    """Part ordinals and the year behind them: `quý I/2017` is no month, but `quý I` and `2017`."""
    parted: list[WordNode] = []
    for word in words:
        is_behind = parted and parted[-1].tokens and parted[-1].tokens[-1].exact in ORDINAL_WORDS
        if is_behind and word.is_plain and _ORDINAL_OF_YEAR.fullmatch(word.text):
            ordinal, year = (replace(token, extras=()) for token in word.tokens)
            middle = word.start + word.text.index("/")
            parted += [
                replace(word, text=word.text[: -len("/2017")], end=middle, tokens=(ordinal,)),
                replace(word, text=word.text[-len("2017") :], start=middle + 1, tokens=(year,)),
            ]
        else:
            parted.append(word)
    return parted


def _part_named(word: WordNode) -> tuple[WordNode, ...]:
    """Part a figure or a district and what names it: `No.42` is *No.* and *42*."""
    if not word.is_plain or len(word.tokens) != 2 or word.tokens[0].extras:
        return (word,)
    match = _NAMED_FIGURE.fullmatch(word.text) or _SHORT_DISTRICT.fullmatch(word.text)
    if not match:
        return (word,)
    naming, figure = (replace(token, extras=()) for token in word.tokens)
    middle = word.start + match.start(2)
    return (
        replace(word, text=match[1], end=middle - 1, tokens=(naming,)),
        replace(word, text=match[2], start=middle, tokens=(figure,)),
    )


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


def _join(words: Sequence[WordNode], terms: Sequence[str], start: int) -> WordNode:
    """Join words into one; those before `start` need not stand in an article (`ngày`)."""
    first, *others = (word.tokens[0] for word in words[start:])
    tokens = (replace(first, extras=(*first.extras, *terms)), *others)
    text = " ".join(word.text for word in words)
    return WordNode(text, words[0].start, words[-1].end, tokens)


def _with_sign(token: Token) -> Token:
    """Return a word that a sign follows as the term that both make (`30%`, `C++`)."""
    signed = [extra for extra in token.extras if extra[:-1].rstrip("+") == token.exact]
    return replace(token, exact=signed[0], folded=folded_form(signed[0])) if signed else token
