"""The walk over an interpreted tree that all compilers of queries have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import (
    And,
    AndNot,
    Column,
    InRange,
    InSection,
    MatchAll,
    MultiPhrase,
    Or,
    Phrase,
    Query,
    Term,
)
from indexer.search.query.syntax import (
    DateNode,
    FieldNode,
    NotNode,
    OrNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    WordNode,
    flatten,
    speaker_name,
)
from indexer.vietnamese.multi_word_terms import MONTH_WORDS, is_whole, stands_alone
from indexer.vietnamese.section_names import other_names


class TreeCompiler(ABC):
    """Compiles alternatives, exclusions, dates and sections; what is left are the leaves."""

    def _compile(self, node: SyntaxNode) -> Query:
        if isinstance(node, OrNode):
            return Or(tuple(map(self._compile, node.children)))
        if isinstance(node, NotNode):
            return AndNot(MatchAll(), self._compile_excluded(node.child))
        if isinstance(node, DateNode):
            return InRange(Column.PUBLISHED, node.low, node.high)
        if isinstance(node, FieldNode):
            return any_of([self._compile_field(node), *_other_sections(node)])
        if isinstance(node, PhraseNode):
            return self._compile_phrase(node)
        if isinstance(node, PatternNode):
            return self._compile_pattern(node, Field.FOLDED)
        return self._compile_conjunction(tuple(flatten((node,))))

    def _compile_conjunction(self, nodes: Sequence[SyntaxNode]) -> Query:
        person = next(filter(speaker_name, nodes), None)
        if person:
            others = [node for node in nodes if node is not person]
            return self._compile_section(speaker_name(person), others)
        excluded = [
            self._compile_excluded(node.child) for node in nodes if isinstance(node, NotNode)
        ]
        included = [node for node in nodes if not isinstance(node, NotNode)]
        query = self._compile_included(included) if included else MatchAll()
        return AndNot(query, Or(tuple(excluded))) if excluded else query

    def _compile_section(self, name: tuple[str, ...], nodes: Sequence[SyntaxNode]) -> Query:
        """Require that a person speaks, and match the words inside that person's sections."""
        # Dates and other fields are about the article, not about the section.
        outside = [node for node in nodes if isinstance(node, FieldNode | DateNode | NotNode)]
        inside = [node for node in nodes if node not in outside]
        query = in_a_row(Field.PERSON, name)
        if inside:
            query = And((query, InSection(name, self._compile_conjunction(inside))))
        return And((query, self._compile_conjunction(outside))) if outside else query

    @abstractmethod
    def _compile_included(self, nodes: Sequence[SyntaxNode]) -> Query:
        """Compile the nodes of a conjunction that are not excluded."""

    @abstractmethod
    def _compile_excluded(self, node: SyntaxNode) -> Query:
        """Compile what must not match."""

    @abstractmethod
    def _compile_field(self, node: FieldNode) -> Query:
        """Compile a leaf in its field."""

    @abstractmethod
    def _compile_phrase(self, node: PhraseNode) -> Query:
        """Compile words in quotation marks."""

    @abstractmethod
    def _compile_pattern(self, node: PatternNode, field: Field) -> Query:
        """Compile a wildcard or a fuzzy word in a field."""


def all_of(queries: Sequence[Query]) -> Query:
    """Return the query that matches all of one query or more."""
    return queries[0] if len(queries) == 1 else And(tuple(queries))


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query that matches any of one query or more."""
    return queries[0] if len(queries) == 1 else Or(tuple(queries))


def _other_sections(node: FieldNode) -> list[Query]:
    """Return queries for the other names of a category that is a newspaper's usual section."""
    leaf = node.child
    if node.field is not Field.CATEGORY or isinstance(leaf, PatternNode) or leaf.exact:
        return []
    if isinstance(leaf, WordNode) and (leaf.prefix or leaf.literal):
        return []
    return [in_a_row(node.field, name, 0.0) for name in other_names(leaf.text)]


def in_a_row(field: Field, texts: Sequence[str], boost: float = 1.0) -> Query:
    """Return the query that matches terms in a row, or one term."""
    return Term(field, texts[0], boost) if len(texts) == 1 else Phrase(field, tuple(texts), boost)


def in_phrase(
    leaf: WordNode | PhraseNode, field: Field, texts: Sequence[str], boost: float = 0.0
) -> Query:
    """Return the query that matches the terms of a leaf: in a row, or as near as its slop says."""
    if not isinstance(leaf, PhraseNode) or not leaf.slop or len(texts) < 2:
        return in_a_row(field, texts, boost)
    return MultiPhrase(field, tuple((text,) for text in texts), leaf.slop, boost)


def is_only_joined(tokens: Sequence[Token], term: str) -> bool:
    """Tell whether a joined term is all that words match, and not the words in a row.

    So are figures and signs, and ordinals with diacritics: `quý ba` is not *quý bà*, but
    `hang 2` may be *hàng 2*. A day in words is written without `ngày` as well.
    """
    if is_spelled_day(tokens):
        return False
    is_marked = any(token.exact != token.folded for token in tokens)
    return stands_alone(term) or (is_marked and is_whole(term))


def is_spelled_day(tokens: Sequence[Token]) -> bool:
    """Tell whether words are a day in words, which articles write with `ngày` and without."""
    return any(token.folded in MONTH_WORDS for token in tokens)
