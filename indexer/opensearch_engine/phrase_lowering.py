"""Phrases in the query language of OpenSearch: words in a row, and words within a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from indexer.opensearch_engine.mapping import ANY_WORD, FILLER, FREQUENCY, PASSAGE_GAP

DslQuery = dict[str, Any]
"""A query in the query language of OpenSearch."""

Alternatives = tuple[str, ...]
"""The terms that may stand at a position; none: any word."""

_SIGNS: Final = frozenset({"\n", ANY_WORD, FILLER, FREQUENCY})
_SMALL_WINDOW: Final = 4
"""Positions of which every subset is looked at, since an extra term shares a word's position."""

_MOST_IN_GROUP: Final = 6
"""Positions that share terms of which every subset is looked at."""


def is_sendable(text: str) -> bool:
    """Tell whether a text can be a term: not empty, no sign of ours, no half of a letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return bool(text) and _SIGNS.isdisjoint(text)


def trim_phrase(texts: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return a phrase from its first word to its last: any words around it match anything."""
    words = [index for index, alternatives in enumerate(texts) if alternatives]
    return list(texts[words[0] : words[-1] + 1]) if words else []


def lower_row(name: str, positions: Sequence[Sequence[str]]) -> DslQuery:
    """Return the query for words in a row, in a field of the index that has positions."""
    lines = (FREQUENCY.join(alternatives) or ANY_WORD for alternatives in positions)
    return {"match_phrase": {name: "\n".join(lines)}}


def lower_window(name: str, positions: Sequence[Sequence[str]], slop: int) -> DslQuery:
    """Return the query for words in any order within a window, each at a position of its own."""
    words = [tuple(sorted(set(alternatives))) for alternatives in positions if alternatives]
    conditions = [_times(alternatives, count) for alternatives, count in _conditions(words)]
    # Two passages are further apart than any window.
    width = min(len(positions) + slop, PASSAGE_GAP)
    window = {
        "ordered": False,
        "intervals": conditions,
        "filter": {"script": {"source": f"interval.end - interval.start < {width}"}},
    }
    return {"intervals": {name: {"all_of": window}}}


def lower_places(name: str, positions: Sequence[Sequence[str]], slop: int) -> DslQuery:
    """Return the query for words in a row, or within a window where there is a slop."""
    return lower_window(name, positions, slop) if slop else lower_row(name, positions)


def _times(alternatives: Alternatives, count: int) -> DslQuery:
    """Return the intervals that hold so many different words of some alternatives."""
    terms = [{"match": {"query": text}} for text in alternatives]
    word: DslQuery = terms[0] if len(terms) == 1 else {"any_of": {"intervals": terms}}
    return word if count == 1 else {"all_of": {"ordered": True, "intervals": [word] * count}}


def _conditions(words: Sequence[Alternatives]) -> Iterator[tuple[Alternatives, int]]:
    """Yield alternatives, and of how many of them a window needs a word.

    Every position can have a word of its own where any positions together have enough words
    (Hall's marriage theorem, 1935). Only positions that share words have to be looked at together.
    """
    different = Counter(words)
    yield from different.items()
    for group in _groups(list(different)):
        sizes = range(2, len(group) + 1) if len(group) <= _MOST_IN_GROUP else [len(group)]
        for size in sizes:
            for subset in combinations(group, size):
                union = tuple(sorted({text for alternatives in subset for text in alternatives}))
                yield union, sum(different[alternatives] for alternatives in subset)


def _groups(words: Sequence[Alternatives]) -> list[list[Alternatives]]:
    """Return the positions that may share words, directly or by way of others."""
    if len(words) <= _SMALL_WINDOW:
        return [list(words)] if len(words) > 1 else []
    groups: list[list[Alternatives]] = []
    for alternatives in words:
        members, apart = [alternatives], []
        for group in groups:
            if any(not set(alternatives).isdisjoint(other) for other in group):
                members = [*group, *members]
            else:
                apart.append(group)
        groups = [*apart, members]
    return [group for group in groups if len(group) > 1]
