"""The operators of the query language: `AND`, `OR` and `NOT`, in both languages and as signs.

They are in capitals. In a query that is all in capitals `VÀ`, `KHÔNG` and the forms without
diacritics are words: a headline in capitals has no operators. Without diacritics `VA` and `HOAC`
have to stand between two words, for `VA` is a short form as well.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


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

WORDS_OF_OPERATORS: Final = frozenset({"or", "and", "not"})
"""Words that are never keystrokes of an input method: `or` is not `ỏ`."""


def read_operator(word: str, *, in_mixed_case: bool, between_words: bool) -> Operator | None:
    """Return the operator that a word is, or None.

    Args:
        word: a run without blanks.
        in_mixed_case: the query has small letters as well.
        between_words: something stands before the word, and after it.
    """
    operator = _ALWAYS.get(word)
    if operator or not in_mixed_case:
        return operator
    return _IN_MIXED_CASE.get(word) or (_BETWEEN_WORDS.get(word) if between_words else None)
