"""Two words side by side as evidence: what a pair tells beyond its words.

A pair that is a word of two syllables (`công an`) is much more telling than its syllables, but
its syllables score already. So a pair counts by its own idf less a share of the idf of its rarer
word: a pair that follows from its words adds little, one that is unlike them adds much.

Pairs are terms of fields of their own. The other way is to look at the positions of the words;
it was measured with phrases of the same pairs, scored as their words, at a half of the weight
(XQuAD, better there than a quarter) and at a quarter (ViMs):

| as written                 | XQuAD MRR | ms p50 | ViMs MRR / MAP | ms p50 |
|----------------------------|-----------|--------|----------------|--------|
| pairs as terms             | .959      | 5.6    | .930 / .825    | 27     |
| adjacency from positions   | .956      | 31     | .930 / .827    | 475    |

It ranks as well and takes 6 to 17 times as long; the pair fields are 48 % of the index's bytes
at 35,431 articles. So speed is bought with size here.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Term
from indexer.search.compile.rarity import rarities
from indexer.search.compile.weights import Weights


def pair_terms(engine: Engine, tokens: Sequence[Token], weights: Weights) -> list[Term]:
    """The pairs of neighbouring words as terms of the pair fields, weighted by what they tell."""
    if len(tokens) < 2:
        return []
    folded = [token.folded for token in tokens]
    found = _weighed(engine, (Field.FOLDED, Field.PAIRS), folded, weights.pair, weights.known)
    if weights.exact_pair:
        exact = [token.exact for token in tokens]
        fields = (Field.EXACT, Field.EXACT_PAIRS)
        found += _weighed(engine, fields, exact, weights.exact_pair, weights.known)
    return found


def _weighed(
    engine: Engine, fields: tuple[Field, Field], words: list[str], weight: float, known: float
) -> list[Term]:
    """The pairs of some words; `fields` are those of words and of pairs."""
    pairs = [f"{one} {two}" for one, two in zip(words, words[1:], strict=False)]
    of_words = rarities(engine, fields[0], words)
    found: list[Term] = []
    for at, rarity in enumerate(rarities(engine, fields[1], pairs)):
        told = rarity - known * max(of_words[at], of_words[at + 1])
        if told > 0:
            found.append(Term(fields[1], pairs[at], weight * told / rarity))
    return found
