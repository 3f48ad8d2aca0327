"""Documents as records: what is sent to the cluster for each, by arithmetic alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from archive.errors import EngineError
from indexer.analysis.documents import Document
from indexer.analysis.fields import ZONE_WEIGHTS, Field, Passage, Zone
from indexer.engine.queries import Column
from indexer.opensearch_engine.field_lengths import (
    MOST_FILLERS,
    coded_length,
    counted_length,
    kept_length,
    padded_length,
)
from indexer.opensearch_engine.mapping import (
    COUNTED_FIELDS,
    COVERAGE_FIELDS,
    FILLER,
    FREQUENCY,
    IDENTIFIER,
    PART_FIELDS,
    SECTIONS,
    STORED_WORDS,
    TITLE_LENGTH,
    VERSION,
    value_field,
)
from indexer.opensearch_engine.stored_words import StoredWords, write_words
from indexer.vietnamese.syllables import folded_form

_NO_WORD: Final = re.compile(r"[\s\x00-\x1f]|^$")
_MEMO_LIMIT: Final = 1_000_000
_LAST_NUMBER: Final = (1 << 63) - 1

_OWN_FIELD: Final = {
    Zone.BYLINE: Field.AUTHOR,
    Zone.PERSON: Field.PERSON,
    Zone.PUBLISHER: Field.PUBLISHER,
    Zone.CATEGORY: Field.CATEGORY,
}
"""Zones whose folded words have a field of their own; titles have two."""


class FoldedWords(dict[str, str]):
    """Exact word -> its folded form, remembered.

    Raises:
        ValueError: what is looked up is more than one word, or none.
    """

    def __missing__(self, word: str) -> str:
        if _NO_WORD.search(word):
            raise ValueError(f"{word!r} is more than one word, or none")
        word.encode()  # half a letter cannot be sent
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        folded = self[word] = folded_form(word)
        return folded


@dataclass(slots=True)
class _DocumentTerms:
    """The terms of a document while its passages are gone through.

    Attributes:
        counts: field -> term -> weighted frequency.
        placed: field of the index -> its passages, each a line of positions.
        sections: number -> field of the index -> passages.
        words: exact word -> how often it stands in the text.
    """

    counts: dict[Field, Counter[str]] = field(
        default_factory=lambda: {field: Counter() for field in COUNTED_FIELDS}
    )
    placed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sections: defaultdict[int, defaultdict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    words: Counter[str] = field(default_factory=Counter)


class RecordBuilder:
    """A builder of records; it remembers folded forms, and is for one thread."""

    def __init__(self) -> None:
        """Begin without memories."""
        self._folded = FoldedWords()

    def build(self, document: Document) -> dict[str, Any]:
        """Return the record of a document.

        Raises:
            EngineError: it holds what no document can hold.
        """
        try:
            return self._build(document)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise EngineError(f"{document!r:.200} cannot be indexed: {error}") from error

    def encode(self, document: Document) -> bytes:
        """Return the record of a document as JSON in one line; raises as `build` does."""
        record = self.build(document)
        try:
            return msgspec.json.encode(record)
        except (TypeError, ValueError) as error:
            raise EngineError(f"{document!r:.200} cannot be indexed: {error}") from error

    def folded(self, word: str) -> str:
        """Return the folded form of an exact word."""
        return self._folded[word]

    def dictionary_words(self, document: Document) -> set[str]:
        """Return the exact words of a document, extra terms included."""
        words: set[str] = set()
        for passage in document.passages:
            words.update(passage.words)
            words.update(text for _, text in passage.extras)
        return words

    def _build(self, document: Document) -> dict[str, Any]:
        terms = _DocumentTerms()
        for passage in document.passages:
            self._add_passage(terms, passage)
        spoken = _take_sections(terms)
        record: dict[str, Any] = {
            IDENTIFIER: _checked_identifier(document.identifier),
            VERSION: _checked_number(document.version, 0),
            **{
                field.value: _counted_lines(counts)
                for field, counts in terms.counts.items()
                if counts
            },
            **terms.placed,
            **{
                field.value: _with_filler(terms.placed.get(field.value, ()))
                for field in PART_FIELDS
            },
            **_title_values(terms.placed),
            **_column_values(document),
        }
        if terms.words:
            counts = terms.counts[Field.EXACT]
            length = counted_length(counts.total())
            record[STORED_WORDS] = write_words(StoredWords(length, terms.words, counts))
        if spoken:
            record[SECTIONS] = spoken
        return record

    def _add_passage(self, terms: _DocumentTerms, passage: Passage) -> None:
        exact = passage.words
        folded = [self._folded[word] for word in exact]
        zone = Zone(passage.zone)
        own_field = _OWN_FIELD.get(zone)
        if own_field is not None:
            terms.placed[own_field.value].append("\n".join(folded))
        if zone is Zone.PERSON:
            terms.sections[passage.section]["person"].append("\n".join(folded))
        weight = ZONE_WEIGHTS.get(zone)
        if weight is None:
            return
        terms.words.update(exact)
        exact_extras = [text for _, text in passage.extras]
        folded_extras = [self._folded[text] for text in exact_extras]
        _count(terms.counts[Field.EXACT], [*exact, *exact_extras], weight)
        _count(terms.counts[Field.FOLDED], [*folded, *folded_extras], weight)
        _count(terms.counts[Field.EXACT_PAIRS], _pairs(exact), weight)
        _count(terms.counts[Field.PAIRS], _pairs(folded), weight)
        positions = [position for position, _ in passage.extras]
        line = _placed_lines(exact, positions, exact_extras)
        if zone is Zone.TITLE:
            folded_line = _placed_lines(folded, positions, folded_extras)
            terms.placed[Field.TITLE.value].append(folded_line)
            terms.placed[Field.TITLE_EXACT.value].append(line)
        if passage.section < 0:
            raise ValueError("a section has a negative number")
        place = terms.sections[passage.section] if passage.section else terms.placed
        place["exact_at"].append(line)


def _take_sections(terms: _DocumentTerms) -> list[dict[str, list[str]]]:
    """Return the sections of named persons; the words of others are the document's own."""
    spoken = []
    for passages in terms.sections.values():
        if "person" in passages:
            spoken.append(dict(passages))
        else:
            terms.placed["exact_at"] += passages["exact_at"]
    return spoken


