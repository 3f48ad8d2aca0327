"""What of a query is to be marked in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.query.syntax import AndNode, FieldNode, OrNode, PhraseNode, SyntaxNode, WordNode


@dataclass(slots=True)
class Wanted:
    """What to mark.

    Attributes:
        words: folded form -> the exact forms typed for it; none means any marks will do.
        strict: folded forms whose typed marks are demanded.
        prefixes: folded beginnings.
        runs: phrases as folded forms; their words are marked only in a row.
        pairs: folded forms that stand side by side in the query; snippets prefer them so.
        other_forms: short or long forms that were searched as well, as runs of folded forms.
        people: names, as folded forms, in whose sections the match is to be shown.
    """

    words: dict[str, set[str]] = field(default_factory=dict)
    strict: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    pairs: set[tuple[str, str]] = field(default_factory=set)
    other_forms: tuple[tuple[str, ...], ...] = ()
    people: tuple[tuple[str, ...], ...] = ()


def wanted(tree: SyntaxNode | None, analyzer: Analyzer, exact: bool = False) -> Wanted:
    """What a typed tree asks to be marked in an article's text."""
    found = Wanted(people=tuple(_people(tree, analyzer)) if tree else ())
    before = ""
    for leaf in _leaves(tree) if tree else ():
        tokens = analyzer.tokens(leaf.text)
        for token in tokens:
            found.pairs.add((before, token.folded))
            before = token.folded
        if isinstance(leaf, PhraseNode) and len(tokens) > 1:
            found.runs += (tuple(token.folded for token in tokens),)
            continue
        for token in tokens:
            if isinstance(leaf, WordNode) and leaf.prefix and token is tokens[-1]:
                found.prefixes += (token.folded,)
                continue
            found.words.setdefault(token.folded, set()).add(token.exact)
            if leaf.exact or exact:
                found.strict.add(token.folded)
            for extra in token.extras:
                found.words.setdefault(analyzer.folded(extra), set()).add(extra)
    return found


def _people(node: SyntaxNode, analyzer: Analyzer) -> Iterator[tuple[str, ...]]:
    """The names that are asked for as speakers, as folded forms."""
    if isinstance(node, FieldNode) and node.field is Field.PERSON:
        names = tuple(token.folded for token in analyzer.tokens(node.child.text))
        if names:
            yield names
    elif isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from _people(child, analyzer)


def _leaves(node: SyntaxNode) -> Iterator[WordNode | PhraseNode]:
    if isinstance(node, WordNode | PhraseNode):
        yield node
    elif isinstance(node, FieldNode):
        yield node.child
    elif isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from _leaves(child)
