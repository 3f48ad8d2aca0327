"""Other readings: of two words typed bare, the forms that are as likely as the likeliest.

`bien dong` is *biến động* and *Biển Đông* about as often, and nothing beside it tells which: both
are searched for. Of a longer query the neighbours tell, and one reading is enough: where all that
were as likely came in turn, XQuAD without diacritics lost .005.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.search.interpret.diacritic_restoration import AS_LIKELY, likely_readings
from indexer.search.query.syntax import AcronymNode, UnitNode, WordNode
from indexer.search.term_statistics import TermStatistics

_Node = WordNode | AcronymNode | UnitNode


def with_other_readings(
    statistics: TermStatistics, nodes: Sequence[_Node], weigh: Callable[[str], float]
) -> list[_Node]:
    """Return the nodes of a bare query; of a single unit of two words, with its other readings.

    Args:
        statistics: give the exact forms of the archive.
        nodes: the units and other words, each with its likeliest forms.
        weigh: tells how much speaks for an exact bigram.
    """
    if len(nodes) != 1 or not isinstance(nodes[0], UnitNode) or len(nodes[0].forms) < 2:
        return list(nodes)
    unit = nodes[0]
    words = unit.words
    likely = " ".join(form for word in words for form in word.likely_forms)
    readings = likely_readings(statistics, [word.tokens[0].folded for word in words])
    least = AS_LIKELY * weigh(likely)
    fitting = [
        pair
        for pair, form in zip(readings, map(" ".join, readings), strict=True)
        if form in unit.forms and form != likely and weigh(form) >= least
    ]
    read = [
        replace(word, other_forms=tuple(pair[side] for pair in fitting))
        for side, word in enumerate(words)
    ]
    return [replace(unit, words=tuple(read))]
