"""The whole dictionary of an index, read once where it is small enough.

Words are put in and stay, so that only those that came since are read again. The number that the
index gives to each change tells them; it means the same as long as the same copy gives them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from archive.errors import EngineError
from indexer.opensearch_engine.search_answers import SearchHit, SearchTarget

MOST_WHOLE: Final = 150_000
"""Words of the largest dictionary that is read whole: it takes two seconds, and 30 MB."""

_CHANGE: Final = "_seq_no"


class WholeDictionary:
    """All exact words of an index; safe to share between threads."""

    def __init__(self, target: SearchTarget, at_once: int, most: int = MOST_WHOLE) -> None:
        """Read a dictionary.

        Args:
            target: its index, of one shard.
            at_once: words of one search.
            most: words of the largest one that is read.
        """
        self._target, self._at_once, self._most = target, at_once, most
        self._lock = threading.Lock()
        self._forms: dict[str, tuple[str, ...]] = {}
        self._next, self._primary_term = 0, 0

    def forms(self) -> Mapping[str, Sequence[str]]:
        """Return every folded word with its exact ones; none where they are too many to read.

        Raises:
            EngineError: the cluster does not answer.
        """
        with self._lock:
            (newest,) = self._target.search([_newest()])
            if not newest.hits.hits or newest.total > self._most:
                return {}
            (last,) = newest.hits.hits
            if last.primary_term != self._primary_term:
                self._forms, self._next, self._primary_term = {}, 0, last.primary_term
            self._read_until(int(last.sort[0]))
            return dict(self._forms)

    def _read_until(self, last: int) -> None:
        """Read the words that came since, up to a change."""
        if last < self._next or last > 2 * self._most:
            return
        starts = range(self._next, last + 1, self._at_once)
        bodies = [_body(start, min(start + self._at_once, last + 1)) for start in starts]
        answers = self._target.search(bodies)
        if any(answer.is_partial for answer in answers):
            raise EngineError("a part of the index does not answer; try again")
        for hit in chain.from_iterable(answer.hits.hits for answer in answers):
            folded, exact = _word(hit)
            forms = self._forms.get(folded, ())
            if exact not in forms:
                self._forms[folded] = (*forms, exact)
        self._next = last + 1


def _newest() -> dict[str, Any]:
    """Return the search for the last change, and the number of words."""
    return {
        "query": {"match_all": {}},
        "size": 1,
        "sort": [{_CHANGE: "desc"}],
        "track_total_hits": True,
        "_source": False,
        "seq_no_primary_term": True,
    }


def _body(start: int, end: int) -> dict[str, Any]:
    """Return the search for the words of some changes."""
    query = {"range": {_CHANGE: {"gte": start, "lt": end}}}
    return {
        "query": {"constant_score": {"filter": query}},
        "size": end - start,
        "sort": ["_doc"],
        "track_total_hits": False,
        # Identifiers would be most of the answer.
        "stored_fields": "_none_",
        "docvalue_fields": ["exact", "folded"],
    }


def _word(hit: SearchHit) -> tuple[str, str]:
    """Return the folded form of a word, and the word."""
    return str(hit.fields["folded"][0]), str(hit.fields["exact"][0])
