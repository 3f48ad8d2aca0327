"""The settings and the mapping of an index: fields, analysis of terms that come analyzed, scores.

A term is sent as it is: one a line, a counted one with its frequency behind a sign. Passages are
the values of an array, so that no phrase runs from one into the next.

    folded, exact, pairs, exact_pairs    terms with weighted frequencies; scored
    exact_at                             exact words at their positions; only for phrases
    title, title_exact, author, …        words at their positions; scored
    title_words, title_exact_words       the different words of a title, for `Coverage`
    …_value, published                   doc values: filters, facets, order
    sections                             nested: what a named person said, with its words at their
                                         positions, which `exact_at` of the document then lacks
    words                                stored: how often each exact word stands in the text and
                                         in the exact field (`stored_words`)

Positions take the most room, so that they are kept once: a phrase of folded words is looked for as
the exact words that they may be.

Scores are Whoosh's BM25F by a script, with its idf; a statistic is that of all shards together
where a search asks for it (`dfs_query_then_fetch`).
"""

from __future__ import annotations

from typing import Any, Final

from indexer.analysis.fields import Field
from indexer.engine.queries import Column
from indexer.opensearch_engine.field_lengths import (
    BYTE_OFFSET,
    LENGTH_EXPONENT,
    LENGTH_SCALE,
    LONGEST_EXACT,
)
from indexer.opensearch_engine.location import EngineLocation

FREQUENCY: Final = "\x1f"
"""The sign between a counted term and its frequency, and between terms at one position."""

ANY_WORD: Final = "\x1e"
"""The term, in a phrase that is looked for, in whose place any word may stand."""

FILLER: Final = "\x1d"
"""The term that makes a field longer; no part of a document is without it."""

COUNTED_FIELDS: Final = (Field.FOLDED, Field.EXACT, Field.PAIRS, Field.EXACT_PAIRS)
"""Fields that hold frequencies and no positions."""

PART_FIELDS: Final = tuple(field for field in Field if field not in COUNTED_FIELDS)
"""Fields that hold the words of one part of a document, which not every document has."""

POSITIONS_OF: Final[dict[Field, str]] = {
    **{field: field.value for field in PART_FIELDS},
    Field.FOLDED: "exact_at",
    Field.EXACT: "exact_at",
}
"""Our fields in which phrases can be looked for -> the field of the index that has positions."""

TEXT_FIELDS: Final = (Field.FOLDED, Field.EXACT)
"""Fields of all words of a text, whose positions are in its sections as well."""

WORDS_OF: Final = {Field.PAIRS: Field.FOLDED, Field.EXACT_PAIRS: Field.EXACT}
"""The fields of pairs -> the fields of the words that they are made of."""

EXACT_FIELDS: Final = frozenset({Field.EXACT, Field.EXACT_PAIRS, Field.TITLE_EXACT})
"""Fields whose terms keep their diacritics."""

COVERAGE_FIELDS: Final = {Field.TITLE: "title_words", Field.TITLE_EXACT: "title_exact_words"}
"""Fields that `Coverage` can look at -> the field of the index with their different words."""

TITLE_LENGTH: Final = "title_length"
IDENTIFIER: Final = "id"
VERSION: Final = "version"
STORED_WORDS: Final = "words"
SECTIONS: Final = "sections"

PASSAGE_GAP: Final = 100
"""Positions between two passages; no phrase or window is wider."""

LONGEST_VALUE: Final = 8000
"""Characters of a value that is counted and filtered by; a longer one is in no column."""

LARGEST_PAGE: Final = 1_000_000
"""Hits that can be paged through."""

_WEIGHT: Final = (
    "return query.boost * 2.2 * (Math.log((double) field.docCount / (term.docFreq + 1.0)) + 1.0);"
)
# A counted field has Whoosh's byte (`field_lengths`): Lucene's is the bits of a float that tell its
# octave and eighth. A document has as many postings as words, and one.
_SCORE: Final = f"""
double rest = doc.length - 24.0;
int kept = rest < 8 ? (int) doc.length - {BYTE_OFFSET}
  : (Float.floatToRawIntBits((float) rest) >> 20) - {1008 + BYTE_OFFSET};
double length = Math.rint({LENGTH_SCALE} * (Math.exp(Math.max(kept, 0) * {LENGTH_EXPONENT}) - 1));
double average = Math.max((double) field.sumDocFreq / field.docCount - 1, 1);
return weight * doc.freq / (doc.freq + 1.2 * (0.25 + 0.75 * length / average));
""".strip()
# Every document has a filler in these fields, so that all of them count. It is taken out again
# where Lucene's steps are not wider.
_SCORE_OF_PARTS: Final = f"""
double length = doc.length <= {LONGEST_EXACT + 1} ? doc.length - 1 : doc.length;
if (length <= {LONGEST_EXACT}) {{
  double kept = Math.ceil(Math.log((length - 0.5) / {LENGTH_SCALE} + 1) / {LENGTH_EXPONENT});
  length = Math.rint({LENGTH_SCALE} * (Math.exp(kept * {LENGTH_EXPONENT}) - 1));
}}
double average = (double) (field.sumTotalTermFreq - field.docCount) / field.docCount;
return weight * doc.freq / (doc.freq + 1.2 * (0.25 + 0.75 * length / average));
""".strip()


