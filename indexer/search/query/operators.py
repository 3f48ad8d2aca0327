"""The operators of the query language: `AND`, `OR` and `NOT`, in both languages and as signs.

They are in capitals; between brackets `or` and `hoặc` are operators as well, since alternatives are
what people write brackets for. `KHÔNG` is an operator only where it is not the word: see
`is_plain_negation`. In a query that is all in capitals `VÀ`, `KHÔNG` and the forms without
diacritics are words: a headline in capitals has no operators. Without diacritics `VA` and `HOAC`
have to stand between two words, for `VA` is a short form as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Final

from indexer.analysis.analyzer import Token

IsWritten = Callable[[Sequence[Token]], bool]
"""Tells whether the archive writes words in a row."""


class Operator(Enum):
    """What an operator does with what stands beside it."""

    AND = auto()
    OR = auto()
    NOT = auto()


_ALWAYS: Final = {
    **{"AND": Operator.AND, "&&": Operator.AND, "&": Operator.AND},
    **{"OR": Operator.OR, "||": Operator.OR, "|": Operator.OR, "HOẶC": Operator.OR},
    "NOT": Operator.NOT,
}
_IN_MIXED_CASE: Final = {"VÀ": Operator.AND, "KHÔNG": Operator.NOT, "KHONG": Operator.NOT}
_BETWEEN_WORDS: Final = {"VA": Operator.AND, "HOAC": Operator.OR}

OFFERED: Final = {"or": "OR", "hoặc": "HOẶC", "hoac": "HOẶC"}
"""Words that may have been meant as operators, and the operators."""

_ALL: Final = frozenset({*_ALWAYS, *_IN_MIXED_CASE, *_BETWEEN_WORDS})

NEGATIONS: Final = frozenset({"KHÔNG", "KHONG"})
"""Operators that are a common word as well."""

_FUNCTION_WORDS: Final = frozenset(
    "ai bị các cần chỉ có còn của cũng đã được gì hề là mà một muốn nên những phải sao sẽ thể thì "
    "và về vì với biết".split()
)
_FOLDED_FUNCTION_WORDS: Final = frozenset("ai biet chi co duoc gi la muon nen phai voi".split())
"""Words that nobody leaves out of a search: after `không` they go on with the sentence."""

_LAST_WORD: Final = re.compile(r"[^\W_]+ $")
_NEXT_WORD: Final = re.compile(r" ([^\W_]+)")

WORDS_OF_OPERATORS: Final = frozenset({"or", "and", "not"})
"""Words that are never keystrokes of an input method: `or` is not `ỏ`."""


def blank_operators(text: str) -> str:
    """Return a query with blanks in place of the words of operators: they are no keystrokes."""
    return re.sub(
        r"\w+",
        lambda word: " " * len(word[0]) if word[0].lower() in WORDS_OF_OPERATORS else word[0],
        text,
    )


def read_operator(
    word: str, *, in_mixed_case: bool, between_words: bool, in_brackets: bool = False
) -> Operator | None:
    """Return the operator that a word is, or None.

    Args:
        word: a run without blanks.
        in_mixed_case: the query has small letters as well.
        between_words: something stands before the word, and after it.
        in_brackets: it stands between brackets.
    """
    if in_brackets and between_words and word in OFFERED:
        return Operator.OR
    operator = _ALWAYS.get(word)
    if operator or not in_mixed_case:
        return operator
    return _IN_MIXED_CASE.get(word) or (_BETWEEN_WORDS.get(word) if between_words else None)


def negated_run(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of a negation and the words beside it; None where no plain word follows."""
    following = _NEXT_WORD.match(text, end)
    if not following or following[1] in _ALL:
        return None
    before = _LAST_WORD.search(text[:start])
    return before.start() if before else start, following.end()


def is_plain_negation(tokens: Sequence[Token], is_written: IsWritten | None) -> bool:
    """Tell whether a negation in capitals is the word, as in `nói KHÔNG với ma túy`.

    It is before a word that nobody leaves out of a search, and where the archive writes it in a
    row with the words beside it.

    Args:
        tokens: the negation and the words beside it.
        is_written: tells what the archive writes, if there is one.
    """
    following = tokens[-1].exact
    if following in _FUNCTION_WORDS or following in _FOLDED_FUNCTION_WORDS:
        return True
    return bool(is_written and is_written(tokens))
