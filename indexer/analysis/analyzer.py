"""Tokenize text into terms with positions: one analyzer for documents, queries and highlights.

A word is a run of letters or digits; a Vietnamese word of two syllables is two words here, and
meets in the bigrams of the index. Numbers, dates and names that go across punctuation or blanks
give extra terms at the position of their first word:

- grouped and decimal numbers are one word (`1.088` is `1088`, `16,67` is `16.67`);
- dates (`19/12/2022`, `ngày 19 tháng 12 năm 2022`) add `2022-12-19`, `2022-12` and `19/12`;
- `TP.HCM` and `TP HCM` add `tphcm`; hyphenated names (`Mát-xcơ-va`) add the joined name;
- legal numbers (`13/2023/NĐ-CP`) add the whole number;
- `30/4` (`ngày 30.4`), `3-1`, `3 - 1`, `30%` (`30 phần trăm`), `H&M`, `C++`, `C#` and parted
  phone numbers add the whole;
- ordinals after words such as `quý`, `thế kỷ`, `đại hội` (`quý I`, `quý 1`) add `quý1`.

There is no list of stop words and no shortest length: every syllable means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import NamedTuple

from indexer.analysis.fields import Passage, Zone
from indexer.vietnamese.multi_word_terms import (
    SPANNING,
    joined_terms,
    number_term,
    signed_term,
    spanning_terms,
)
from indexer.vietnamese.syllables import exact_form, folded_form

ANALYZER = "vi-3"
"""The version of the analysis: an index made with another one has to be rebuilt."""

LONGEST_TERM = 64
"""Letters of a term; longer runs (addresses, noise) are cut here, in documents as in queries."""

_MEMO_LIMIT = 1_000_000
"""Runs that an indexer remembers, some 470 bytes each."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: its place (offsets into the canonical text), forms and extra terms."""

    start: int
    end: int
    exact: str
    folded: str
    extras: tuple[str, ...] = ()


class _AnalyzedRun(NamedTuple):
    """The words of a run of text: offsets in it, exact forms, and extra terms by position."""

    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    extras: tuple[tuple[int, str], ...]


_RUN = re.compile(
    r"(?<!\S)(?<![-–] )\(?\d{1,3} [-–] \d{1,3}(?:%| %)?(?![/.,\-–]?\w| [-–])[^\s\w]*|\S*\d %\S*|\S+"
)
"""A run of text without blanks (but in `30 %`, `20 - 30`): words with punctuation around them."""

_BLANK_IN_RUN = re.compile(r"\d (?:%|[-–] \d)")
"""What every run that holds a blank has in it."""

_WORD = re.compile(r"[^\W_]+")
_PUNCTUATION = ".,;:!?…\"'“”‘’()[]-–/&"
"""Characters before and after words; no letter and no digit is among them."""

_CHUNK = re.compile(r"[^\W_]+(?: [-–] \d+)?(?:[.,/\-–'’&][^\W_]+)*(?: ?%|\+\+|[+#](?![^\W_]))?")
"""Words of a run with nothing but joining punctuation between them, and a sign after them."""


