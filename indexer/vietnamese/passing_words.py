"""Passing words: what a query says without being about it (`ở`, `bao nhiêu`, `cho tôi hỏi`).

Who asks `iphone 8 giá bao nhiêu` wants to read how much it is: the articles that tell it do not
ask. And `cháy ở Anh` is told of as `cháy tại Anh` as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from indexer.vietnamese.filler_phrases import filler_length, is_enough
from indexer.vietnamese.syllables import exact_form, folded_form

_QUESTIONS: Final = (
    *("ai là", "bao giờ", "bao lâu", "bao nhiêu", "bao nhiêu tiền", "có hay không", "có không"),
    *("có phải", "được không", "hay chưa", "hay không", "khi nào", "là ai", "là bao nhiêu"),
    *("là gì", "làm sao", "làm sao để", "làm thế nào", "làm thế nào để", "lúc nào", "mấy giờ"),
    *("mấy ngày", "nghĩa là gì", "nhằm ngày nào", "như thế nào", "nơi nào", "ở đâu", "phải không"),
    *("ra sao", "tại sao", "thế nào", "vì sao"),
)
"""What asks, wherever it stands in a question."""

_ENDS: Final = frozenset("ai ạ chưa đâu gì hả không nào nhỉ sao thế vậy".split())
"""What asks at the end of a question alone; typed with diacritics, `gi` and `nao` without."""

_BARE_ENDS: Final = frozenset(("gi", "nao"))

_QUESTION_HEADS: Final = frozenset(("có", "co"))
_YES_OR_NO: Final = frozenset(("khong", "không", "chua", "chưa"))
"""Behind `có` these ask: `hôm nay có mưa không`."""

CONNECTING_WORDS: Final = frozenset(
    "ở tại trong trên của là và với về các những được có để vs".split()
)
"""Words that tell how others belong together: another article says it by other ones."""

_AMBIGUOUS: Final = frozenset(("may gio", "may ngay", "lam sao", "bao lau"))
"""Bare questions that are as well something else: `máy ngày`, `bảo lâu`."""

_FORMS: Final = frozenset(
    tuple(form(word) for word in phrase.split(" "))
    for phrase in _QUESTIONS
    for form in (exact_form, folded_form)
    if form is exact_form or " ".join(map(folded_form, phrase.split(" "))) not in _AMBIGUOUS
)
_LONGEST: Final = max(map(len, _FORMS))


def passing_places(words: Sequence[str]) -> frozenset[int]:
    """Return the places of the filler and of what asks, among the exact forms of a query.

    A query that is little else has none.
    """
    places = set(range(filler_length(words)))
    places |= set(_questions(words))
    places |= set(_ends(words))
    left = [word for place, word in enumerate(words) if place not in places]
    return frozenset(places) if is_enough(left) else frozenset()


def _questions(words: Sequence[str]) -> Iterator[int]:
    """Yield the places of the words that ask anywhere, the longest phrases first."""
    start = 0
    while start < len(words):
        sizes = range(min(_LONGEST, len(words) - start), 1, -1)
        size = next((n for n in sizes if tuple(words[start : start + n]) in _FORMS), 0)
        yield from range(start, start + size)
        start += size or 1


def _ends(words: Sequence[str]) -> Iterator[int]:
    """Yield the place of the last word if it asks, and that of its `có`."""
    last = len(words) - 1
    if last < 1:
        return
    heads = [place for place, word in enumerate(words[:last]) if word in _QUESTION_HEADS]
    if words[last] in _YES_OR_NO and heads:
        yield from (heads[-1], last)
    elif last > 1 and words[last] in _ENDS | _BARE_ENDS:
        yield last
