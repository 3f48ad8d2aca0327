"""Days and years in words, as documents write them, put into figures."""

from __future__ import annotations

import re

from indexer.vietnamese.number_words import NUMBER_WORD, number_in_words

_DAY = re.compile(
    rf"\b(?P<before>ngày|mồng|mùng)\s(?P<words>(?:{NUMBER_WORD}\s){{1,3}})(?=th[aá]ng\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(
    rf"(?P<before>\bnăm)\s(?P<words>(?:một|hai)(?:\s{NUMBER_WORD}){{2,8}})", re.IGNORECASE
)
_ENGLISH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINALS = {
    **{word: number for number, word in enumerate(_ENGLISH, 1)},
    **{f"twenty-{word}": number for number, word in enumerate(_ENGLISH[:9], 21)},
    **{"thirtieth": 30, "thirty-first": 31},
}
_ORDINAL = re.compile(
    rf"\b(?:(?:twenty|thirty)[- ])?(?:{'|'.join((*_ENGLISH, 'thirtieth'))})\b", re.IGNORECASE
)


def in_figures(text: str) -> str:
    """Return a text with the days and years of its dates in figures.

    `ngày mười chín tháng mười hai năm hai nghìn` has them in words, as has `December nineteenth`.
    """
    text = _YEAR.sub(_in_figures, _DAY.sub(_in_figures, text))
    return _ORDINAL.sub(_ordinal_in_figures, text)


def _in_figures(match: re.Match[str]) -> str:
    number = number_in_words(match["words"])
    return match[0] if number is None else f"{match['before']} {number} "


def _ordinal_in_figures(match: re.Match[str]) -> str:
    number = _ORDINALS.get(match[0].lower().replace(" ", "-"))
    return match[0] if number is None else str(number)