def value_field(column: Column) -> str:
    """Return the field of the index that holds the values of a column."""
    return "published" if column is Column.PUBLISHED else f"{column.value}_value"


def index_body(location: EngineLocation, meta: dict[str, Any]) -> dict[str, Any]:
    """Return the settings and the mapping of a new index."""
    return {"settings": _settings(location), "mappings": _mapping(meta)}


def dictionary_body(location: EngineLocation) -> dict[str, Any]:
    """Return the settings and the mapping of the dictionary of exact words beside an index."""
    keyword = {"type": "keyword"}
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": location.replicas,
            "refresh_interval": -1,
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "properties": {"exact": keyword, "folded": keyword},
        },
    }


def _settings(location: EngineLocation) -> dict[str, Any]:
    return {
        "number_of_shards": location.shards,
        "number_of_replicas": location.replicas,
        "codec": "best_compression",
        # A commit refreshes; what is not committed is not seen.
        "refresh_interval": -1,
        "max_result_window": LARGEST_PAGE,
        "mapping.nested_objects.limit": 20_000,
        "similarity": {"bm25f": _similarity(_SCORE), "bm25f_parts": _similarity(_SCORE_OF_PARTS)},
        "analysis": _analysis(),
    }


def _similarity(script: str) -> dict[str, Any]:
    return {
        "type": "scripted",
        "discount_overlaps": False,
        "weight_script": {"source": _WEIGHT},
        "script": {"source": script},
    }


def _analysis() -> dict[str, Any]:
    def analyzer(*filters: str) -> dict[str, Any]:
        return {"type": "custom", "tokenizer": "lines", "filter": list(filters)}

    return {
        "tokenizer": {"lines": {"type": "simple_pattern_split", "pattern": "\n"}},
        "filter": {
            "frequency": {"type": "delimited_term_freq", "delimiter": FREQUENCY},
            "same_position": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": [f"([^{FREQUENCY}]+)"],
            },
            # The position of a word that is left out stays.
            "any_word": {"type": "stop", "stopwords": [ANY_WORD]},
        },
        "analyzer": {
            "counted": analyzer("frequency"),
            "placed": analyzer("same_position"),
            "phrase": analyzer("same_position", "any_word"),
            "plain": analyzer(),
        },
    }


def _mapping(meta: dict[str, Any]) -> dict[str, Any]:
    counted = {"type": "text", "analyzer": "counted", "search_analyzer": "plain"}
    counted |= {"index_options": "freqs", "similarity": "bm25f"}
    placed = {
        "type": "text",
        "analyzer": "placed",
        "search_analyzer": "phrase",
        "position_increment_gap": PASSAGE_GAP,
    }
    only_placed = {**placed, "norms": False}
    columns = (column for column in Column if column is not Column.PUBLISHED)
    values = {"type": "keyword", "ignore_above": LONGEST_VALUE}
    doc_values = {"type": "keyword", "index": False}
    section = {"person": only_placed, "exact_at": only_placed}
    return {
        "dynamic": "strict",
        "_meta": meta,
        # What is needed to bring a copy up to date that was away is kept until segments are merged.
        "_source": {"enabled": False},
        "properties": {
            IDENTIFIER: {"type": "keyword"},
            VERSION: {"type": "long", "index": False},
            "published": {"type": "long"},
            **{value_field(column): values for column in columns},
            **{field.value: counted for field in COUNTED_FIELDS},
            "exact_at": only_placed,
            **{field.value: {**placed, "similarity": "bm25f_parts"} for field in PART_FIELDS},
            **{name: doc_values for name in COVERAGE_FIELDS.values()},
            TITLE_LENGTH: {"type": "integer", "index": False},
            STORED_WORDS: {"type": "keyword", "index": False, "doc_values": False, "store": True},
            SECTIONS: {"type": "nested", "properties": section},
        },
    }
