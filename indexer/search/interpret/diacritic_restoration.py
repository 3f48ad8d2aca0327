"""Diacritic restoration: the forms with diacritics that were meant by words typed without.

The likeliest sequence of forms is found by the Viterbi algorithm (1967) over the archive's own
counts: the probability of a form after another is a mixture of the share of articles in which the
two are neighbours and the share that hold the form at all.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import itemgetter

from indexer.search.query.interpreted_query import ExactForms
from indexer.search.query.syntax import AndNode, SyntaxNode, WordNode
from indexer.search.query_notices import DiacriticsNotice
from indexer.search.term_statistics import TermStatistics

BIGRAM_SHARE = 0.95
"""Weight of the bigram's probability against the form's own."""

MOST_FORMS = 16
"""Forms of one syllable that are considered, the commonest ones."""

MOST_WORDS = 6
"""Words of a query for which forms are suggested; longer ones have hardly more than one."""

MOST_RESTORATIONS = 6
"""Restorations that are counted; those of articles since deleted may occur in none."""

MOST_SUGGESTED = 4
"""Restorations suggested for one query."""

_FLOOR = 1e-9
"""Probability of a form that was never seen."""

_Path = tuple[float, ExactForms]
"""The logarithm of a sequence's probability, and its forms so far."""


def restore_diacritics(
    statistics: TermStatistics, folded: Sequence[str], count: int = 1
) -> list[ExactForms]:
    """Return the likeliest sequences of exact forms of folded words, best first.

    A word that the archive does not hold stays as it is.
    """
    if not folded:
        return []
    statistics.look_up({}, forms=[*folded, *map(" ".join, pairwise(folded))])
    documents = max(1, statistics.documents)
    # The best paths so far by their last form.
    paths: dict[str, list[_Path]] = {"": [(0.0, ())]}
    previous_forms: dict[str, int] = {}
    for position, word in enumerate(folded):
        forms = {form.text: form.documents for form in statistics.exact_forms(word)[:MOST_FORMS]}
        forms = forms or {word: 0}
        bigram = f"{folded[position - 1]} {word}"
        bigrams = statistics.exact_forms(bigram) if position else []
        bigram_counts = {form.text: form.documents for form in bigrams}
        paths = {
            form: _extend(
                paths, previous_forms, bigram_counts, (form, frequency / documents), count
            )
            for form, frequency in forms.items()
        }
        previous_forms = forms
    ends = [path for paths_to_form in paths.values() for path in paths_to_form]
    return [forms for _, forms in heapq.nlargest(count, ends, key=itemgetter(0))]


def _extend(
    paths: dict[str, list[_Path]],
    previous_forms: dict[str, int],
    bigram_counts: dict[str, int],
    form: tuple[str, float],
    count: int,
) -> list[_Path]:
    """Return the best paths that end in a form, given as (form, its share of all documents)."""
    text, share = form
    unigram = (1 - BIGRAM_SHARE) * share + _FLOOR
    extended: list[_Path] = []
    for previous, previous_paths in paths.items():
        probability = unigram
        if previous_forms.get(previous):
            bigram = bigram_counts.get(f"{previous} {text}", 0) / previous_forms[previous]
            probability += BIGRAM_SHARE * bigram
        logarithm = math.log(probability)
        extended += [(weight + logarithm, forms) for weight, forms in previous_paths]
    best = sorted(extended, key=itemgetter(0), reverse=True)[:count]
    return [(weight, (*forms, text)) for weight, forms in best]


def restore_query(statistics: TermStatistics, tree: SyntaxNode | None) -> list[ExactForms]:
    """Return the likeliest restorations of a query of plain words without diacritics, best first.

    Any other query has none. A single word may be meant as it is (`vua`): it comes last.
    """
    folded = _bare_words(tree)
    restored = restore_diacritics(statistics, folded, MOST_RESTORATIONS)
    others = [forms for forms in restored if forms != folded]
    return [*others, folded] if others and len(folded) == 1 else others


def _bare_words(tree: SyntaxNode | None) -> tuple[str, ...]:
    """Return the folded words of a query that is nothing but plain words without diacritics."""
    nodes = tree.children if isinstance(tree, AndNode) else (tree,)
    folded: list[str] = []
    for node in nodes:
        if not isinstance(node, WordNode) or not node.is_plain or len(node.tokens) != 1:
            return ()
        if node.tokens[0].exact != node.tokens[0].folded:
            return ()
        folded.append(node.tokens[0].folded)
    return tuple(folded) if len(folded) <= MOST_WORDS else ()


def diacritics_notices(
    restorations: Sequence[ExactForms], counts: Sequence[int], capitalize: Callable[[str], str]
) -> list[DiacriticsNotice]:
    """Return the restorations that occur, with their counts, commonest first.

    Args:
        restorations: exact forms.
        counts: the number of articles that hold each.
        capitalize: gives exact forms the archive's capitals.
    """
    occurring = [
        (" ".join(forms), count) for forms, count in zip(restorations, counts, strict=True) if count
    ]
    occurring.sort(key=lambda pair: (-pair[1], pair[0]))
    return [
        DiacriticsNotice(text=capitalize(text), documents=count)
        for text, count in occurring[:MOST_SUGGESTED]
    ]
