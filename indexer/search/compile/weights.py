"""What each kind of evidence counts against a word without its marks, which counts 1.

Found on three public test sets (`make quality`, tests/bench/README.md). Many neighbouring values
rank as well within the noise of 300 queries. The marks that were typed are sure, so they count
more than those that a reading restores.

What was tried and left out: words two apart as pairs (worse on two sets), a weight for the lead
(worse on all), pairs in the title, pairs weighted by how often their words meet (npmi: slugs .806
instead of .854), other values of BM25's k1 and b (no steady gain).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from indexer.analysis.fields import Field


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of one kind of query.

    Attributes:
        exact: a word with its marks.
        plain: a bare syllable (`an`) among words with marks: probably bare because it is `an`.
            What is no syllable (`NASA`, `1088`) has no marks to be typed and counts as exact: at
            half the weight, names lose to the words around them (XQuAD MRR .949, not .958).
        pair: two neighbours without their marks; see `neighbours`.
        exact_pair: two neighbours with their marks.
        known: the share of its rarer word's idf that a pair's own idf is lessened by. Without
            marks a word stands for all its readings and looks commoner than the one meant, so
            more of what a pair seems to tell is known from its words.
        title: a word that stands in the title, by the title's own length.
        title_field: the field in which titles are looked into.
    """

    exact: float
    plain: float
    pair: float
    exact_pair: float
    known: float
    title: float
    title_field: Field


MARKED: Final = Weights(
    exact=1.5,
    plain=0.75,
    pair=1.0,
    exact_pair=0.75,
    known=0.5,
    title=0.75,
    title_field=Field.TITLE_EXACT,
)
"""A query in which some word carries marks."""

BARE: Final = Weights(
    exact=0.5,
    plain=0.5,
    pair=1.0,
    exact_pair=0.25,
    known=0.75,
    title=0.25,
    title_field=Field.TITLE,
)
"""A query without marks; `exact` and `exact_pair` are of its likeliest reading."""

AS_TYPED: Final = Weights(
    exact=0.0,
    plain=0.0,
    pair=1.0,
    exact_pair=0.0,
    known=0.75,
    title=0.25,
    title_field=Field.TITLE,
)
"""A query without marks into which nothing may be read."""
