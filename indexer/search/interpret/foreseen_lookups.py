"""Foreseen look-ups: what every interpretation asks of an index, asked by one call.

An index may be far away. Interpretation asks in turn, as each answer decides what to ask next; the
figures of a query's own words and of its neighbours are needed whatever comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from indexer.analysis.fields import Field
from indexer.search.interpret.spelling_edits import bigrams_near, words_near
from indexer.search.interpret.spelling_variants import may_be_glued, split_in_two
from indexer.search.query.syntax import AndNode, SyntaxNode, TextNode, WordNode, leaves
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.input_methods import decode
from indexer.vietnamese.syllables import exact_form, folded_form, is_bare_syllable

_WORD = re.compile(r"[^\W_]+")
_LONGEST_RUN = 3
"""Words that may be written as one."""


def look_up_foreseen(
    statistics: TermStatistics,
    tree: SyntaxNode | None,
    others: Sequence[str] = (),
    *,
    at_once: bool = True,
) -> None:
    """Look up the words of a query, its pairs, what they give as one word, and their exact forms.

    The statistics remember them.

    Args:
        statistics: those of the index.
        tree: the query's.
        others: folded words that may stand in place of some of them.
        at_once: see `TermStatistics.look_up`.

    Raises:
        EngineError: the index cannot be read.
    """
    texts = [leaf for leaf in leaves(tree) if isinstance(leaf, TextNode)]
    tokens = [token for leaf in texts for token in leaf.tokens]
    folded = [token.folded for token in tokens]
    extras = [folded_form(extra) for token in tokens for extra in token.extras]
    readings = list(_readings(texts))
    pairs, glued = list(_pairs(folded)), list(_glued(folded))
    typed = zip(glued, _glued([token.exact for token in tokens]), strict=True)
    spellings = [(letters, exact) for letters, exact in typed if may_be_glued(letters)]
    halves = [half for word in folded if may_be_glued(word) for half in split_in_two(word)]
    repair = _asked_by_repair(statistics, tree) if at_once else {}
    statistics.look_up(
        {
            Field.FOLDED: [
                *folded,
                *extras,
                *glued,
                *others,
                *map(folded_form, readings),
                *chain.from_iterable(halves),
                *repair.get(Field.FOLDED, ()),
            ],
            # With diacritics only what was typed is looked for as one word, bare all forms are.
            Field.EXACT: [*readings, *(exact for letters, exact in spellings if letters != exact)],
            Field.PAIRS: [*pairs, *map(" ".join, halves), *repair.get(Field.PAIRS, ())],
        },
        # They tell of every exact word and pair.
        forms=[
            *folded,
            *pairs,
            *_reversed_names(folded),
            *(letters for letters, exact in spellings if letters == exact),
        ],
        at_once=at_once,
    )


def _asked_by_repair(
    statistics: TermStatistics, tree: SyntaxNode | None
) -> Mapping[Field, Sequence[str]]:
    """Return what a repair of two words by themselves asks of a remote engine, right or wrong.

    Of the pairs of longer queries only rare ones are doubted, which is not known yet.
    """
    words = tree.children if isinstance(tree, AndNode) else ()
    if not statistics.is_remote or len(words) != 2:
        return {}
    nodes = [each.tokens for each in words if isinstance(each, WordNode) and each.is_plain]
    if [len(tokens) for tokens in nodes] != [1, 1]:
        return {}
    tokens = [tokens[0] for tokens in nodes]
    near = [words_near(token.folded) for token in tokens]
    is_bare = all(token.exact == token.folded for token in tokens)
    return {
        Field.PAIRS: bigrams_near(tokens[0].folded, tokens[1].folded, near),
        Field.FOLDED: list(chain.from_iterable(near)) if is_bare else (),
    }


def look_up_neighbours(statistics: TermStatistics, runs: Iterable[Sequence[str]]) -> None:
    """Look up words that may be put in place of others, each folded and with its neighbours."""
    runs = list(runs)
    pairs = [pair for run in runs for pair in _pairs(run)]
    words = [word for run in runs for word in run]
    glued = [letters for run in runs for letters in _glued(run)]
    names = [name for run in runs for name in _reversed_names(run)]
    statistics.look_up(
        {Field.FOLDED: [*words, *glued], Field.PAIRS: pairs},
        forms=[*words, *pairs, *names, *filter(may_be_glued, glued)],
    )


def _readings(texts: Sequence[TextNode]) -> Iterator[str]:
    """Yield the exact forms of what words may be the keystrokes of."""
    for text in texts:
        for word in _WORD.findall(text.text):
            yield from (exact_form(reading.word) for reading in decode(word))


def _reversed_names(words: Sequence[str]) -> Iterator[str]:
    """Yield neighbours in the other order, if they are no syllables: names that may be a list."""
    for first, second in pairwise(words):
        if not (is_bare_syllable(first) or is_bare_syllable(second)):
            yield f"{second} {first}"


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return map(" ".join, pairwise(words))


def _glued(words: Sequence[str]) -> Iterator[str]:
    """Yield the folded letters of neighbours as one word."""
    for length in range(2, _LONGEST_RUN + 1):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])
