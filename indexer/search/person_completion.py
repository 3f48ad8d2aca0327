"""Completion of names after `người:`: the people who speak in three articles or more."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from indexer.engine.api import Engine
from indexer.engine.queries import Column, MatchAll
from indexer.engine.records import EngineQuery
from indexer.search.stored_forms import LEAST_ARTICLES
from indexer.vietnamese.normalization import fold

MOST_PEOPLE: Final = 20_000
"""People of one generation, the commonest, who are offered."""

_PERSON_FIELD: Final = re.compile(
    r"(?:^|[\s(])-?(?:người|nguoi|person): ?\"?(?P<name>[^\":()]*)$", re.IGNORECASE
)
_HIGHEST_LETTER: Final = "\uffff"


@dataclass(frozen=True, slots=True)
class CountedName:
    """A person's name and the articles in which the person speaks."""

    name: str
    documents: int


class PersonCompletion:
    """The people of one generation by each word of their names; safe to share between threads."""

    def __init__(self) -> None:
        # (folded name from one of its words on, the name), ascending; None until it is asked for.
        self._names: list[tuple[str, CountedName]] | None = None

    def complete(self, typed: str, limit: int, engine: Engine) -> list[tuple[str, int]] | None:
        """Return whole queries for people whose names go on so, and counts, commonest first.

        Args:
            typed: the canonical unfinished query.
            limit: how many, at most.
            engine: reads the index of the generation.

        Returns:
            None where no name of a person is being typed.
        """
        field = _PERSON_FIELD.search(typed)
        if field is None:
            return None
        begun = fold(field["name"]).strip()
        if not begun:
            return []
        if self._names is None:
            self._names = _read_names(engine)
        low = bisect_left(self._names, begun, key=lambda entry: entry[0])
        high = bisect_left(self._names, begun + _HIGHEST_LETTER, low, key=lambda entry: entry[0])
        people = dict.fromkeys(name for _, name in self._names[low:high])
        best = sorted(people, key=lambda person: (-person.documents, person.name))[:limit]
        before = typed[: field.start("name")].rstrip('" ')
        return [(f'{before}"{person.name}"', person.documents) for person in best]


def _read_names(engine: Engine) -> list[tuple[str, CountedName]]:
    request = EngineQuery(MatchAll(), limit=0, facets=(Column.PERSON,), facet_size=MOST_PEOPLE)
    entries = []
    for facet in engine.search(request).facets:
        for name, documents in facet.values:
            if documents < LEAST_ARTICLES or '"' in name:
                continue
            words = fold(name).split()
            person = CountedName(name, documents)
            entries += [(" ".join(words[first:]), person) for first in range(len(words))]
    return sorted(entries, key=lambda entry: entry[0])
