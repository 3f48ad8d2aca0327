"""The names of fields in a query, and how the name of an unknown field is told from a word.

`Điều 5:khoản`, `TP.HCM:mưa`, `gia vang:tang` and `covid:19` have no field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from indexer.analysis.fields import Field
from indexer.vietnamese.normalization import fold
from indexer.vietnamese.syllables import is_bare_syllable

FIELDS: Final = {
    **{"title": Field.TITLE, "tieude": Field.TITLE},
    **{"author": Field.AUTHOR, "tacgia": Field.AUTHOR},
    **{"person": Field.PERSON, "nguoi": Field.PERSON},
    **{"publisher": Field.PUBLISHER, "nguon": Field.PUBLISHER},
    **{"category": Field.CATEGORY, "chuyenmuc": Field.CATEGORY},
}
"""The fields by their keys (`field_key`), English and Vietnamese."""

NAMES_OF_TWO_WORDS: Final = (
    *("tiêu đề", "tieu de", "tác giả", "tac gia", "chuyên mục", "chuyen muc"),
    *("từ ngày", "tu ngay", "đến ngày", "den ngay", "sau ngày", "sau ngay"),
    *("trước ngày", "truoc ngay"),
)
"""Names of fields with a blank."""

DATE_KEYS: Final = frozenset({"date", "ngay"})

_BOUNDS: Final = {
    **dict.fromkeys(("from", "since", "từ", "tu", "tungay"), "from"),
    **dict.fromkeys(("after", "sau", "saungay"), "after"),
    **dict.fromkeys(("before", "trước", "truoc", "truocngay"), "before"),
    **dict.fromkeys(("to", "until", "till", "đến", "den", "denngay"), "until"),
}
"""Fields of one end of a time, and the English word that means the same before a date."""

_ALSO_WORDS: Final = frozenset({"tu", "sau", "truoc", "to", "den"})
"""Names that are words of other sentences as well: `vốn đầu tu:10 tỷ` asks for no time."""

_LOOKS_LIKE_DATE: Final = re.compile(r"\d+[-/.]\d|[<>=\[]")
LOOKUP_KEYS: Final = frozenset({"url", "id"})
"""Fields that name one article."""

KNOWN_NAMES: Final = "title, author, person, publisher, category, date, from, to, url, id"

_LONG_KEYS: Final = tuple(key for key in (*FIELDS, *DATE_KEYS) if len(key) > 4)
"""Keys that are told from ordinary words when they are misspelt."""

_OTHER_SYSTEMS: Final = frozenset(
    "allintext allintitle allinurl body byline cache content created db defined "
    "ext feed filename filetype format has host inanchor inbody intext intitle inurl is "
    "keyword keywords lang language link location modified near newer older page path "
    "published related section site sort source subject summary tag tags text topic "
    "type updated user".split()
) | frozenset("chude chuyende ngaydang nguontin noidung tentacgia toasoan trangweb tukhoa".split())
"""Names of fields in other search systems, and others that people may expect."""


def field_key(name: str) -> str:
    """Return a name as it is looked up: without diacritics, blanks, hyphens and underscores."""
    return fold(name).replace("-", "").replace("_", "").replace(" ", "")


def is_known(name: str) -> bool:
    """Tell whether a name is a field of this archive."""
    key = field_key(name)
    return key in FIELDS or key in DATE_KEYS or key in LOOKUP_KEYS


class UnknownField(Enum):
    """What becomes of the value of a field that the archive does not have."""

    LEFT_OUT = auto()
    """The field is one of another system: its value may be no text at all."""
    SEARCHED = auto()
    """The name is misspelt, or nothing that is ever written: the value is searched for."""


def date_bound(name: str) -> str:
    """Return the word before a date that the name of a field stands for; empty if it is none.

    `tư`, `đen` and `tú` are none, though they have the same letters.
    """
    key = field_key(name)
    is_syllable = is_bare_syllable(key) and key not in ("since", "to")
    return _BOUNDS.get(name.lower() if is_syllable else key, "")


def is_date_meant(name: str, value: str) -> bool:
    """Tell whether a value behind the name of one end of a time is a date that cannot be read."""
    return name.lower() not in _ALSO_WORDS or _LOOKS_LIKE_DATE.match(value) is not None


def read_unknown_name(name: str, value: str, is_word: Callable[[], bool]) -> UnknownField | None:
    """Return what a name directly before a colon and a value is, if it is meant as a field.

    Args:
        name: no field of this archive.
        value: what is behind the colon.
        is_word: tells whether the archive writes the name as a word.
    """
    key = field_key(name)
    is_joined = name.isascii() or "-" in name or "_" in name
    if not is_joined or (is_bare_syllable(key) and key not in _OTHER_SYSTEMS):
        return None
    if key in _OTHER_SYSTEMS:
        return UnknownField.LEFT_OUT
    if any(_is_misspelt(key, known) for known in _LONG_KEYS):
        return UnknownField.SEARCHED
    # `covid:19`, `iphone:15`: a number belongs to its word.
    looks_like_field = name.islower() and name.isascii() and len(name) > 2
    if value[:1].isdigit() or not looks_like_field or is_word():
        return None
    return UnknownField.SEARCHED


def _is_misspelt(name: str, known: str) -> bool:
    """Tell whether one letter of a name is wrong, missing or too many, or two are swapped."""
    if name[0] != known[0] or abs(len(name) - len(known)) > 1:
        return False
    pairs = zip(name, known, strict=False)
    start = next((i for i, (letter, other) in enumerate(pairs) if letter != other), len(known))
    rest, known_rest = name[start:], known[start:]
    return (
        rest[1:] == known_rest[1:]
        or rest[1:] == known_rest
        or rest == known_rest[1:]
        or (rest[1::-1] == known_rest[:2] and rest[2:] == known_rest[2:])
    )
