"""Readable phrases: which completions may be read aloud, by their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.name_words import BODIES, SURNAMES, TITLES

FUNCTION_WORDS: Final = frozenset(
    "và của là các những được cho với trong tại từ đến để khi này đó đã sẽ đang bị do theo có cũng "
    "như nhưng mà thì ở về vào ra lên hay hoặc nếu vì nên rằng bởi tới dưới qua mỗi mọi rất quá "
    "lại còn vẫn chỉ vừa mới giữa cùng nhiều thêm cả đều ấy kia nào gì ai đâu sao thế vậy nhau "
    "mình nó họ cái chiếc phải cần muốn".split()
)
"""Words that neither begin nor end a phrase that stands alone."""

GOVERNING: Final = frozenset(
    "của tại ở với từ đến tới cho về trong giữa theo bởi do vào qua dưới để cùng các những".split()
)
"""Function words that a completion may begin with if they were typed: a phrase follows them."""

_ROMAN: Final = re.compile(r"[ivx]+", re.IGNORECASE)

PREPOSITIONS: Final = frozenset(
    "trên trong tại với về cho của và các những một theo từ ở vào là bằng giữa do qua bởi đến như "
    "mỗi mọi hai ba này nhiều để cùng vụ cuộc việc sự con chiếc cái bức tấm ông bà anh chị "
    "cô".split()
)
"""Prepositions and classifiers: they stand before anything, so that nothing belongs to them."""

_ENDLESS: Final = frozenset("không việc sự một người trước sau trên ngoài con hơn đi làm".split())
"""Words that end none but may begin one: `không khí`, `người dân`."""

_NO_ENDS: Final = FUNCTION_WORDS | _ENDLESS

_ACCUSED: Final = frozenset(
    ("bị cáo", "bị can", "nghi can", "nghi phạm", "đối tượng", "nạn nhân", "bệnh nhân", "tên")
)
_BEFORE_NAMES: Final = (
    frozenset(word for entry in (TITLES | BODIES) - _ACCUSED for word in entry.split())
    | frozenset("nguyên cựu tân quyền quốc hội nước".split())
) - {"ảnh"}
"""Syllables of what may stand before a person's name; a picture's credit does as well."""

CRIME_WORDS: Final = frozenset(
    "giết hiếp dâm cướp trộm lừa bắt tội án khởi tố tử tù ma túy tuý nghi hung thủ đánh bạc truy "
    "nã tham ô nhũng cáo bị can phạm mại dâm tạm giam giữ".split()
) - frozenset(("thủ", "tử", "ô", "nghi", "cáo", "án", "giữ", "can", "mại", "ma", "đánh"))
"""Syllables of crimes that few other words have."""


def is_readable(words: Sequence[str]) -> bool:
    """Tell whether a phrase with its capitals may be read aloud: no fragment, no accusation.

    Of a person only the name and an office may be said.
    """
    if not has_whole_ends(words):
        return False
    start = person_start(words)
    if start is not None:
        before = {word.lower() for word in words[:start]}
        return before <= _BEFORE_NAMES and all(word[:1].isupper() for word in words[start:])
    has_name = any(word[:1].isupper() for word in words)
    return not (has_name and CRIME_WORDS.intersection(words)) and not is_credit(words)


def has_whole_ends(words: Sequence[str]) -> bool:
    """Tell whether no function word begins or ends a phrase of several words."""
    if len(words) == 1:
        return True
    return words[0] not in FUNCTION_WORDS and words[-1] not in _NO_ENDS


def governing_words(words: Sequence[str]) -> int:
    """Return how many function words a phrase begins with behind which one may stand."""
    return next((place for place, word in enumerate(words) if word not in GOVERNING), len(words))


def is_number(word: str) -> bool:
    """Tell whether a word is a figure or a Roman numeral: `từ ngày 1` may go on as a date."""
    return word.isdecimal() or _ROMAN.fullmatch(word) is not None


def person_start(words: Sequence[str]) -> int | None:
    """Return where a Vietnamese person's name begins in words with capitals; None without one."""
    for position, word in enumerate(words[:-1]):
        is_surname = word[:1].isupper() and word.lower() in SURNAMES
        if is_surname and words[position + 1][:1].isupper():
            return position
    return None


def is_credit(words: Sequence[str]) -> bool:
    """Tell whether words are from the credit of a picture: `ảnh` beside a capital."""
    return "ảnh" in map(str.lower, words) and any(word[:1].isupper() for word in words[1:])
