"""Numbers in words: `mười chín` is 19, `hai nghìn không trăm hai mươi hai` is 2022."""

from __future__ import annotations

import re

from indexer.vietnamese.normalization import fold_canonical

_DIGITS = {
    **{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5},
    **{"nhăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
}
_HUNDREDS, _THOUSANDS = frozenset(("trăm",)), frozenset(("nghìn", "ngàn"))
_JOINING = ("mười", "mươi", "hăm", "linh", "lẻ", *_HUNDREDS, *_THOUSANDS)

NUMBER_WORD = rf"(?:{'|'.join(sorted((*_DIGITS, *_JOINING), key=len, reverse=True))})\b"
"""A pattern of one word of a number below ten thousand."""

_YEAR_BY_DIGITS = 4

_NUMBERED_HEADS = frozenset("quận phường lớp tầng cấp chương vòng phần".split())
_FIGURES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_BARE_HEADS = frozenset(map(fold_canonical, _NUMBERED_HEADS))
_BARE_FIGURES = tuple(map(fold_canonical, _FIGURES))


def numbered_thing(first: str, second: str) -> str:
    """Return the other way to number a thing: `1` of *quận một*, `một` of *quận 1*; or nothing.

    Args:
        first: the exact form of a word, with its diacritics or bare.
        second: that of the next one.
    """
    is_marked = first in _NUMBERED_HEADS
    if not is_marked and first not in _BARE_HEADS:
        return ""
    if second.isdecimal():
        place = int(second) - 1 if len(second) < 3 else -1
        return _FIGURES[place] if is_marked and 0 <= place < len(_FIGURES) else ""
    words = _FIGURES if is_marked else _BARE_FIGURES
    return str(words.index(second) + 1) if second in words else ""


def number_in_words(text: str) -> int | None:
    """Return the number below ten thousand that some words say; None if they say none."""
    words = re.split(r"\s+", text.lower().strip())
    digits = [_DIGITS[word] for word in words if word in _DIGITS]
    if len(digits) == len(words) == _YEAR_BY_DIGITS:
        # `một chín bốn lăm`
        return int("".join(map(str, digits)))
    total = 0
    for units, value in ((_THOUSANDS, 1000), (_HUNDREDS, 100)):
        if len(words) > 1 and words[0] in _DIGITS and words[1] in units:
            total += _DIGITS[words[0]] * value
            words = words[2:]
    rest = _below_hundred(words) if words else 0
    return None if rest is None else total + rest


def _below_hundred(words: list[str]) -> int | None:
    match words:
        case ["mười"]:
            return 10
        case ["mười", unit] if unit in _DIGITS:
            return 10 + _DIGITS[unit]
        case ["hăm"]:
            return 20
        case ["hăm", unit] if unit in _DIGITS:
            return 20 + _DIGITS[unit]
        case ["linh" | "lẻ", unit] if unit in _DIGITS:
            return _DIGITS[unit]
        case [ten, "mươi"] if _DIGITS.get(ten, 0) > 1:
            return 10 * _DIGITS[ten]
        case [ten, "mươi", unit] | [ten, unit] if _DIGITS.get(ten, 0) > 1 and unit in _DIGITS:
            # `hai mốt` is short for `hai mươi mốt`.
            return 10 * _DIGITS[ten] + _DIGITS[unit]
        case [unit] if unit in _DIGITS:
            return _DIGITS[unit]
        case _:
            return None
