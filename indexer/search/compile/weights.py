"""Weights of each kind of evidence against a folded word, which counts 1.

Found on three public test sets (`make quality`, tests/bench/README.md). Many neighbouring values
rank as well within the noise of 300 queries. Typed diacritics are certain, so they count more
than restored ones.

What was tried and left out: words two apart as bigrams (worse on two sets), a weight for the lead
(worse on all), bigrams in the title, bigrams weighted by how often their words meet (npmi: slugs
.806 instead of .854), other values of BM25's k1 and b (no steady gain).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.analysis.fields import Field

ACRONYM_WEIGHT: Final = 0.7
"""Weight of an acronym's other form, against 1 for the form that was typed."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of one kind of query.

    Attributes:
        exact: a word with its diacritics.
        plain: a bare syllable (`an`) among words with diacritics: probably bare because it is
            `an`. A word that is no syllable (`NASA`, `1088`) has no diacritics to be typed and
            counts as exact: at half the weight, names lose to the words around them (XQuAD MRR
            .949, not .958).
        bigram: two neighbours without their diacritics; see `bigram_boosts`.
        exact_bigram: two neighbours with their diacritics.
        explained: the share of its rarer word's idf that is subtracted from a bigram's own. Without
            diacritics a word stands for all its forms and looks commoner than the one meant, so
            more of a bigram's idf is explained by its words.
        title: a word of the title, by the title's own length.
        title_field: the field of the title's words.
    """

    exact: float
    plain: float
    bigram: float
    exact_bigram: float
    explained: float
    title: float
    title_field: Field


WITH_DIACRITICS: Final = Weights(
    exact=1.5,
    plain=0.75,
    bigram=1.0,
    exact_bigram=0.75,
    explained=0.5,
    title=0.75,
    title_field=Field.TITLE_EXACT,
)
"""Weights of a query in which some word has diacritics."""

WITHOUT_DIACRITICS: Final = Weights(
    exact=0.5,
    plain=0.5,
    bigram=1.0,
    exact_bigram=0.25,
    explained=0.75,
    title=0.25,
    title_field=Field.TITLE,
)
"""Weights of a query without diacritics; the exact ones are of its likeliest restoration."""

AS_TYPED: Final = Weights(
    exact=0.0,
    plain=0.0,
    bigram=1.0,
    exact_bigram=0.0,
    explained=0.75,
    title=0.25,
    title_field=Field.TITLE,
)
"""Weights of a query without diacritics into which nothing may be read."""
