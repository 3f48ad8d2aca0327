"""Readable phrases: which completions may be read aloud, by their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.vietnamese.person_names import is_readable_person

FUNCTION_WORDS: Final = frozenset(
    "và của là các những được cho với trong tại từ đến để khi này đó đã sẽ đang bị do theo có "
    "không cũng như nhưng mà thì ở về vào ra lên hay hoặc nếu vì nên rằng bởi tới trên dưới qua "
    "một mỗi mọi rất quá lại còn vẫn chỉ vừa mới sau trước ngoài giữa cùng nhiều thêm việc sự cả "
    "đều ấy kia nào gì ai đâu sao thế vậy nhau mình nó họ cái con chiếc người".split()
)
"""Words that begin or end no name, title or phrase that stands alone."""

_NOUN_BEGINNINGS: Final = frozenset(
    "con người việc sự không trước sau trên ngoài trong một".split()
)
"""Function words that begin nouns as well (con người, người dân, không khí, một số)."""

_NOUN_ENDINGS: Final = frozenset(("người", "con"))


def is_readable(words: Sequence[str]) -> bool:
    """Tell whether a phrase with its capitals is a whole one that harms no one."""
    if len(words) == 1:
        return True
    first, last = words[0], words[-1]
    if first in FUNCTION_WORDS - _NOUN_BEGINNINGS or last in FUNCTION_WORDS - _NOUN_ENDINGS:
        return False
    return is_readable_person(words) and not _is_caption(words)


def _is_caption(words: Sequence[str]) -> bool:
    """Tell whether words are from the credit of a picture: `ảnh` beside a capital."""
    return any(
        word.lower() == "ảnh" and any(other[:1].isupper() for other in words) for word in words
    )
