"""Records hold what the embedded engine keeps of the same documents."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from archive.errors import EngineError
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field, Passage, Zone
from indexer.opensearch_engine.document_records import RecordBuilder
from indexer.opensearch_engine.field_lengths import coded_length, counted_length
from indexer.opensearch_engine.mapping import (
    COUNTED_FIELDS,
    FILLER,
    FREQUENCY,
    POSITIONS_OF,
    SECTIONS,
    TEXT_FIELDS,
)
from indexer.opensearch_engine.stored_words import read_words
from indexer.vietnamese.syllables import folded_form
from indexer.whoosh_engine.format.schema import FIELDS_WITH_POSITIONS, text_of
from tests.engine_contract.contract_documents import CORPUS, body
from tests.indexer.opensearch_engine.random_documents import documents_of
from tests.oracle.stock_writer import document_postings
from tests.oracle.test_oracle import random_document


def read_frequency_lines(text: str) -> dict[str, int]:
    rows = (line.partition(FREQUENCY) for line in text.split("\n"))
    return {word: int(count or 1) for word, _, count in rows}


def counted(record: dict[str, Any], field: Field) -> dict[str, int]:
    """The terms of a counted field with their frequencies, without the fillers."""
    frequencies = read_frequency_lines(record[field.value]) if field.value in record else {}
    return {text: count for text, count in frequencies.items() if not text.startswith(FILLER)}


def placed(record: dict[str, Any], field: Field) -> dict[str, list[int]]:
    """The terms of a field with positions: their positions, passages far apart."""
    positions: dict[str, list[int]] = {}
    base = 0
    passages = list(record.get(POSITIONS_OF[field], []))
    if field in TEXT_FIELDS:
        for section in record.get(SECTIONS, []):
            passages += section.get(POSITIONS_OF[field], [])
    for passage in passages:
        lines = passage.split("\n")
        for offset, line in enumerate(lines):
            for text in line.split(FREQUENCY):
                text = folded_form(text) if field is Field.FOLDED else text
                positions.setdefault(text, []).append(base + offset)
        base += len(lines) + 100
    positions.pop(FILLER, None)
    return positions


def neighbours(positions: dict[str, list[int]]) -> Counter[tuple[tuple[str, ...], ...]]:
    """The terms of each position and of the next one, whatever the order of passages is."""
    by_position: dict[int, set[str]] = {}
    for text, places in positions.items():
        for place in places:
            by_position.setdefault(place, set()).add(text)
    return Counter(
        tuple(tuple(sorted(by_position.get(each, ()))) for each in (place, place + 1))
        for place in by_position
    )


def of_whoosh(document: Document, field: Field) -> dict[str, tuple[int, list[int]]]:
    """The terms of a field as Whoosh's posting lists have them."""
    postings = document_postings(document)[field]
    return {text_of(field, key): tuple(posting) for key, posting in postings.items()}


DOCUMENTS = [
    *CORPUS,
    *documents_of(60, seed=3),
    *(random_document(random.Random(number), number) for number in range(20)),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.identifier)
def test_records_hold_whooshs_postings(document: Document) -> None:
    record = RecordBuilder().build(document)
    assert msgspec.json.decode(RecordBuilder().encode(document)) == msgspec.to_builtins(record)
    for field in Field:
        postings = of_whoosh(document, field)
        frequencies = {text: frequency for text, (frequency, _) in postings.items()}
        if field in COUNTED_FIELDS:
            assert counted(record, field) == frequencies
            length = sum(frequencies.values())
            lines = read_frequency_lines(record[field.value]) if length else {}
            assert sum(lines.values()) == coded_length(length) if length else not lines
            assert len(lines) == (length + 1 if length else 0)  # tells the average length
        if field in FIELDS_WITH_POSITIONS:
            positions = {text: places for text, (_, places) in postings.items()}
            assert neighbours(placed(record, field)) == neighbours(positions)


def test_words_are_those_of_the_text_without_weights() -> None:
    record = RecordBuilder().build(CORPUS[0])
    words = read_words(record["words"])
    assert words.in_text["an"] == 2  # in the title and in a heading
    assert "2022-12-19" not in words.in_text
    assert sum(words.in_text.values()) == 6 + 5 + 2 + 12 + 10 + 5 + 7
    assert words.in_field == counted(record, Field.EXACT)
    assert words.in_field["an"] == 4
    assert words.length == counted_length(sum(words.in_field.values()))


def test_sections_are_those_of_speakers() -> None:
    sections = RecordBuilder().build(CORPUS[0])["sections"]
    assert [section["person"] for section in sections] == [
        ["ngo\nthanh\nbinh"],
        ["nguyen\nkim\nanh"],
    ]
    assert "điện\nbiên" in sections[0]["exact_at"][1]
    assert "sections" not in RecordBuilder().build(CORPUS[1])


BAD: tuple[dict[str, Any], ...] = (
    {"version": -1},
    {"version": 1 << 63},
    {"published": 1 << 63},
    {"published": "today"},
    {"identifier": None},
    {"identifier": ""},
    {"identifier": "x" * 513},
    {"publisher": 7},
    {"publisher": "\ud800"},
    {"authors": (None, 3)},
    {"passages": (Passage(Zone.BODY, ("tốt", None)),)},  # type: ignore[arg-type]
    {"passages": (Passage(Zone.BODY, ("tốt", "hai chữ")),)},
    {"passages": (Passage(Zone.BODY, ("tốt", "")),)},
    {"passages": (Passage(Zone.BODY, ("tốt\n",)),)},
    {"passages": (Passage(Zone.BODY, (f"tốt{FREQUENCY}9",)),)},
    {"passages": (Passage(Zone.BODY, (FILLER,)),)},
    {"passages": (Passage(Zone.BODY, ("\ud800",)),)},
    {"passages": (Passage(Zone.BODY, ("tốt",), ((-1, "x"),)),)},
    {"passages": (Passage(Zone.BODY, ("tốt",), ((1, "x"),)),)},
    {"passages": (Passage(Zone.BODY, ("tốt",), ((0, ["x"]),)),)},  # type: ignore[arg-type]
    {"passages": (Passage(300, ("tốt",)),)},  # type: ignore[arg-type]
    {"passages": (Passage(Zone.BODY, ("tốt",), (), -4),)},
    {"passages": None},
)


@pytest.mark.parametrize("bad", BAD, ids=ascii)
def test_a_bad_document_is_refused(bad: dict[str, Any]) -> None:
    builder = RecordBuilder()
    unchanged = builder.encode(CORPUS[0])
    with pytest.raises(EngineError, match="cannot be indexed"):
        builder.encode(replace(body("bad", "cũ"), **bad))
    assert builder.encode(CORPUS[0]) == unchanged
