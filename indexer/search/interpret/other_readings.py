"""Other readings: of two words typed bare, the forms that are as likely as the likeliest.

`bien dong` is *biến động* and *Biển Đông* about as often, and nothing beside it tells which: both
are searched for. Of a longer query the neighbours tell, and one reading is enough: where all that
were as likely came in turn, XQuAD without diacritics lost .005.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.search.query.syntax import AcronymNode, UnitNode, WordNode

AS_LIKELY = 0.5
"""A reading is as likely as the likeliest one if this share speaks for it."""

_Node = WordNode | AcronymNode | UnitNode


def with_other_readings(nodes: Sequence[_Node], weigh: Callable[[str], float]) -> list[_Node]:
    """Return the nodes of a bare query; of a single unit of two words, with its other readings.

    Args:
        nodes: the units and other words, each with its likeliest forms.
        weigh: tells how much speaks for an exact bigram.
    """
    if len(nodes) != 1 or not isinstance(nodes[0], UnitNode) or len(nodes[0].forms) < 2:
        return list(nodes)
    unit = nodes[0]
    words = unit.words
    if not all(word.likely_forms for word in words):
        return list(nodes)
    likely = tuple(form for word in words for form in word.likely_forms)
    weights = {tuple(form.split(" ")): weigh(form) for form in unit.forms}
    least = AS_LIKELY * max(weights.values(), default=0.0)
    # What meets by chance (`thảo đó`) is no reading beside what belongs together (*tháo dỡ*).
    others = [pair for pair in weights if pair != likely and weights[pair] >= least]
    if not least or weights.get(likely, 0.0) < least:
        return list(nodes)
    read = [
        replace(word, other_forms=tuple(pair[side] for pair in others))
        for side, word in enumerate(words)
    ]
    return [replace(unit, words=tuple(read))]
