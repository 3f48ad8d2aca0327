"""Person names: which capitalized words name a person, by what they are and what precedes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.vietnamese.alphabet import WITH_TONE
from indexer.vietnamese.name_words import (
    BODIES,
    BODY_BEGINNINGS,
    FOREIGN_BODIES,
    FORMS_OF_ADDRESS,
    FUNCTION_WORDS,
    LONGEST_TITLE,
    NAMESAKES,
    PLACES,
    PRONOUNS,
    PRONOUNS_ALONE,
    REGIONS,
    RELATIONS,
    SURNAMES,
    TITLES,
)
from indexer.vietnamese.syllables import is_syllable

_UPPER: Final = "A-ZĐÀ-ÖØ-Þ" + "".join(filter(str.isupper, WITH_TONE.values()))
_AFTER_CAPITAL: Final = (
    r"[^\W_]*(?:[.’'\-–](?=\w)[^\W_]*)*(?:(?:(?<=\b\w)|(?<=\b[CGKNPT]h)|(?<=\b[A-Z]{2}))\.)?"
)
_CAPITALIZED: Final = rf"[{_UPPER}]{_AFTER_CAPITAL}"
_PARTICLES: Final = ("al", "bin", "el", "de", "da", "van", "von")
# What begins with a set of letters is sought several times as fast as what looks behind first.
RUN: Final = re.compile(
    rf"[{_UPPER}](?<!\w.){_AFTER_CAPITAL}"
    rf"(?: (?:(?:{'|'.join(_PARTICLES)})[ \-](?=[{_UPPER}]))?{_CAPITALIZED})*"
)
"""Pattern of words with capitals in a row."""

_CAPITALIZED_END: Final = re.compile(rf"(?<!\w)(?:(?:al|el)-)?{_CAPITALIZED}$")
_WORD: Final = re.compile(r"[\w.\-/]+")
_MIDDLE_NAMES: Final = ("Văn", "Thị")
_MOST_NAME: Final = 4
_MOST_BEFORE: Final = 8
_LONGEST_BEFORE: Final = 56


_FOREIGN_LINKS: Final = frozenset(("of", "and", "the", "for"))
_ALONE_NO_PERSON: Final = TITLES | FUNCTION_WORDS | PRONOUNS | PRONOUNS_ALONE


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in a run of capitalized words.

    Attributes:
        start: number of words of the run before it.
        has_title: whether a title stands before it.
        is_whole: whether it looks like a name also without one.
        is_related: whether what stands before means another person: `vợ anh Nam`.
    """

    start: int
    has_title: bool
    is_whole: bool
    is_related: bool

    @property
    def is_certain(self) -> bool:
        """Whether it is a person's name by itself."""
        return self.has_title or self.is_whole


def run_start(text: str) -> int:
    """Return where the capitalized words begin that a text ends with; its end if there are none."""
    start = end = len(text)
    while end > 0:
        first = text.rfind(" ", 0, end) + 1
        last = text[first:end]
        # Most words have no capital at all.
        word = _CAPITALIZED_END.search(last) if last != last.lower() else None
        if word:
            start = first + word.start()
        elif start == len(text) or last not in _PARTICLES:
            break
        if word and word.start():
            break
        end = first - 1
    return start


def read_person(run: Sequence[str], before: str) -> PersonName | None:
    """Return the name of the person that ends a run of capitalized words; None if it names none.

    Args:
        run: the words.
        before: the text before them in their sentence.
    """
    left = _words_before(before[-_LONGEST_BEFORE:].lower())
    title = TITLES.ending(left)
    is_first = before.rstrip(" \"“'-–")[-1:] in ("", ".", "!", "?", "…", ":")
    start = _name_start(run, bool(title) and title not in FORMS_OF_ADDRESS, is_first)
    name = run[start:]
    if len(name) > _MOST_NAME or _is_no_person(name, is_alone=not (start or title)):
        return None
    if len(name) < len(PLACES.ending([word.lower() for word in run]).split()):
        return None
    if left and left[-1] in _FOREIGN_LINKS:
        return None
    if NAMESAKES.intersection(map(str.lower, run[:start]) if start else left[-2:]):
        return None
    words_before = [*left, *map(str.lower, run[:start])]
    is_officer = len(name) > 2 and _is_vietnamese(name) and bool(REGIONS.ending(words_before))
    is_behind_body = not is_officer and bool(BODIES.ending(words_before))
    if is_behind_body and not title and not (start and len(name) > 2):
        return None
    left += [word.lower().rstrip(".") for word in run[:start]]
    while start and not TITLES.ending(left) and (place := PLACES.ending(left)):
        del left[-len(place.split()) :]
    title = TITLES.ending(left)
    if len(name) == 1 and name[0].lower() in PLACES and title not in FORMS_OF_ADDRESS:
        return None
    left = left[: len(left) - len(title.split())]
    is_related = (not start or bool(title)) and bool(RELATIONS.ending(left))
    return PersonName(start, bool(title), _is_whole(name), is_related)


