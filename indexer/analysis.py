"""Text to terms with positions and offsets: one analysis for documents, queries and highlights.

A word is a run of letters or digits. What belongs together across punctuation or blanks gives
extra terms at the position of its first word:

- grouped and decimal numbers are one word (`1.088` is `1088`, `16,67` is `16.67`);
- dates (`19/12/2022`, `19-12-2022`, `ngày 19 tháng 12 năm 2022`) add `2022-12-19` and `2022-12`;
- `TP.HCM` and `TP HCM` add `tphcm`; hyphenated names (`Mát-xcơ-va`) add the joined name;
- legal numbers (`13/2023/NĐ-CP`) add the whole number.

There are no stop words and no shortest length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from itertools import islice, repeat
from typing import NamedTuple

from archive.article import Article, Section
from indexer.vietnamese.compounds import SPANNING, joined_terms, number_term, spanning_terms
from indexer.vietnamese.syllable import exact_form, folded_form

ANALYZER = "vi-2"
"""The version of the analysis: an index made by another one has to be rebuilt."""

LONGEST_TERM = 64
"""Letters of a term; longer runs (addresses, noise) are cut here, in documents as in queries."""

LONGEST_HEADLINE = 25
"""Words of a title; 99.9 % of 37,000 headlines have no more."""

PASSAGE_GAP = 1
"""Positions left free between two passages, so that no pair or phrase crosses them."""

_MEMO_LIMIT = 1_000_000


class Field(StrEnum):
    """A field of terms that an engine keeps."""

    FOLDED = "folded"
    """Every word without marks, of the whole article, weighted by zone."""
    EXACT = "exact"
    """Every word with its marks (old tone style, i/y merged)."""
    PAIRS = "pairs"
    """Every two neighbouring words without marks: `cong an`."""
    EXACT_PAIRS = "exact_pairs"
    """Every two neighbouring words with marks: `công an`."""
    TITLE = "title"
    """The words of the title without marks."""
    TITLE_EXACT = "title_exact"
    """The words of the title with marks."""
    AUTHOR = "author"
    PERSON = "person"
    PUBLISHER = "publisher"
    CATEGORY = "category"


class Zone(IntEnum):
    """A part of an article; the value of `ZONE_WEIGHTS` is what one occurrence there counts."""

    TITLE = 0
    LEAD = 1
    HEADING = 2
    BODY = 3
    CAPTION = 4
    BYLINE = 5
    PERSON = 6
    PUBLISHER = 7
    CATEGORY = 8


ZONE_WEIGHTS = {
    Zone.TITLE: 3,
    Zone.LEAD: 1,
    Zone.HEADING: 1,
    Zone.BODY: 1,
    Zone.CAPTION: 1,
    Zone.BYLINE: 1,
}
"""Occurrences that one in the zone counts as, in FOLDED, EXACT, PAIRS and EXACT_PAIRS."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its place (offsets into the canonical text), forms and extra terms."""

    start: int
    end: int
    exact: str
    folded: str
    extras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words without a break, as exact forms; position is the index in `words`.

    Attributes:
        extras: (position, exact form) of the extra terms; they form no pairs.
        section: the number of the section it belongs to, from 1; 0 is none.
    """

    zone: Zone
    words: tuple[str, ...]
    extras: tuple[tuple[int, str], ...] = ()
    section: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """An article as an engine is given it.

    Passages follow one another in one line of positions, `PASSAGE_GAP` apart; those of the zones
    PERSON, PUBLISHER and CATEGORY go to their own fields only. A PERSON passage carries the
    number of the section that the person speaks in.

    Attributes:
        published: seconds since 1970-01-01T00:00Z, or None.
        month: `2022-12` in the zone of publication, or empty.
    """

    identifier: str
    version: int
    passages: tuple[Passage, ...]
    published: int | None = None
    month: str = ""
    publisher: str = ""
    category: str = ""
    authors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class _Reading(NamedTuple):
    """How a run of text is read: spans, exact forms and extras by word."""

    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    extras: tuple[tuple[int, str], ...]


_BLANKLESS = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")
_AROUND = ".,;:!?…\"'“”‘’()[]-–/&%"
"""What stands before and after words; no letter and no digit is in it."""

_CHUNK = re.compile(r"[^\W_]+(?:[.,/\-–'’&][^\W_]+)*")


@dataclass(slots=True)
class Analyzer:
    """Reads text; remembers how each chunk was read, so that a common word costs one look-up.

    Not locked: two threads may read the same chunk twice, which does no harm.
    """

    _words: dict[str, str] = field(default_factory=dict)
    _chunks: dict[str, _Reading] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def tokens(self, text: str) -> list[Token]:
        """The words of canonical text with offsets, forms and extra terms."""
        found: list[tuple[int, int, str]] = []
        extras: list[tuple[int, str]] = []
        for match in _BLANKLESS.finditer(text):
            reading = self._read(match.group())
            base, at = match.start(), len(found)
            for (start, end), word in zip(reading.spans, reading.words, strict=True):
                found.append((base + start, base + end, word))
            extras += [(at + position, extra) for position, extra in reading.extras]
        words = [word for _, _, word in found]
        extras += spanning_terms(words, [at for at, word in enumerate(words) if word in SPANNING])
        by_position: dict[int, list[str]] = {}
        for position, extra in extras:
            by_position.setdefault(position, []).append(extra)
        return [
            Token(start, end, word, self.folded(word), tuple(by_position.get(position, ())))
            for position, (start, end, word) in enumerate(found)
        ]

    def passage(self, zone: Zone, text: str, section: int = 0) -> Passage:
        """The words of canonical text as an engine is given them."""
        chunks = text.split()
        # Nearly every chunk is one common word: those are looked up all at once.
        words = list(map(self._words.get, chunks, repeat("")))
        extras: list[tuple[int, str]] = []
        spanning: list[int] = []
        at, shift = -1, 0
        for _ in range(words.count("")):
            at = words.index("", at + 1)
            reading = self._read(chunks[at - shift])
            read = reading.words
            if len(read) == 1:
                words[at] = read[0]
            else:
                words[at : at + 1] = read
            spanning += [at + i for i, word in enumerate(read) if word in SPANNING]
            if reading.extras:
                extras += [(at + position, extra) for position, extra in reading.extras]
            shift += len(read) - 1
            at += len(read) - 1
        extras += spanning_terms(words, spanning)
        return Passage(zone, tuple(words), tuple(extras), section)

    def words(self, chunk: str) -> Iterator[tuple[tuple[int, int], str]]:
        """The place and exact form of each word of a run without blanks."""
        reading = self._read(chunk)
        return zip(reading.spans, reading.words, strict=True)

    def folded(self, exact: str) -> str:
        """The folded form of an exact form."""
        form = self._folded.get(exact)
        if form is None:
            if len(self._folded) >= _MEMO_LIMIT:
                self._folded.clear()
            form = self._folded[exact] = folded_form(exact)
        return form

    @property
    def size(self) -> int:
        """How many runs without blanks are known to be one word."""
        return len(self._words)

    def known(self, since: int = 0) -> list[tuple[str, str]]:
        """Those runs and their words' exact forms as they came up; `since` are passed over."""
        return list(islice(self._words.items(), since, None))

    def know(self, words: Iterable[tuple[str, str]]) -> None:
        """Take over what another analyzer of this version knows."""
        self._words.update(islice(words, max(0, _MEMO_LIMIT - len(self._words))))

    def document(self, article: Article, version: int = 1) -> Document:
        """The whole article as an engine is given it."""
        moment = article.published
        return Document(
            identifier=article.identifier,
            version=version,
            passages=tuple(p for p in self._passages(article) if p.words),
            published=int(moment.timestamp()) if moment else None,
            month=moment.strftime("%Y-%m") if moment else "",
            publisher=article.publisher,
            category=article.category,
            authors=article.authors,
            people=article.people,
        )

    def _passages(self, article: Article) -> Iterator[Passage]:
        captions = dict.fromkeys(caption.text for caption in article.captions)
        # A caption or byline that stands among the paragraphs as well counts once.
        elsewhere = {*captions, *article.authors}
        yield from self._opening(article)
        for number, section in enumerate(article.sections, 1):
            yield self.passage(Zone.HEADING, heading_line(section), number)
            for paragraph in section.paragraphs:
                if paragraph not in elsewhere:
                    yield self.passage(Zone.BODY, paragraph, number)
            if section.speaker:
                yield self.passage(Zone.PERSON, section.speaker.name, number)
        for caption in captions:
            yield self.passage(Zone.CAPTION, caption)
        for author in dict.fromkeys(article.authors):
            yield self.passage(Zone.BYLINE, author)
        yield self.passage(Zone.PUBLISHER, article.publisher)
        yield self.passage(Zone.CATEGORY, article.category)

    def _opening(self, article: Article) -> Iterator[Passage]:
        """Title and lead; a lead that only repeats the title counts once.

        Where an article has no title, readers let its lead stand for one: that is too long for a
        headline, and its words are not to weigh as if they were one.
        """
        title = self.passage(Zone.TITLE, article.title)
        if article.lead != article.title:
            yield title
            yield self.passage(Zone.LEAD, article.lead)
        else:
            is_title = len(title.words) <= LONGEST_HEADLINE
            yield title if is_title else replace(title, zone=Zone.LEAD)

    def _read(self, chunk: str) -> _Reading:
        """How a run without blanks is read."""
        reading = self._chunks.get(chunk)
        if reading is None:
            if len(self._chunks) >= _MEMO_LIMIT:
                self._chunks.clear()
                self._words.clear()
            reading = self._one_word(chunk) or _read_blankless(chunk)
            if len(chunk) <= LONGEST_TERM:
                self._chunks[chunk] = reading
                if len(reading.words) == 1 and not reading.extras:
                    if reading.words[0] not in SPANNING:
                        self._words[chunk] = reading.words[0]
        return reading

    def _one_word(self, chunk: str) -> _Reading | None:
        """How a run is read that is one word, perhaps with punctuation around it, as most are."""
        word = chunk.strip(_AROUND)
        if not word.isalnum():
            return None
        at = chunk.index(word)
        exact = self._words.get(word) or _term(word)
        return _Reading(((at, at + len(word)),), (exact,), ())


