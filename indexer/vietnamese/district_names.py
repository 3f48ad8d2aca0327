"""District names: `Q.1` and `Q1` are quận 1, `TP.Vinh` is thành phố Vinh."""

from __future__ import annotations

import re
from typing import Final

from indexer.vietnamese.syllables import exact_form

_KINDS: Final = {
    **{"q": "quận", "p": "phường", "h": "huyện"},
    **{"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn"},
}
"""Short form of a kind of district, before a number or a name -> its word."""

_NUMBERED: Final = re.compile(r"([qp])\.?([1-9]|1\d|2\d)")

SHORT_DISTRICT_FORMS: Final = tuple(_KINDS)
"""Short forms of kinds of districts."""

OTHER_DISTRICT_FORMS: Final = {**_KINDS, **{word: short for short, word in _KINDS.items()}}
"""Either form of a kind of district -> the other one."""


def numbered_district_spellings(text: str) -> list[tuple[str, str]]:
    """Return the exact forms of a district whose short form its number is glued to: `Q1`, `p.12`.

    `quận 1` and `q 1`; nothing for any other text.
    """
    district = _NUMBERED.fullmatch(exact_form(text))
    return [(form, district[2]) for form in (_KINDS[district[1]], district[1])] if district else []
