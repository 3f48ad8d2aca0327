"""Relaxation: what is searched where nothing matches fully, one step after another.

A quotation that nobody wrote is looked for as words near one another, all of them or all but one;
then as words in any place; then as a part of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from indexer.analysis.fields import Field
from indexer.engine.queries import Or, Query, Term
from indexer.search.compile.match_compiler import MatchCompiler
from indexer.search.compile.query_compiler import (
    FEWEST_OF_HEADLINE,
    REQUIRED_SHARE,
    Requirement,
)
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.spanning_tokens import split_phrase
from indexer.search.query.syntax import (
    AndNode,
    OrNode,
    PhraseNode,
    SyntaxNode,
    matching_leaves,
)
from indexer.search.query_notices import RelaxedNotice

FEWEST_BUT_ONE = 4
"""Words of a quotation of which one may be wrong."""

MOST_BUT_ONE = 12
"""Words of the longest quotation of which one may be wrong; of longer ones a part is searched."""


MOST_PARTED = 3
"""Neighbours of a quotation that may stand apart: by a wrong word, and by one that is left out."""


class Place(Enum):
    """Where the words of a quotation may stand."""

    IN_A_ROW = auto()
    NEAR = auto()
    ANYWHERE = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """How much of a query one of the queries to list demands.

    Attributes:
        share: percent of the words, by their weight.
        place: where the words of quotations may stand.
    """

    share: int
    place: Place = Place.IN_A_ROW


STEPS = {
    Requirement.MOST: Step(100),
    Requirement.SHARE: Step(int(100 * REQUIRED_SHARE), Place.ANYWHERE),
    Requirement.ANY: Step(0, Place.ANYWHERE),
}
"""How much each requirement demands."""


def place_phrases(node: SyntaxNode | None, place: Place) -> SyntaxNode | None:
    """Return a tree whose quotations are words that may stand elsewhere; what is excluded stays."""
    if isinstance(node, AndNode):
        return AndNode(tuple(_placed(node.children, place)))
    if isinstance(node, OrNode):
        return OrNode(tuple(_placed(node.children, place)))
    if not isinstance(node, PhraseNode) or node.exact or len(node.tokens) < 2:
        return node
    if place is Place.NEAR:
        return node if node.slop else _near(node)
    return AndNode(tuple(split_phrase(node)))


def _placed(nodes: Sequence[SyntaxNode], place: Place) -> list[SyntaxNode]:
    placed = (place_phrases(node, place) for node in nodes)
    return [node for node in placed if node is not None]


def _near(phrase: PhraseNode) -> SyntaxNode:
    """Return the words of a quotation in a window twice as wide, perhaps without one of them."""
    tokens = phrase.tokens
    runs = [tokens]
    if FEWEST_BUT_ONE <= len(tokens) <= MOST_BUT_ONE:
        runs += [(*tokens[:place], *tokens[place + 1 :]) for place in range(len(tokens))]
    start, end = phrase.start, phrase.end
    near = [PhraseNode(phrase.text, start, end, run, slop=len(tokens)) for run in runs]
    return near[0] if len(near) == 1 else OrNode(tuple(near))


def placed_steps(
    compiler: MatchCompiler, meaning: SyntaxNode | None
) -> list[tuple[list[Query], Step]]:
    """Return what has to match while the words of quotations stand near, then anywhere."""
    steps: list[tuple[list[Query], Step]] = []
    for place in (Place.NEAR, Place.ANYWHERE):
        placed = place_phrases(meaning, place)
        if placed != meaning:
            few = _most_pairs(meaning) if place is Place.NEAR else []
            steps.append(([*few, compiler.compile(placed)], Step(100, place)))
    return steps


def _most_pairs(meaning: SyntaxNode | None) -> list[Query]:
    """Return what an article with the words of the quotations near one another has at least.

    That is all neighbours but a few, as one wrong word parts two of them: to look for those is
    cheap, where the positions of common words are not.
    """
    nodes = meaning.children if isinstance(meaning, AndNode) else (meaning,)
    required: list[Query] = []
    for node in nodes:
        if isinstance(node, PhraseNode) and not node.exact and len(node.tokens) >= FEWEST_BUT_ONE:
            folded = [token.folded for token in node.tokens]
            pairs = tuple(Term(Field.PAIRS, " ".join(pair), 0.0) for pair in pairwise(folded))
            required.append(Or(pairs, max(1, len(pairs) - MOST_PARTED)))
    return required


def quotes_headline(tree: SyntaxNode | None) -> bool:
    """Tell whether a whole headline or sentence is quoted: a part of it is a match by relevance."""
    phrases = (leaf for leaf in matching_leaves(tree) if isinstance(leaf, PhraseNode))
    return any(len(phrase.tokens) >= FEWEST_OF_HEADLINE for phrase in phrases)


def as_placed(query: InterpretedQuery, step: Step, is_partial: bool) -> InterpretedQuery:
    """Return a query as its hits match it: the words of quotations may count each for itself."""
    is_in_a_row = step.place is Place.IN_A_ROW
    if is_in_a_row and not (is_partial and quotes_headline(query.tree)):
        return query
    return replace(query, tree=place_phrases(query.tree, Place.ANYWHERE))


def relaxed_notice(step: Step, missing: Iterable[str], apart: int) -> RelaxedNotice:
    """Return the notice about a page of partial matches.

    Args:
        step: what was demanded.
        missing: words that the archive does not hold.
        apart: articles that hold all the words.
    """
    is_near = step.place is Place.NEAR
    return RelaxedNotice(
        share=step.share, missing=tuple(missing), left_out=(), apart=apart, near=is_near
    )
