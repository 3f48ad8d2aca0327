"""Stored forms: how articles write a phrase within their sentences, with capitals and punctuation.

The phrase table knows the capitals of titles and leads alone; a few articles that hold a phrase
say the rest (`iPhone`, `31/5`), and whether punctuation parts its words. A capital beside the
phrase makes it a part of a longer name, whose capitals are not its own (`Công ty Cổ phần`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from archive.records import Article
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Phrase, Sort, Term
from indexer.engine.records import EngineQuery
from indexer.search.readable_phrases import PREPOSITIONS
from indexer.vietnamese.name_words import FORMS_OF_ADDRESS, PLACES

LEAST_ARTICLES: Final = 3
"""Articles that an offered phrase has to be in."""

MOST_READ: Final = 20
"""Articles that are looked at for a phrase."""

_MOST_SHARE: Final = 0.6
_MOST_SHARE_OF_ALL: Final = 0.5
_LONGEST_WORD: Final = 24
_BEFORE: Final = re.compile(r"(?<![^\W_])([^\W_]+) $")
_AFTER: Final = re.compile(r" ([^\W_]+)")

_MOST_OCCURRENCES: Final = 6
_MOST_REMEMBERED: Final = 20_000
_PLAIN: Final = re.compile(r" |[/.\-&+’'–]| ?- ?| ?– ?|-? ?")
_SENTENCE_START: Final = re.compile(r"(?:\A|[.!?:;…\"“”«\n•*(\[]|[-–]) ?$")


class StoredForms:
    """The stored forms of the phrases of one generation; safe to share between threads."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, ...], str | None] = {}

    def is_known(self, exact_forms: Sequence[str]) -> bool:
        """Tell whether the articles of a phrase were read already."""
        return tuple(exact_forms) in self._forms

    def find(self, exact_forms: Sequence[str], engine: Engine, store: Store) -> str | None:
        """Return how articles mostly write a phrase; None if they part its words, or none has it.

        Args:
            exact_forms: those of its words.
            engine: reads the index of the generation.
            store: keeps the articles.
        """
        key = tuple(exact_forms)
        if key not in self._forms:
            if len(self._forms) >= _MOST_REMEMBERED:
                self._forms = {}
            query = Phrase(Field.EXACT, key) if len(key) > 1 else Term(Field.EXACT, key[0])
            # The best hits would be about the phrase, and seldom write it as others do.
            hits = engine.search(EngineQuery(query, sort=Sort.NEWEST, limit=MOST_READ)).hits
            articles = store.get_many([hit.identifier for hit in hits]).values()
            self._forms[key] = _commonest_form(key, articles)
        return self._forms[key]


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """One place that holds a phrase.

    Attributes:
        form: the phrase as it is written there.
        before: the word before it, empty where punctuation is; small if it begins a sentence.
        after: the word behind it, likewise.
        is_first: whether it begins a sentence, or all is in capitals.
    """

    form: str
    before: str
    after: str
    is_first: bool

    @property
    def is_alone(self) -> bool:
        """Whether its capitals are its own, and not those of a sentence or of a longer name."""
        return not (self.is_first or self.before[:1].isupper() or self.after[:1].isupper())


def _commonest_form(exact_forms: Sequence[str], articles: Iterable[Article]) -> str | None:
    """Return the form that most articles have; None if they part its words, or are too few.

    A word that stands beside the phrase in most of the articles belongs to it, so that the phrase
    is none: of a rare one, which the phrase table may not know, these are all articles. The same
    goes for a name that mostly goes on.
    """
    words = r"([^\w]{1,3})".join(map(re.escape, exact_forms))
    pattern = re.compile(rf"(?<![^\W_]){words}(?![^\W_])", re.IGNORECASE)
    found = [list(islice(_matches(pattern, article), _MOST_OCCURRENCES)) for article in articles]
    plain = [
        [
            _occurrence(text, match)
            for text, match in matches
            if all(map(_PLAIN.fullmatch, match.groups()))
        ]
        for matches in found
    ]
    parted = sum(len(some) < len(all_) for some, all_ in zip(plain, found, strict=True))
    holders = [occurrences for occurrences in plain if occurrences]
    if len(holders) < LEAST_ARTICLES or parted > len(holders) or _has_one_neighbour(holders):
        return None
    form = _mostly_written(holders)
    return None if _is_part_of_names(form, holders) else form