@dataclass(slots=True)
class Analyzer:
    """A tokenizer with a memo of analyzed runs, so that a common word costs one look-up.

    Not locked: two threads may analyze the same run twice, which does no harm.

    Attributes:
        memo_limit: The runs that are remembered, and the words.
        _words: Run -> exact form, of the runs that are one word without extra terms.
        _runs: Run -> its words, of all short runs.
        _folded: Exact form -> folded form.
    """

    memo_limit: int = _MEMO_LIMIT
    _words: dict[str, str] = field(default_factory=dict)
    _runs: dict[str, _AnalyzedRun] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def tokens(self, text: str) -> list[Token]:
        """Return the words of canonical text with offsets, forms and extra terms."""
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        extras: list[tuple[int, str]] = []
        for match in _RUN.finditer(text):
            run, offset, first = self._analyze(match.group()), match.start(), len(words)
            words += run.words
            spans += [(offset + start, offset + end) for start, end in run.spans]
            extras += [(first + position, extra) for position, extra in run.extras]
        spanning = [position for position, word in enumerate(words) if word in SPANNING]
        extras += spanning_terms(words, spanning)
        by_position: dict[int, list[str]] = {}
        for position, extra in extras:
            by_position.setdefault(position, []).append(extra)
        return [
            Token(start, end, word, self.folded(word), tuple(by_position.get(position, ())))
            for position, ((start, end), word) in enumerate(zip(spans, words, strict=True))
        ]

    def word_token(self, word: str) -> Token:
        """Return the token of a run of nothing but letters and digits, which is one word."""
        exact = self._words.get(word) or _term(word)
        return Token(0, len(word), exact, self.folded(exact))

    def passage(self, zone: Zone, text: str, section: int = 0) -> Passage:
        """Return the words of canonical text as an engine indexes them."""
        runs = _split_runs(text)
        # Nearly every run is one common word: those are looked up all at once.
        words = list(map(self._words.get, runs, repeat("")))
        extras: list[tuple[int, str]] = []
        spanning: list[int] = []
        # `shift` is the number of words by which `words` has outgrown `runs` so far.
        position, shift = -1, 0
        for _ in range(words.count("")):
            position = words.index("", position + 1)
            run = runs[position - shift]
            _, run_words, run_extras = self._runs.get(run) or self._analyze(run)
            if len(run_words) == 1:
                word = words[position] = run_words[0]
                if word in SPANNING:
                    spanning.append(position)
            else:
                words[position : position + 1] = run_words
                spanning += [position + i for i, word in enumerate(run_words) if word in SPANNING]
            if run_extras:
                extras += [(position + i, extra) for i, extra in run_extras]
            grown = len(run_words) - 1
            shift += grown
            position += grown
        if spanning:
            extras += spanning_terms(words, spanning)
        return Passage(zone, tuple(words), tuple(extras), section)

    def words(self, run: str) -> Iterator[tuple[tuple[int, int], str]]:
        """Return the offsets and the exact form of each word of a run without blanks."""
        analyzed = self._analyze(run)
        return zip(analyzed.spans, analyzed.words, strict=True)

    def folded(self, exact: str) -> str:
        """Return the folded form of an exact form."""
        form = self._folded.get(exact)
        if form is None:
            if len(self._folded) >= self.memo_limit:
                self._folded.clear()
            form = self._folded[exact] = folded_form(exact)
        return form

    @property
    def memo_size(self) -> int:
        """The number of memoized runs that are one word."""
        return len(self._words)

    def export_memo(self, since: int = 0) -> list[tuple[str, str]]:
        """Return memoized (run, exact form) of one word each, without the first `since` ones."""
        return list(islice(self._words.items(), since, None))

    def import_memo(self, words: Iterable[tuple[str, str]]) -> None:
        """Add the exported memo of another analyzer of this version."""
        self._words.update(islice(words, max(0, self.memo_limit - len(self._words))))

    def _analyze(self, run: str) -> _AnalyzedRun:
        """Return the words of a run without blanks, memoized."""
        analyzed = self._runs.get(run)
        if analyzed is None:
            if len(self._runs) >= self.memo_limit:
                self._runs.clear()
                self._words.clear()
            analyzed = self._analyze_word(run) or _analyze_run(run)
            if len(run) <= LONGEST_TERM:
                self._runs[run] = analyzed
                if len(analyzed.words) == 1 and not analyzed.extras:
                    if analyzed.words[0] not in SPANNING:
                        self._words[run] = analyzed.words[0]
        return analyzed

    def _analyze_word(self, run: str) -> _AnalyzedRun | None:
        """Return the word of a run that is one word in punctuation, as most are, else None."""
        word = run.strip(_PUNCTUATION)
        if not word.isalnum():
            return None
        start = run.index(word)
        exact = self._words.get(word) or _term(word)
        return _AnalyzedRun(((start, start + len(word)),), (exact,), ())


def _split_runs(text: str) -> list[str]:
    # To split is faster than to match, `30 %` is rare, and so is even a blank before such a sign.
    may_hold_blank = " %" in text or " -" in text or " –" in text
    is_matched = may_hold_blank and _BLANK_IN_RUN.search(text)
    return _RUN.findall(text) if is_matched else text.split()


def _term(word: str) -> str:
    return exact_form(word[:LONGEST_TERM])


def _analyze_run(run: str) -> _AnalyzedRun:
    """Return the words of the chunks of a run, without the punctuation around the chunks."""
    spans: list[tuple[int, int]] = []
    words: list[str] = []
    extras: list[tuple[int, str]] = []
    for match in _CHUNK.finditer(run):
        text = match.group().rstrip(" %+#")
        chunk, offset, first = _analyze_chunk(text), match.start(), len(words)
        sign = match.group()[len(text) :].lstrip()
        spans += [(offset + start, offset + end) for start, end in chunk.spans]
        words += chunk.words
        extras += [(first + position, extra) for position, extra in chunk.extras]
        if sign and (term := signed_term(words[-1], sign)):
            extras.append((len(words) - 1, term))
    return _AnalyzedRun(tuple(spans), tuple(words), tuple(extras))


def _analyze_chunk(chunk: str) -> _AnalyzedRun:
    if chunk.isalnum():
        return _AnalyzedRun(((0, len(chunk)),), (_term(chunk),), ())
    if len(chunk) > LONGEST_TERM:
        # Noise or an address: its words count, but it joins into nothing.
        return _split_chunk(chunk, ())
    number = number_term(chunk)
    if number:
        return _AnalyzedRun(((0, len(chunk)),), (number,), ())
    return _split_chunk(chunk, joined_terms(chunk))


def _split_chunk(chunk: str, joined: Iterable[str]) -> _AnalyzedRun:
    """Return the words of a chunk, with the terms that it joins into at its first word."""
    matches = list(_WORD.finditer(chunk))
    spans = tuple(match.span() for match in matches)
    words = tuple(_term(match.group()) for match in matches)
    return _AnalyzedRun(spans, words, tuple((0, exact_form(term)) for term in joined))
