"""Fitting forms: the exact forms in articles that a typed word or pair of words stands for.

A word typed with all its diacritics fits its own form; typed with some of them, or with none as
half of a pair, it fits the forms that have every typed diacritic and are not rare beside the
commonest of them. What was typed always fits, as long as the archive holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.analysis.analyzer import Token
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import diacritics_agree

DOMINANT = 0.3
"""A form fits beside the commonest one if it is in this share of its articles."""

MOST_FORMS = 32
"""Forms that one word or pair stands for, the commonest ones."""


def fitting_forms(
    statistics: TermStatistics,
    tokens: Sequence[Token],
    weights: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Return the exact forms that a typed word or two neighbours fit, commonest first.

    Args:
        statistics: give the exact forms of the archive and their document frequencies.
        tokens: one or two; two are looked up as the bigram they make.
        weights: the forms to choose among and their weights, instead of their frequencies.

    Returns:
        The typed form alone where the archive holds no form that agrees with it.
    """
    typed = " ".join(token.exact for token in tokens)
    folded = " ".join(token.folded for token in tokens)
    agreeing: Mapping[str, float] = weights or _count_agreeing(statistics, tokens)
    most = max(agreeing.values(), default=0)
    if typed != folded and agreeing.get(typed, 0) >= DOMINANT * most:
        return (typed,)
    common = [form for form, weight in agreeing.items() if weight >= DOMINANT * most]
    return tuple(dict.fromkeys((*common[:MOST_FORMS], typed)))


def agreeing_forms(statistics: TermStatistics, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return all the exact forms that have every typed diacritic, commonest first."""
    return tuple(_count_agreeing(statistics, tokens))


def _count_agreeing(statistics: TermStatistics, tokens: Sequence[Token]) -> dict[str, int]:
    """Return the exact forms that have every typed diacritic, and their document frequencies."""
    folded = " ".join(token.folded for token in tokens)
    return {
        form.text: form.documents
        for form in statistics.exact_forms(folded)
        if _agree(tokens, form.text.split(" "))
    }


def _agree(tokens: Sequence[Token], forms: Sequence[str]) -> bool:
    """Tell whether exact forms have every diacritic that was typed."""
    return len(tokens) == len(forms) and all(
        diacritics_agree(token.exact, form) for token, form in zip(tokens, forms, strict=True)
    )
