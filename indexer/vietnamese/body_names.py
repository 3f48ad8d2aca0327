"""Names of bodies before a bracket: `Tập đoàn Dầu khí Việt Nam (PVN)`.

Their short forms are often English, so that no initials tell where the name begins; the noun that
says what kind of body it is does.
"""

from __future__ import annotations

import re

from indexer.vietnamese.syllables import exact_form

_NOUNS = """
    tổng công ty; công ty; tập đoàn; hãng; ngân hàng; quỹ; đài; thông tấn xã; nhà xuất bản
    liên minh; liên đoàn; liên hiệp; hiệp hội; hiệp định; hội đồng; hội; tổ chức; ủy ban; diễn đàn
    cơ quan; tổng cục; cục; viện; học viện; bộ; sở; ban; trung tâm; văn phòng; tòa án
    trường đại học; đại học; trường; bệnh viện; nhà máy; cảng; sân vận động; câu lạc bộ
    công ước; hiệp ước; chương trình; dự án; phòng thương mại; sàn giao dịch; mặt trận
    phong trào; đảng
"""

_BODIES = {
    tuple(map(exact_form, noun.split()))
    for line in _NOUNS.strip().splitlines()
    for noun in line.split(";")
}
_LONGEST_NOUN = max(map(len, _BODIES))
_LAST_WORDS = frozenset(noun[-1] for noun in _BODIES)

MAX_NAME = 12
"""Most words of a name, its noun included."""

_SHORT = re.compile(r"[^\W\d_]{2,7}")
_WORD = re.compile(r"[^\W_]+")
_NO_NOUN_BEFORE = frozenset({"trưởng"})
"""Words that make another word of the noun before them: `Bộ trưởng` is no `Bộ`."""


def find_body_name(short: str, context: str, start: int) -> int | None:
    """Return where the name of a body begins that goes to the end of a text; None if none does.

    Args:
        short: What stands in the bracket after the text: only capitals are a short form.
        context: The canonical text.
        start: Where the sentence begins in it.
    """
    if not _SHORT.fullmatch(short) or not short.isupper():
        return None
    words = list(_WORD.finditer(context, start))[-MAX_NAME:]
    first = _noun_before_end([word[0] for word in words])
    if first is None:
        return None
    # A name has capitals: its own, or at least that of its noun.
    name = [word[0] for word in words[first:]]
    is_name = all(map(str.isalpha, name)) and any(word[0].isupper() for word in name)
    return words[first].start() if is_name else None


def _noun_before_end(words: list[str]) -> int | None:
    """Return where the last noun begins that has other words behind it, with those before it."""
    exact_words = list(map(exact_form, words))
    for end in range(len(words) - 1, 0, -1):
        first = _noun_ending(words, exact_words, end)
        if first is not None:
            before = _noun_ending(words, exact_words, first)
            return first if before is None else before
    return None


def _noun_ending(words: list[str], exact_words: list[str], end: int) -> int | None:
    """Return where the longest noun begins that ends right before an index."""
    if not end or exact_words[end - 1] not in _LAST_WORDS:
        return None
    if words[end].lower() in _NO_NOUN_BEFORE:
        return None
    for length in range(min(_LONGEST_NOUN, end), 0, -1):
        # A noun of one syllable may be a part of another word: only its capital tells.
        is_noun = tuple(exact_words[end - length : end]) in _BODIES
        if is_noun and (length > 1 or words[end - 1][0].isupper()):
            return end - length
    return None
