"""Filler phrases: how questions and requests begin, whatever they are about (`cho tôi hỏi`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.syllables import exact_form, folded_form

FILLER_PHRASES: Final = (
    "ai biết",
    "bài báo nói về",
    "bài báo về",
    "bài viết nói về",
    "bài viết về",
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
"""Words that have to follow a filler phrase: otherwise it is what the query is about."""

_FORMS: Final = frozenset(
    tuple(form(word) for word in phrase.split(" "))
    for phrase in FILLER_PHRASES
    for form in (exact_form, folded_form)
)
_LONGEST: Final = max(map(len, _FORMS))


def filler_length(words: Sequence[str]) -> int:
    """Return how many words at the beginning of a query, exact forms, are filler; mostly 0."""
    longest = min(_LONGEST, len(words) - FEWEST_OTHERS)
    return next((size for size in range(longest, 1, -1) if tuple(words[:size]) in _FORMS), 0)
