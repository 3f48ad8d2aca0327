"""The terms of a query to highlight in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.search.interpreted_query import FoldedForms
from indexer.search.present.term_patterns import TermPattern, term_pattern
from indexer.search.query.syntax import (
    AndNode,
    OrNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    WordNode,
    flatten,
    leaves,
    speaker_name,
)
from indexer.vietnamese.syllables import folded_form


@dataclass(slots=True)
class HighlightTerms:
    """The terms of one query to highlight.

    Attributes:
        words: folded form -> the exact forms typed for it; none means that any diacritics match.
        strict: folded forms whose typed diacritics have to match.
        prefixes: folded beginnings of words, of prefix queries.
        patterns: of wildcards and fuzzy words.
        phrases: of phrase queries; their words are highlighted only in a row.
        bigrams: folded forms that are neighbours in the query; snippets prefer them as neighbours.
        alternatives: short or long forms of acronyms that were searched as well.
        speakers: names of speakers, to whose sections the snippets are limited.
        typed_words: words as typed, each with the terms of which its articles hold any.
    """

    words: dict[str, set[str]] = field(default_factory=dict)
    strict: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    patterns: tuple[TermPattern, ...] = ()
    phrases: tuple[FoldedForms, ...] = ()
    bigrams: set[tuple[str, str]] = field(default_factory=set)
    alternatives: tuple[FoldedForms, ...] = ()
    speakers: tuple[FoldedForms, ...] = ()
    typed_words: tuple[tuple[str, FoldedForms], ...] = ()


def collect_highlight_terms(
    tree: SyntaxNode | None,
    exact: bool = False,
    alternatives: tuple[FoldedForms, ...] = (),
) -> HighlightTerms:
    """Collect the terms of a syntax tree that articles are searched for.

    Args:
        tree: the query.
        exact: every typed diacritic has to match.
        alternatives: short or long forms of acronyms that are searched as well.
    """
    terms = HighlightTerms(
        alternatives=alternatives,
        speakers=tuple(_speakers(tree)) if tree else (),
    )
    terms.typed_words = tuple(_typed_words(tree)) if tree else ()
    previous = ""
    for leaf in leaves(tree, excluded=False):
        if isinstance(leaf, PatternNode):
            terms.patterns += (term_pattern(leaf, exact),)
            continue
        tokens = leaf.tokens
        for token in tokens:
            terms.bigrams.add((previous, token.folded))
            previous = token.folded
        if isinstance(leaf, PhraseNode) and len(tokens) > 1 and not leaf.slop:
            terms.phrases += (tuple(token.folded for token in tokens),)
            continue
        for token in tokens:
            if isinstance(leaf, WordNode) and leaf.prefix and token is tokens[-1]:
                terms.prefixes += (token.folded,)
                continue
            terms.words.setdefault(token.folded, set()).add(token.exact)
            if leaf.exact or exact:
                terms.strict.add(token.folded)
            for extra in token.extras:
                terms.words.setdefault(folded_form(extra), set()).add(extra)
    return terms


def _typed_words(tree: SyntaxNode) -> Iterator[tuple[str, FoldedForms]]:
    """Yield the words that articles should hold, each with the terms of which any will do."""
    for node in flatten((tree,)):
        if isinstance(node, WordNode) and not node.prefix and node.tokens:
            joined = (folded_form(extra) for token in node.tokens for extra in token.extras)
            yield node.text, (node.tokens[0].folded, *joined)


def _speakers(node: SyntaxNode) -> Iterator[FoldedForms]:
    """Yield the names of speakers that are searched for."""
    if name := speaker_name(node):
        yield name
    elif isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from _speakers(child)