def _has_one_neighbour(holders: Sequence[Sequence[_Occurrence]]) -> bool:
    """Tell whether one word that is no preposition stands beside a phrase in most articles."""
    before, after = Counter[str](), Counter[str]()
    for occurrences in holders:
        before.update({each.before.lower() for each in occurrences} - PREPOSITIONS)
        after.update({each.after.lower() for each in occurrences})
    before[""] = after[""] = 0
    share = _MOST_SHARE if len(holders) >= MOST_READ else _MOST_SHARE_OF_ALL
    return max(*before.values(), *after.values()) > share * len(holders)


def _mostly_written(holders: Sequence[Sequence[_Occurrence]]) -> str:
    """Return the form that most articles have, of places that show best whose capitals it has."""
    alone, within, first = Counter[str](), Counter[str](), Counter[str]()
    for occurrences in holders:
        alone.update({each.form for each in occurrences if each.is_alone})
        within.update({each.form for each in occurrences if not each.is_first})
        # Words that begin a sentence have a capital there whatever they are.
        first.update({_decapitalized(each.form) for each in occurrences})
    counts = alone if alone.total() >= LEAST_ARTICLES else within or first
    return max(counts, key=lambda form: (counts[form], form))


def _is_part_of_names(form: str, holders: Sequence[Sequence[_Occurrence]]) -> bool:
    """Tell whether a phrase begins or ends within names: `huyện Yên`, `Văn Lâm`.

    A place is whole whatever follows (`Tổng thống Mỹ`), and so is an acronym (`Công ty TNHH`).
    """
    words = form.split()
    is_open_left, is_open_right = _is_title(words[0]), _is_title(words[-1])
    is_open_right &= not PLACES.ending(form.lower().split())
    begun = sum(all(_begins_name(each.before) for each in some) for some in holders)
    continued = sum(all(each.after[:1].isupper() for each in some) for some in holders)
    most = _MOST_SHARE * len(holders)
    return (is_open_left and begun > most) or (is_open_right and continued > most)


def _begins_name(word: str) -> bool:
    return _is_title(word) and word.lower() not in FORMS_OF_ADDRESS


def _is_title(word: str) -> bool:
    """Tell whether a word begins with a capital and is no acronym."""
    return word[:1].isupper() and not (len(word) > 1 and word.isupper())


def _matches(pattern: re.Pattern[str], article: Article) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the matches in the running text of an article, title last."""
    texts = [article.lead if article.lead != article.title else ""]
    texts += [text for section in article.sections for text in section.paragraphs]
    for text in (*texts, article.title):
        for match in pattern.finditer(text):
            yield text, match


def _occurrence(text: str, match: re.Match[str]) -> _Occurrence:
    start, end = match.span()
    before = _BEFORE.search(text, max(0, start - _LONGEST_WORD), start)
    after = _AFTER.match(text, end, end + _LONGEST_WORD)
    word_before = before[1] if before else ""
    if before and _begins_sentence(text, before.start()):
        word_before = word_before.lower()
    is_first = _begins_sentence(text, start) or text.isupper()
    return _Occurrence(match[0], word_before, after[1] if after else "", is_first)


def _begins_sentence(text: str, start: int) -> bool:
    return _SENTENCE_START.search(text, max(0, start - 2), start) is not None


def _decapitalized(form: str) -> str:
    """Return a form without the capital of its first word, unless the next word has one too."""
    first, blank, rest = form.partition(" ")
    is_name = rest[:1].isupper() or first.isupper() or not first[1:].islower()
    return form if is_name else first.lower() + blank + rest
