"""Mixed readings: where a bare word may be either of two, the first hits show each in turn.

`bien dong` is *biến động* and *Biển Đông* about as often; by scores alone one of them would have
the whole first page.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import And, AndMaybe, HasIdentifier, MatchAll, Or
from indexer.engine.records import EngineQuery, Hit
from indexer.search.compile.tree_compiler import in_a_row
from indexer.search.query.interpreted_query import ExactForms
from indexer.search.query.syntax import SyntaxNode, UnitNode


def readings_of(meaning: SyntaxNode | None) -> tuple[ExactForms, ...]:
    """Return the forms of a unit that has several about as likely; other queries have none."""
    if not isinstance(meaning, UnitNode) or not meaning.words[0].other_forms:
        return ()
    likely = tuple(form for word in meaning.words for form in word.likely_forms)
    return (likely, *zip(*(word.other_forms for word in meaning.words), strict=True))


def mix_readings(
    engine: Engine, hits: Sequence[Hit], readings: Sequence[ExactForms]
) -> Sequence[Hit]:
    """Return hits so that those of each reading come in turn, each in their order.

    Scores stay those of the places.

    Args:
        engine: tells which hits hold which reading.
        hits: the first of a ranking.
        readings: exact forms, the likeliest first.
    """
    if len(readings) < 2 or len(hits) < 2:
        return hits
    held = _held_readings(engine, hits, readings)
    queues = [
        [hit for hit in hits if held.get(hit.identifier) == 1 << place]
        for place in range(len(readings))
    ]
    rounds = itertools.zip_longest(*queues)
    in_turn = iter([hit for each in rounds for hit in each if hit])
    # What holds several readings, or none, stays where it is.
    is_one = {hit.identifier for queue in queues for hit in queue}
    mixed = [next(in_turn) if hit.identifier in is_one else hit for hit in hits]
    return [
        Hit(hit.identifier, place.score, hit.collapsed)
        for hit, place in zip(mixed, hits, strict=True)
    ]


def _held_readings(
    engine: Engine, hits: Sequence[Hit], readings: Sequence[ExactForms]
) -> dict[str, int]:
    """Return for each hit the readings that it holds, a bit for each: by one engine call."""
    # Each reading scores a power of two, so that a sum tells which they are.
    scored = (
        And((in_a_row(Field.EXACT, forms, 0.0), MatchAll(2.0 ** (place + 1))))
        for place, forms in enumerate(readings)
    )
    names = HasIdentifier(tuple(hit.identifier for hit in hits))
    result = engine.search(EngineQuery(AndMaybe(names, Or(tuple(scored))), limit=len(hits)))
    return {hit.identifier: round(hit.score) >> 1 for hit in result.hits}