def heading_line(section: Section) -> str:
    """The heading as the page shows it: `rank name, role: heading`."""
    speaker = section.speaker
    if speaker is None:
        return section.heading
    who = f"{speaker.rank} {speaker.name}".strip()
    who = f"{who}, {speaker.role}" if speaker.role else who
    return f"{who}: {section.heading}" if section.heading else who


def _term(word: str) -> str:
    return exact_form(word[:LONGEST_TERM])


def _read_blankless(run: str) -> _Reading:
    """A run without blanks: its chunks, with the punctuation around and between them left out."""
    spans: list[tuple[int, int]] = []
    words: list[str] = []
    extras: list[tuple[int, str]] = []
    for match in _CHUNK.finditer(run):
        reading, base, at = _read_chunk(match.group()), match.start(), len(words)
        spans += [(base + start, base + end) for start, end in reading.spans]
        words += reading.words
        extras += [(at + position, extra) for position, extra in reading.extras]
    return _Reading(tuple(spans), tuple(words), tuple(extras))


def _read_chunk(chunk: str) -> _Reading:
    if chunk.isalnum():
        return _Reading(((0, len(chunk)),), (_term(chunk),), ())
    if len(chunk) > LONGEST_TERM:
        # Noise or an address: its words count, but it joins into nothing.
        return _parts(chunk, ())
    number = number_term(chunk)
    if number:
        return _Reading(((0, len(chunk)),), (number,), ())
    return _parts(chunk, joined_terms(chunk))


def _parts(chunk: str, joined: Iterable[str]) -> _Reading:
    matches = list(_WORD.finditer(chunk))
    spans = tuple(match.span() for match in matches)
    words = tuple(_term(match.group()) for match in matches)
    return _Reading(spans, words, tuple((0, exact_form(term)) for term in joined))
