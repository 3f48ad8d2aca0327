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
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import NamedTuple

from indexer.analysis.fields import Passage, Zone
from indexer.vietnamese.multi_word_terms import SPANNING, joined_terms, number_term, spanning_terms
from indexer.vietnamese.syllables import exact_form, folded_form

ANALYZER = "vi-2"
"""The version of the analysis: an index made by another one has to be rebuilt."""

LONGEST_TERM = 64
"""Letters of a term; longer runs (addresses, noise) are cut here, in documents as in queries."""

_MEMO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its place (offsets into the canonical text), forms and extra terms."""

    start: int
    end: int
    exact: str
    folded: str
    extras: tuple[str, ...] = ()


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
