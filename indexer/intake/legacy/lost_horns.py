"""The letter ư of TCVN3 where a reader of PDF shows it as a hyphen.

Its byte AD is the soft hyphen of windows-1252, which readers of PDF show as `-`, or as U+FFFE at
the end of a line: `ph-¬ng` is `phương`, and `2003 - 2004` is no letter.
"""

from __future__ import annotations

import re
from itertools import product

from indexer.vietnamese.syllables import is_syllable

_WORD = re.compile(r"(?:[^\W\d_]|[-\ufffe])+")
_HYPHEN = re.compile(r"[-\ufffe]")
_BEFORE_HORN = re.compile("[-\ufffe][ơờớởỡợ]")
"""A hyphen before ơ, with which hardly a word begins: `gi-ờng` is `giường`."""
_MOST_HYPHENS = 5
_LONGEST_TOKEN = 40


def restore_lost_horns(text: str) -> str:
    """Return decoded TCVN3 with ư for the hyphens that make Vietnamese syllables of their words."""
    return _WORD.sub(_restored, text) if _HYPHEN.search(text) else text


def _restored(token: re.Match[str]) -> str:
    written = token[0]
    hyphens = _HYPHEN.findall(written)
    is_likely = 0 < len(hyphens) <= _MOST_HYPHENS and 1 < len(written) <= _LONGEST_TOKEN
    if not is_likely:
        return written
    parts = _HYPHEN.split(written)
    before = token.string[max(token.start() - 1, 0) : token.start()]
    after = token.string[token.end() : token.end() + 1]
    may_stay = _are_syllables(parts) and not _BEFORE_HORN.search(written)
    if before.isdigit() or after.isdigit() or may_stay:
        return written
    # As few hyphens as possible stay: the letter is frequent, and they are rare.
    for kept in sorted(product((False, True), repeat=len(hyphens)), key=sum):
        signs = [hyphen if stays else "ư" for hyphen, stays in zip(hyphens, kept, strict=True)]
        pairs = zip(signs, parts[1:], strict=True)
        candidate = parts[0] + "".join(sign + part for sign, part in pairs)
        if _are_syllables(_HYPHEN.split(candidate)):
            return candidate
    return written


def _are_syllables(words: list[str]) -> bool:
    return all(word and is_syllable(word) for word in words)
