"""The forms with marks that the archive holds for words typed without: how likely, and which.

The likeliest sequence of forms is found as by Viterbi (1967) over the archive's own counts: the
probability of a form after another is a mixture of how many articles hold the two side by side
and how common the form is by itself.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from operator import itemgetter

from indexer.engine.api import Engine

PAIR_SHARE = 0.95
"""Weight of the pair's count against the form's own commonness."""

MOST_FORMS = 16
"""Forms of one syllable that are looked at, the commonest ones."""

_FLOOR = 1e-9


_Path = tuple[float, tuple[str, ...]]
"""A sequence of forms so far, after the logarithm of its probability."""


def likeliest(engine: Engine, folded: Sequence[str], count: int = 1) -> list[tuple[str, ...]]:
    """The likeliest sequences of exact forms of some folded words, best first.

    A word that the archive does not hold stays as it is typed.
    """
    if not folded:
        return []
    documents = max(1, engine.status().documents)
    paths: dict[str, list[_Path]] = {"": [(0.0, ())]}
    before: dict[str, int] = {}
    for at, word in enumerate(folded):
        forms = {one.text: one.documents for one in engine.exact_forms(word)[:MOST_FORMS]}
        forms = forms or {word: 0}
        pair = engine.exact_forms(f"{folded[at - 1]} {word}") if at else []
        together = {one.text: one.documents for one in pair}
        paths = {
            form: _extended(paths, before, together, (form, held / documents), count)
            for form, held in forms.items()
        }
        before = forms
    ends = [path for found in paths.values() for path in found]
    return [forms for _, forms in heapq.nlargest(count, ends, key=itemgetter(0))]


def _extended(
    paths: dict[str, list[_Path]],
    before: dict[str, int],
    together: dict[str, int],
    form: tuple[str, float],
    count: int,
) -> list[_Path]:
    """The best paths that end in a form, given as (form, its share of all documents)."""
    text, share = form
    alone = (1 - PAIR_SHARE) * share + _FLOOR
    found: list[_Path] = []
    for last, some in paths.items():
        chance = alone
        if before.get(last):
            chance += PAIR_SHARE * together.get(f"{last} {text}", 0) / before[last]
        added = math.log(chance)
        found += [(weight + added, forms) for weight, forms in some]
    best = heapq.nlargest(count, found, key=itemgetter(0))
    return [(weight, (*forms, text)) for weight, forms in best]