def _with_filler(passages: Sequence[str]) -> list[str]:
    """Return the passages of a part of a document, with fillers where no phrase meets them."""
    length = sum(len(re.split(f"[\n{FREQUENCY}]", passage)) for passage in passages)
    missing = padded_length(length) - length if length else 0
    return [*passages, FREQUENCY.join([FILLER] * (1 + missing))]


def _count(counts: Counter[str], texts: Iterable[str], weight: int) -> None:
    if weight == 1:
        counts.update(texts)
    else:
        for text in texts:
            counts[text] += weight


def _pairs(words: Sequence[str]) -> Iterable[str]:
    return map(" ".join, zip(words, words[1:], strict=False))


def _counted_lines(counts: Counter[str]) -> str:
    """Return terms with frequencies, and fillers that tell the length; see `field_lengths`."""
    length = counts.total()
    repeated = min(length - len(counts), MOST_FILLERS)
    missing = coded_length(length) - length - repeated
    fillers = [(f"{FILLER}{number}", 1) for number in range(repeated)]
    return _frequency_lines([*counts.items(), *fillers, (FILLER, missing)])


def _frequency_lines(items: Iterable[tuple[str, int]]) -> str:
    return "\n".join(text if count == 1 else f"{text}{FREQUENCY}{count}" for text, count in items)


def _placed_lines(words: Sequence[str], positions: Sequence[int], extras: Sequence[str]) -> str:
    """Return words at their positions, with the extra terms of each position."""
    if not extras:
        return "\n".join(words)
    lines = list(words)
    for position, extra in zip(positions, extras, strict=True):
        if position < 0:
            raise ValueError("an extra term has a negative position")
        lines[position] += FREQUENCY + extra
    return "\n".join(lines)


def _title_values(placed: dict[str, list[str]]) -> dict[str, Any]:
    """Return the different words and the length of a title."""
    values: dict[str, Any] = {}
    for field_, name in COVERAGE_FIELDS.items():
        if field_.value in placed:
            lines = "\n".join(placed[field_.value])
            texts = lines.replace(FREQUENCY, "\n").split("\n")
            values[name] = list(dict.fromkeys(texts))
            values[TITLE_LENGTH] = kept_length(len(texts))
    return values


def _column_values(document: Document) -> dict[str, Any]:
    """Return the doc values, without empty and repeated ones."""
    columns = {
        Column.MONTH: (document.month,),
        Column.PUBLISHER: (document.publisher,),
        Column.CATEGORY: (document.category,),
        Column.AUTHOR: document.authors,
        Column.PERSON: document.people,
        Column.STATE: (document.state,),
    }
    values: dict[str, Any] = {}
    for column, texts in columns.items():
        texts = tuple(text for text in dict.fromkeys(texts) if text)
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"{texts!r} is no text")
        if texts:
            values[value_field(column)] = list(texts)
    if document.published is not None:
        values[value_field(Column.PUBLISHED)] = _checked_number(document.published, -_LAST_NUMBER)
    return values


def _checked_identifier(identifier: str) -> str:
    if not isinstance(identifier, str) or not 0 < len(identifier.encode()) <= 512:
        raise ValueError(f"{identifier!r} is no identifier")
    return identifier


def _checked_number(number: int, least: int) -> int:
    if not isinstance(number, int) or not least <= number <= _LAST_NUMBER:
        raise ValueError(f"{number!r} is no number of 64 bits")
    return number