def _words_before(before: str) -> list[str]:
    """Return the last words before a name; of `ở nhà trên, bác sĩ Mai` those behind the comma."""
    clause = before.rpartition(",")[2]
    if clause.isspace():
        return TITLES.ending(_WORD.findall(before)[-_MOST_BEFORE:]).split()
    return _WORD.findall(clause)[-_MOST_BEFORE:]


def _name_start(run: Sequence[str], is_office: bool, is_first: bool) -> int:
    """Return how many words of a run precede the name: titles, places, short forms of bodies."""
    if len(run) == 1:
        return 0
    start = int(is_first and run[0].lower() in FUNCTION_WORDS)
    while start < len(run) and (length := _length_before(run[start:], is_office)):
        start += length
    # `Hướng Tân Hồ Văn Dừa`: the last words from a surname on, if they are too many.
    if len(run) - start > _MOST_NAME or not _is_vietnamese(run[start:]):
        firsts = range(max(start + 1, len(run) - _MOST_NAME), len(run) - 1)
        surnames = [first for first in firsts if _is_vietnamese(run[first:])]
        whole = [first for first in surnames if run[first + 1] in _MIDDLE_NAMES]
        start = min(whole or surnames, default=start)
    return start


def _length_before(run: Sequence[str], is_office: bool) -> int:
    """Return the length of the title, place or short form that a run begins with; 0 is none."""
    lowered = [word.lower() for word in run[:-1]]
    for length in range(min(LONGEST_TITLE, len(lowered)), 0, -1):
        words = " ".join(lowered[:length])
        if words.rstrip(".") in TITLES:
            return length
        if words in PLACES and (is_office or length > 1 or len(run) > 2):
            return length
    if lowered and len(run[0]) > 1 and run[0].isupper():
        return 1
    is_titles = bool(lowered) and set(lowered[0].strip(".").split(".")) <= TITLES
    return int(is_titles)


@lru_cache(maxsize=8192)
def _is_syllable(word: str) -> bool:
    return is_syllable(word)


def _is_vietnamese(name: Sequence[str]) -> bool:
    return len(name) > 1 and name[0].lower() in SURNAMES and all(map(_is_syllable, name))


def _is_whole(name: Sequence[str]) -> bool:
    """Tell whether words are a surname and more, or two or more words that are no syllables."""
    is_foreign = len(name) > 1 and not all(map(_is_syllable, name))
    return _is_vietnamese(name) or (is_foreign and not any(map(str.isupper, name)))


def _is_no_person(name: Sequence[str], is_alone: bool) -> bool:
    """Tell whether a name is that of a place or a body."""
    lowered = [word.lower() for word in name]
    if len(name) == 1 and lowered[0] in (_ALONE_NO_PERSON if is_alone else PRONOUNS):
        return True
    if _is_short_form(name[-1]):
        return True
    has_body = bool({lowered[0], " ".join(lowered[:2])} & BODY_BEGINNINGS)
    return bool(
        FOREIGN_BODIES.intersection(lowered)
        or (has_body and (lowered[0] != "ban" or all(map(_is_syllable, name))))
        or (len(name) > 1 and lowered[0] not in SURNAMES and PLACES.ending(lowered))
        or (len(name) > 1 and " ".join(lowered) in PLACES)
    )


def _is_short_form(word: str) -> bool:
    return len(word) > 1 and word.isupper() and "." not in word
