"""Near-copies stand behind the best-ranked of them, and pages stay right all the same.

Grouped are the first `WINDOW` results of a ranking, so that every page of a question sees the
same groups: the first of a group keeps its place, the others of the group that are in the window
stand behind it and nowhere else. After the window each article stands by itself. So an article is
shown once over all pages; the total counts articles, and what stands behind others is told beside
it. One engine call makes a page: it asks for the window and the page together. Only beyond rank
`ONE_CALL` a second one is made, since the page may be far from the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indexer.derived.near_duplicates import NO_GROUP, NearDuplicateIndex
from indexer.engine.api import Engine
from indexer.engine.records import EngineQuery, EngineResult, Hit

WINDOW = 100
"""Results of a ranking, from its start, among which near-copies are grouped."""

ONE_CALL = 2000
"""Results that one engine call may have to name."""


@dataclass(frozen=True, slots=True)
class GroupedAnswer:
    """An answer whose hits stand for their near-copies.

    Attributes:
        near: identifier of a hit -> those that stand behind it, best first.
        hidden: articles in all that stand behind another.
    """

    answer: EngineResult
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: int = 0


def grouped(
    engine: Engine, copies: NearDuplicateIndex | None, request: EngineQuery
) -> GroupedAnswer:
    """Answer a request for a page of a ranking in which near-copies are grouped."""
    if copies is None or request.limit < 1:
        return GroupedAnswer(engine.search(request))
    last = request.offset + request.limit + WINDOW
    far = last > ONE_CALL and request.offset >= WINDOW
    answer = engine.search(replace(request, offset=0, limit=WINDOW if far else last))
    window = answer.hits[:WINDOW]
    firsts, near = _behind(window, copies)
    hidden = len(window) - len(firsts)
    if far:
        there = replace(request, offset=request.offset + hidden, counts=(), facets=())
        hits = engine.search(there).hits
    else:
        hits = (*firsts, *answer.hits[WINDOW:])[request.offset : request.offset + request.limit]
    return GroupedAnswer(replace(answer, hits=hits), near, hidden)


def _behind(
    hits: tuple[Hit, ...], copies: NearDuplicateIndex
) -> tuple[list[Hit], dict[str, tuple[str, ...]]]:
    """The first hit of each group, and what stands behind it."""
    firsts: list[Hit] = []
    heads: dict[int, str] = {}
    near: dict[str, tuple[str, ...]] = {}
    groups = copies.groups([hit.identifier for hit in hits])
    for hit, group in zip(hits, groups, strict=True):
        head = hit.identifier if group == NO_GROUP else heads.setdefault(group, hit.identifier)
        if head == hit.identifier:
            firsts.append(hit)
        else:
            near[head] = (*near.get(head, ()), hit.identifier)
    return firsts, near
