"""Names of months and weekdays as newspapers write them: in Vietnamese and in other languages."""

from __future__ import annotations

_VIETNAMESE = {
    **{"giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7},
    **{"tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12},
}
VIETNAMESE_MONTH = "|".join(sorted(_VIETNAMESE, key=len, reverse=True))
"""A pattern of the words that stand behind `tháng`."""

ENGLISH_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
SHORT_WEEKDAY = "Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun"
"""Patterns of English names; some of the short ones are names of people as well."""

WEEKDAY = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch"
    "|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|jueves|viernes|sábado"
    "|domingo|(?:segunda|terça|quarta|quinta|sexta)-feira"
)
"""A pattern of weekdays written out."""

_NAMES = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
jänner feber maerz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
ledna února března dubna května června července srpna září října listopadu prosince
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
januari februari maret april mei juni juli agustus september oktober november desember
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
_SHORTEST = 3
"""Letters of an abbreviation."""


def _abbreviations() -> dict[str, int]:
    """Return the names and those of their beginnings that no other month has."""
    rows = [line.split() for line in _NAMES.split("\n") if line]
    names = {name: number for row in rows for number, name in enumerate(row, 1)}
    beginnings: dict[str, int] = {}
    for name, number in names.items():
        for length in range(_SHORTEST, len(name)):
            beginning = name[:length]
            same = beginnings.get(beginning, number) == number
            beginnings[beginning] = number if same else 0
    return {**{name: number for name, number in beginnings.items() if number}, **names}


_NUMBERS = _abbreviations()


def month_number(name: str) -> int | None:
    """Return the number of a month from its figures, or from the words behind `tháng`."""
    name = " ".join(name.lower().split())
    return int(name) if name.isdecimal() else _VIETNAMESE.get(name)


def month_of_word(word: str) -> int | None:
    """Return the number of a month from its name or abbreviation in another language."""
    return _NUMBERS.get(word.lower())
