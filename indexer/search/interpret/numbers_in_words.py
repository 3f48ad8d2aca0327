"""Numbers in words: `quận một` is searched as `quận 1` too, which is what articles write."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from indexer.analysis.fields import Field
from indexer.search.query.syntax import AcronymNode, Respelling, WordNode
from indexer.search.query_notices import SpellingNotice
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.number_words import numbered_thing

_FAR_MORE = 3
"""Times as many articles as with two bare words that have the figure: `quan ba` is *quan bà*."""

_Node = WordNode | AcronymNode


def with_figures(
    nodes: Sequence[_Node], statistics: TermStatistics
) -> tuple[list[_Node], list[SpellingNotice]]:
    """Return the nodes with those of numbered things joined, and a notice of each.

    Args:
        nodes: the words of a query.
        statistics: count the articles.
    """
    read: list[_Node] = list(nodes)
    notices: list[SpellingNotice] = []
    for place, (first, second) in reversed(list(enumerate(pairwise(nodes)))):
        if not isinstance(first, WordNode) or not isinstance(second, WordNode):
            continue
        thing = _numbered(first, second, statistics)
        if thing:
            figure = (thing[1],)
            respelling = Respelling(1, 2, figure)
            read[place : place + 2] = [AcronymNode((first, second), (thing,), (), (respelling,))]
            notices.insert(0, SpellingNotice(text=" ".join(thing)))
    return read, notices


def _numbered(
    first: WordNode, second: WordNode, statistics: TermStatistics
) -> tuple[str, str] | None:
    """Return two words as a thing and its figure, if the archive numbers it so."""
    are_plain = first.is_plain and second.is_plain and second.start - first.end == 1
    if not are_plain or not len(first.tokens) == len(second.tokens) == 1:
        return None
    head, word = first.tokens[0], second.tokens[0]
    figure = numbered_thing(head.exact, word.exact)
    if not figure.isdecimal():
        return None
    # Of a bare head the commonest form is meant whose figure the archive has.
    numbered = [form for form in statistics.exact_forms(f"{head.folded} {figure}")]
    marked = [form for form in numbered if numbered_thing(*form.text.split(" "))]
    if not marked:
        return None
    if head.exact == head.folded:
        (typed,) = statistics.document_frequencies(Field.PAIRS, [f"{head.folded} {word.folded}"])
        if marked[0].documents <= _FAR_MORE * typed:
            return None
    return marked[0].text.split(" ")[0], figure
