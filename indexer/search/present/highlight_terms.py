"""The terms of a query to highlight in a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from indexer.search.compile.tree_compiler import is_spelled_day
from indexer.search.present.term_patterns import TermPattern, term_pattern
from indexer.search.query.interpreted_query import ExactForms, FoldedForms, InterpretedQuery
from indexer.search.query.passing_nodes import is_passing, words_of
from indexer.search.query.syntax import (
    AcronymNode,
    AndNode,
    OrNode,
    PatternNode,
    PhraseNode,
    Respelling,
    SyntaxNode,
    TextNode,
    UnitNode,
    WordNode,
    flatten,
    leaves,
    speaker_name,
)
from indexer.vietnamese.multi_word_terms import is_whole
from indexer.vietnamese.syllables import diacritics_agree, folded_form

TypedWord = tuple[str, FoldedForms]
"""A word as typed, and the terms of which an article has to hold any."""


@dataclass(frozen=True, slots=True)
class HighlightRun:
    """Words of a query that were meant in a row: a unit, or a phrase query.

    Attributes:
        folded: the folded form of each word.
        exact: the exact form typed for each.
        forms: runs of exact forms that fit; none: all that have every typed diacritic.
        is_phrase: its words are highlighted only in a row.
        is_optional: it has other forms, of which an article may hold one instead.
        between: the folded form of a word that may stand before the last one; empty for none.
    """

    folded: FoldedForms
    exact: ExactForms
    forms: frozenset[ExactForms] = frozenset()
    is_phrase: bool = False
    is_optional: bool = False
    between: str = ""

    def fits(self, forms: ExactForms) -> bool:
        """Tell whether exact forms in a text are what was meant, not only spelt alike."""
        if self.forms and forms in self.forms:
            return True
        return not self.forms and all(map(diacritics_agree, self.exact, forms))


@dataclass(slots=True)
class HighlightTerms:
    """The terms of one query to highlight.

    Attributes:
        words: folded form -> the exact forms typed for it; none means that any diacritics match.
        strict: folded forms whose typed diacritics have to match.
        alone: folded forms of words that are no part of a unit.
        runs: units and phrases.
        prefixes: folded beginnings of words, of prefix queries.
        patterns: of wildcards and fuzzy words.
        bigrams: folded forms that are neighbours in the query; snippets prefer them as neighbours.
        alternatives: short or long forms of acronyms that were searched as well.
        spellings: other spellings of words that were searched as well.
        respelt: the folded words that have those.
        speakers: names of speakers, to whose sections the snippets are limited.
        typed_words: words as typed, each with the terms of which its articles hold any.
        repaired_words: the same of the query with its spelling repaired, if that was searched.
    """

    words: dict[str, set[str]] = field(default_factory=dict)
    strict: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)
    runs: tuple[HighlightRun, ...] = ()
    prefixes: tuple[str, ...] = ()
    patterns: tuple[TermPattern, ...] = ()
    bigrams: set[tuple[str, str]] = field(default_factory=set)
    alternatives: tuple[FoldedForms, ...] = ()
    spellings: tuple[HighlightRun, ...] = ()
    respelt: tuple[str, ...] = ()
    speakers: tuple[FoldedForms, ...] = ()
    typed_words: tuple[TypedWord, ...] = ()
    repaired_words: tuple[TypedWord, ...] = ()

    @property
    def phrases(self) -> list[HighlightRun]:
        """The runs whose words are highlighted only in a row."""
        return [run for run in self.runs if run.is_phrase]


def collect_highlight_terms(query: InterpretedQuery, exact: bool = False) -> HighlightTerms:
    """Collect the terms that articles are searched for, those of a repair as well.

    Args:
        query: an interpreted query, or one that was only parsed, which has no units.
        exact: every typed diacritic has to match.
    """
    tree = query.tree
    terms = HighlightTerms(
        alternatives=query.alternatives,
        speakers=tuple(_speakers(tree)) if tree else (),
    )
    terms.typed_words = tuple(_typed_words(query))
    _collect(terms, query, exact)
    if query.repaired and query.repaired.tree:
        _collect(terms, query.repaired, exact)
        terms.alternatives += query.repaired.alternatives
        terms.repaired_words = tuple(_typed_words(query.repaired))
    return terms


def _collect(terms: HighlightTerms, query: InterpretedQuery, exact: bool) -> None:
    units = [node for node in _nodes(query.meaning) if _is_unit(node)]
    for node in _nodes(query.meaning):
        if isinstance(node, AcronymNode) and node.respellings:
            terms.spellings += tuple(map(_spelling_run, node.respellings))
            terms.respelt += tuple(word.tokens[0].folded for word in node.words)
    terms.runs += tuple(map(_unit_run, units))
    # What is part of a unit in the repaired query is not alone, though its neighbour is misspelt.
    terms.alone -= {token.folded for unit in units for word in unit.words for token in word.tokens}
    in_units = {word.start for unit in units for word in unit.words}
    wholes = _wholes(query)
    for node in wholes:
        for extra in node.tokens[0].extras[:1]:
            terms.words.setdefault(folded_form(extra), set()).add(extra)
            terms.alone.add(folded_form(extra))
        if is_spelled_day(node.tokens):
            terms.runs += (replace(_row(node), is_phrase=True, is_optional=True),)
    previous = ""
    for leaf in leaves(query.tree, excluded=False):
        if isinstance(leaf, PatternNode):
            terms.patterns += (term_pattern(leaf, exact),)
            continue
        for token in leaf.tokens:
            terms.bigrams.add((previous, token.folded))
            previous = token.folded
        if _is_inside(leaf, wholes):
            continue
        if isinstance(leaf, PhraseNode) and len(leaf.tokens) > 1 and not leaf.slop:
            terms.runs += (_phrase_run(leaf),)
        elif _is_joined(leaf):
            _collect_joined(terms, leaf)
        else:
            _collect_words(terms, leaf, exact, alone=leaf.start not in in_units)


def _collect_words(terms: HighlightTerms, leaf: TextNode, exact: bool, alone: bool) -> None:
    for token in leaf.tokens:
        if isinstance(leaf, WordNode) and leaf.prefix and token is leaf.tokens[-1]:
            terms.prefixes += (token.folded,)
            continue
        terms.words.setdefault(token.folded, set()).add(token.exact)
        terms.alone |= {token.folded} if alone else set()
        if leaf.exact or exact:
            terms.strict.add(token.folded)
        for extra in token.extras:
            terms.words.setdefault(folded_form(extra), set()).add(extra)
            terms.alone.add(folded_form(extra))


def _is_joined(leaf: TextNode) -> bool:
    """Tell whether a leaf has signs inside (`V-League`): its parts match in a row, or glued."""
    if not isinstance(leaf, WordNode) or len(leaf.tokens) < 2 or leaf.exact or leaf.prefix:
        return False
    return bool(leaf.tokens[0].extras)


def _collect_joined(terms: HighlightTerms, leaf: TextNode) -> None:
    terms.runs += (replace(_row(leaf), is_phrase=True, is_optional=True),)
    for extra in leaf.tokens[0].extras:
        terms.words.setdefault(folded_form(extra), set()).add(extra)
        terms.alone.add(folded_form(extra))


def _is_unit(node: SyntaxNode) -> TypeGuard[UnitNode | AcronymNode]:
    return isinstance(node, UnitNode | AcronymNode) and len(node.words) > 1


def _spelling_run(respelling: Respelling) -> HighlightRun:
    folded = tuple(map(folded_form, respelling.forms))
    # A glued word may have any diacritics.
    forms = frozenset({respelling.forms}) if len(folded) > 1 else frozenset[ExactForms]()
    return HighlightRun(folded, respelling.forms, forms)


def _unit_run(unit: UnitNode | AcronymNode) -> HighlightRun:
    tokens = [token for word in unit.words for token in word.tokens]
    folded = tuple(token.folded for token in tokens)
    exact = tuple(token.exact for token in tokens)
    # A text that is written bare has the folded forms.
    forms = {tuple(form.split(" ")) for form in unit.forms}
    return HighlightRun(
        folded,
        exact,
        frozenset({*forms, folded} if forms else ()),
        is_optional=isinstance(unit, AcronymNode),
        between=unit.between.folded if isinstance(unit, UnitNode) and unit.between else "",
    )


def _phrase_run(leaf: PhraseNode) -> HighlightRun:
    return replace(_row(leaf), is_phrase=True)


def _row(leaf: TextNode) -> HighlightRun:
    folded = tuple(token.folded for token in leaf.tokens)
    return HighlightRun(folded, tuple(token.exact for token in leaf.tokens))


def _nodes(node: SyntaxNode | None) -> Iterator[SyntaxNode]:
    """Yield a node and those below it that an article may hold."""
    if node is None:
        return
    yield node
    if isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from _nodes(child)


def _wholes(query: InterpretedQuery) -> list[WordNode]:
    """Return the words that are one term of figures or signs: only the whole is highlighted."""
    return [
        node
        for node in _nodes(query.meaning)
        if isinstance(node, WordNode)
        and any(is_whole(extra) for token in node.tokens[:1] for extra in token.extras[:1])
    ]


def _is_inside(leaf: SyntaxNode, wholes: Sequence[WordNode]) -> bool:
    return isinstance(leaf, TextNode) and any(
        whole.start <= leaf.start < whole.end for whole in wholes
    )


def _typed_words(query: InterpretedQuery) -> Iterator[TypedWord]:
    """Yield the words that articles should hold, each with the terms of which any will do."""
    wholes = _wholes(query)
    required = tuple(flatten((query.meaning,))) if query.meaning else ()
    passing = {word.start for node in filter(is_passing, required) for word in words_of(node)}
    for whole in wholes:
        if whole in required:
            first = whole.tokens[0]
            figure = (first.folded,) if is_spelled_day(whole.tokens) else ()
            yield whole.text, (folded_form(first.extras[0]), *figure)
    for node in flatten((query.tree,) if query.tree else ()):
        if isinstance(node, WordNode) and not node.prefix and node.tokens:
            if _is_inside(node, wholes) or node.start in passing:
                continue
            joined = (folded_form(extra) for token in node.tokens for extra in token.extras)
            yield node.text, (node.tokens[0].folded, *joined)


def _speakers(node: SyntaxNode) -> Iterator[FoldedForms]:
    """Yield the names of speakers that are searched for."""
    if name := speaker_name(node):
        yield name
    elif isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from _speakers(child)
