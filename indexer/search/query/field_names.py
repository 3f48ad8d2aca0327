"""The names of fields in a query, and how the name of an unknown field is told from a word."""

from __future__ import annotations

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

DATE_KEYS: Final = frozenset({"date", "ngay"})
LOOKUP_KEYS: Final = frozenset({"url", "id"})
"""Fields that name one article."""

KNOWN_NAMES: Final = "title, author, person, publisher, category, date, url, id"

_OTHER_SYSTEMS: Final = frozenset(
    "after allintext allintitle allinurl before body byline cache content created db defined "
    "ext feed filename filetype format from has host inanchor inbody intext intitle inurl is "
    "keyword keywords lang language link location modified near newer older page path "
    "published related section since site sort source subject summary tag tags text topic "
    "type until updated user".split()
)
"""Names of fields in other search systems."""


def field_key(name: str) -> str:
    """Return a name as it is looked up: without diacritics, hyphens and underscores."""
    return fold(name).replace("-", "").replace("_", "")


def is_known(name: str) -> bool:
    """Tell whether a name is a field of this archive."""
    key = field_key(name)
    return key in FIELDS or key in DATE_KEYS or key in LOOKUP_KEYS


def is_unknown_field(name: str) -> bool:
    """Tell whether a name directly before a colon and a value is meant as a field.

    It is one of another search system, or an identifier in small ASCII letters that is no
    Vietnamese syllable. `Điều 5:khoản`, `TP.HCM:mưa` and `gia vang:tang` have no field.
    """
    if not name.isascii() or is_bare_syllable(name.lower()):
        return False
    return field_key(name) in _OTHER_SYSTEMS or (name.islower() and len(name) > 2)
