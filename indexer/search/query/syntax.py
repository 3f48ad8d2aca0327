"""What a person typed, as a tree; places are offsets into the canonical query text."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.analysis.fields import Field


@dataclass(frozen=True, slots=True)
class WordNode:
    """A run of letters without blanks, perhaps demanded as typed (`=từ`) or a prefix (`từ*`)."""

    text: str
    start: int
    end: int
    exact: bool = False
    prefix: bool = False
    literal: bool = False
    """`+từ`: nothing is read into it, neither keystrokes nor acronyms."""


@dataclass(frozen=True, slots=True)
class PhraseNode:
    """Words that have to follow one another."""

    text: str
    start: int
    end: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A word or phrase to be found in one field: `title:…`, `người:"…"`."""

    field: Field
    child: WordNode | PhraseNode


@dataclass(frozen=True, slots=True)
class DateNode:
    """Published in [low, high), in seconds since 1970-01-01T00:00Z; None is an open end."""

    low: int | None
    high: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NotNode:
    """What must not match."""

    child: SyntaxNode


@dataclass(frozen=True, slots=True)
class AndNode:
    """Everything has to match."""

    children: tuple[SyntaxNode, ...]


@dataclass(frozen=True, slots=True)
class OrNode:
    """Something has to match; `OR` binds less than the blank between words."""

    children: tuple[SyntaxNode, ...]


SyntaxNode = WordNode | PhraseNode | FieldNode | DateNode | NotNode | AndNode | OrNode
