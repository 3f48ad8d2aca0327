"""The syntax tree of a query: its leaves carry the tokens that the analyzer made of them.

Spans are offsets into the canonical query text. The parser makes all nodes but `AcronymNode`
and `UnitNode`, which interpretation adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field


@dataclass(frozen=True, slots=True)
class WordNode:
    """A run without blanks: usually one word, else its parts (`1/2`, `Mát-xcơ-va`).

    Attributes:
        tokens: its words, with the extra terms that they make together.
        exact: `=từ`: the diacritics have to match as typed.
        prefix: `từ*`: the last token may go on.
        literal: `+từ`: nothing is read into it, neither keystrokes nor acronyms nor diacritics.
        likely_forms: the likeliest exact form of each token, where its diacritics were restored.
        other_forms: forms of its one token that are as likely.
        is_passing: what the query says without being about it (`ở`, `bao nhiêu`): no article
            has to hold it.
    """

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    exact: bool = False
    prefix: bool = False
    literal: bool = False
    likely_forms: tuple[str, ...] = ()
    other_forms: tuple[str, ...] = ()
    is_passing: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the word carries no sign: `=từ`, `+từ` and `từ*` are not plain."""
        return not (self.exact or self.literal or self.prefix)


@dataclass(frozen=True, slots=True)
class PhraseNode:
    """Words that have to follow one another.

    Attributes:
        slop: `"…"~5`: other words that may stand among them, in any order.
    """

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    exact: bool = False
    slop: int = 0


@dataclass(frozen=True, slots=True)
class WildcardNode:
    """A pattern of one word: `*` stands for any letters, `?` for one (`ph*ng`, `c?ng`).

    Attributes:
        text: the pattern in lower case; it begins with a letter or digit.
        exact: `=ph*ng`: the diacritics have to match as typed.
    """

    text: str
    start: int
    end: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class FuzzyNode:
    """A word that may be misspelt: `từ~`, `từ~2`.

    Attributes:
        token: the word.
        distance: letters that may be inserted, left out or changed: 1 or 2; never the first one.
    """

    text: str
    start: int
    end: int
    token: Token
    distance: int = 1


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A leaf to be matched in one field: `title:…`, `người:"…"`."""

    field: Field
    child: LeafNode


@dataclass(frozen=True, slots=True)
class DateNode:
    """Published in [low, high), in seconds since 1970-01-01T00:00Z; None is an open end."""

    low: int | None
    high: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NotNode:
    """A node that must not match."""

    child: SyntaxNode


@dataclass(frozen=True, slots=True)
class AndNode:
    """Nodes that all have to match; without any it is every article."""

    children: tuple[SyntaxNode, ...]


@dataclass(frozen=True, slots=True)
class OrNode:
    """Nodes of which any has to match; `OR` binds less than the blank between words."""

    children: tuple[SyntaxNode, ...]


@dataclass(frozen=True, slots=True)
class Respelling:
    """Another spelling of some words of a node: from the word `start` to the one before `end`."""

    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcronymNode:
    """Neighbouring words, and the short or long forms that may stand in their place.

    Attributes:
        alternatives: the words of each other form: folded ones of acronyms, exact ones of
            other spellings; a glued spelling is one word with any diacritics.
        forms: of two words that are a unit, the bigrams with diacritics that they stand for.
        respellings: where the other forms are spellings of the same words (`ô tô`, `oto`).
    """

    words: tuple[WordNode, ...]
    alternatives: tuple[tuple[str, ...], ...]
    forms: tuple[str, ...] = ()
    respellings: tuple[Respelling, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitNode:
    """Neighbouring words that the archive writes as one: `ngân hàng nhà nước`.

    Attributes:
        forms: of two words, the bigrams with diacritics that they stand for, commonest first.
        between: a word that may stand before the last one: `nghị quyết (số) 42`.
    """

    words: tuple[WordNode, ...]
    forms: tuple[str, ...] = ()
    between: Token | None = None


TextNode = WordNode | PhraseNode
PatternNode = WildcardNode | FuzzyNode
LeafNode = TextNode | PatternNode
SyntaxNode = LeafNode | FieldNode | DateNode | NotNode | AndNode | OrNode | AcronymNode | UnitNode


def leaves(
    node: SyntaxNode | None, *, in_fields: bool = True, excluded: bool = True
) -> Iterator[LeafNode]:
    """Yield the leaves of a tree, in the order of the query.

    Args:
        node: the tree.
        in_fields: those of fields as well.
        excluded: those that must not match as well.
    """
    if isinstance(node, LeafNode):
        yield node
    elif isinstance(node, FieldNode) and in_fields:
        yield node.child
    elif isinstance(node, NotNode) and excluded:
        yield from leaves(node.child, in_fields=in_fields)
    elif isinstance(node, AndNode | OrNode):
        for child in node.children:
            yield from leaves(child, in_fields=in_fields, excluded=excluded)


def matching_leaves(node: SyntaxNode | None) -> Iterator[LeafNode]:
    """Yield the leaves that articles have to match in their text."""
    return leaves(node, in_fields=False, excluded=False)


def speaker_name(node: SyntaxNode) -> tuple[str, ...]:
    """Return the folded words of the speaker's name in a node; other nodes have none.

    The beginning of a name, a pattern and words near one another are no name.
    """
    if not isinstance(node, FieldNode) or node.field is not Field.PERSON:
        return ()
    leaf = node.child
    if isinstance(leaf, PatternNode) or (isinstance(leaf, WordNode) and leaf.prefix):
        return ()
    if isinstance(leaf, PhraseNode) and leaf.slop:
        return ()
    return tuple(token.folded for token in leaf.tokens)


def flatten(nodes: tuple[SyntaxNode, ...]) -> Iterator[SyntaxNode]:
    """Yield the nodes of a conjunction; brackets without an `OR` inside make no difference."""
    for node in nodes:
        if isinstance(node, AndNode):
            yield from flatten(node.children)
        else:
            yield node
