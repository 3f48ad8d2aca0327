"""Filler phrases: how questions and requests begin, whatever they are about (`cho tôi hỏi`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable

FILLER_PHRASES: Final = (
    "ad cho hỏi",
    "ai biết",
    "bài báo nói về",
    "bài báo về",
    "bài viết nói về",
    "bài viết về",
    "các bạn cho hỏi",
    "các bạn ơi",
    "các bạn ơi cho hỏi",
    "cho biết",
    "cho em hỏi",
    "cho hỏi",
    "cho mình hỏi",
    "cho tôi biết",
    "cho tôi hỏi",
    "cho tôi xem",
    "giúp tôi tìm",
    "hãy cho biết",
    "hãy tìm",
    "làm ơn cho biết",
    "làm ơn cho hỏi",
    "mn cho hỏi",
    "mn ơi",
    "mn ơi cho hỏi",
    "mọi người cho hỏi",
    "mọi người ơi",
    "mọi người ơi cho hỏi",
    "muốn biết",
    "thông tin mới nhất về",
    "thông tin mới về",
    "thông tin về",
    "tin mới nhất về",
    "tin mới về",
    "tin tức mới nhất về",
    "tin tức mới về",
    "tin tức về",
    "tìm bài về",
    "tìm bài viết về",
    "tìm hiểu về",
    "tìm kiếm",
    "tìm thông tin về",
    "tìm tin về",
    "tôi cần tìm",
    "tôi muốn biết",
    "tôi muốn hỏi",
    "tôi muốn tìm",
    "vui lòng cho biết",
    "vui lòng cho hỏi",
    "xin cho biết",
    "xin cho hỏi",
    "xin hỏi",
    "xin vui lòng cho biết",
)

FEWEST_OTHERS: Final = 2
"""Syllables that have to follow a filler phrase: otherwise it is what the query is about."""

_FORMS: Final = frozenset(
    tuple(form(word) for word in phrase.split(" "))
    for phrase in FILLER_PHRASES
    for form in (exact_form, folded_form)
)
_LONGEST: Final = max(map(len, _FORMS))


def filler_length(words: Sequence[str]) -> int:
    """Return how many words at the beginning of a query, exact forms, are filler; mostly 0."""
    longest = min(_LONGEST, len(words) - 1)
    size = next((size for size in range(longest, 1, -1) if tuple(words[:size]) in _FORMS), 0)
    return size if is_enough(words[size:]) else 0


def is_enough(words: Sequence[str]) -> bool:
    """Tell whether a query may be about some words alone: two, or one that is no syllable."""
    if len(words) >= FEWEST_OTHERS:
        return True
    return len(words) == 1 and words[0].isalpha() and not is_bare_syllable(folded_form(words[0]))
