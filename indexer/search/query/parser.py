"""The query parser: typed text to a syntax tree and notices; nothing that can be typed raises.

Blanks between words mean all of them; `OR` (`HOẶC`, `|`) binds less. `"…"` is a phrase, `-word`
excludes, `=word` demands the diacritics as typed, `word*` is a beginning, `c?ng` and `ph*ng` are
wildcards, `word~` and `word~2` may be misspelt by one or two letters, `+word` is searched as it
stands, `field:value` and `date:from..to` narrow, brackets group. Text that has no meaning in the
language is ignored, with a notice that says where.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.query.date_ranges import parse_date_range
from indexer.search.query.syntax import (
    AndNode,
    DateNode,
    FieldNode,
    FuzzyNode,
    LeafNode,
    NotNode,
    OrNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    WildcardNode,
    WordNode,
)
from indexer.search.search_records import (
    BracketNotice,
    CutNotice,
    DateNotice,
    DepthNotice,
    Notice,
    QuoteNotice,
    WildcardNotice,
    WordLimitNotice,
)
from indexer.vietnamese.multi_word_terms import SPANNING, spanning_terms
from indexer.vietnamese.normalization import canonical, fold, lower_canonical

LONGEST_QUERY = 2000
"""Characters of a query that are read."""

MOST_WORDS = 100
"""Words and phrases of a query that are read."""

DEEPEST = 20
"""Brackets inside brackets that are read."""

MOST_WILDCARDS = 8
"""Wildcards of one word that are read."""

_MOST_NOTICES = 20

FIELDS = {
    "title": Field.TITLE,
    "tieude": Field.TITLE,
    "author": Field.AUTHOR,
    "tacgia": Field.AUTHOR,
    "person": Field.PERSON,
    "nguoi": Field.PERSON,
    "publisher": Field.PUBLISHER,
    "nguon": Field.PUBLISHER,
    "category": Field.CATEGORY,
    "chuyenmuc": Field.CATEGORY,
}
"""The names of fields, without diacritics; English and Vietnamese."""

_DATE_NAMES = frozenset({"date", "ngay"})
_OR_WORDS = frozenset({"OR", "HOẶC", "|", "||"})
_QUOTES = '"“”„«»'
_LEXEME = re.compile(
    rf"(?P<blank>\s+)|(?P<open>\()|(?P<close>\))"
    rf"|(?P<name>[^\W\d_]+(?:[\-_][^\W\d_]+)?):(?=\S)"
    rf"|(?P<sign>[\-+=](?=[^\s)\-+=*]))|(?P<quote>[{_QUOTES}])"
    rf"|(?P<word>[^\s(){_QUOTES}]+)"
)


_WILDCARD = re.compile(r"[^\W_]+(?:[*?]+[^\W_]+)*(?:[*?]+[^\W_]+\**|\?+\*+)")
"""A word with a wildcard inside; a `?` at its end is punctuation, a `*` makes a prefix."""

_FUZZY = re.compile(r"([^\W_]{2,})~([12]?)")
_BAD_PATTERN = re.compile(rf"\?+[^\W_]|[^\W_]+~\d|(?:[^*?]*[*?]+){{{MOST_WILDCARDS + 1}}}")
"""A wildcard in front, a distance other than 1 and 2, too many wildcards."""

_FINAL_PUNCTUATION = ".,;:!?…"
_DATE_VALUE = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[^\s()]+")


@dataclass(slots=True)
class _OpenBracket:
    """An open bracket: the alternatives read so far, and whether the bracket is negated."""

    negated: bool = False
    start: int = 0
    alternatives: list[list[SyntaxNode]] = field(default_factory=lambda: [[]])

    def node(self) -> SyntaxNode | None:
        """Return the node of the bracket's content; None if it has none."""
        groups = [
            nodes[0] if len(nodes) == 1 else AndNode(tuple(nodes))
            for nodes in self.alternatives
            if nodes
        ]
        if len(groups) > 1:
            return OrNode(tuple(groups))
        return groups[0] if groups else None


@dataclass(slots=True)
class _Signs:
    """The signs and the field name in front of the next word."""

    negated: bool = False
    exact: bool = False
    literal: bool = False
    field: Field | None = None


def parse(typed: str, analyzer: Analyzer) -> InterpretedQuery:
    """Parse a query, and analyse its words once; never raises."""
    return _Parser(typed, analyzer).parse()


class _Parser:
    """A parser of one query, which goes from left to right with a stack of open brackets."""

    def __init__(self, typed: str, analyzer: Analyzer) -> None:
        cut = typed[: LONGEST_QUERY * 4]
        text = " ".join(canonical(cut).split())
        self._notices: list[Notice] = []
        if len(text) > LONGEST_QUERY or len(typed) > len(cut):
            text = text[:LONGEST_QUERY]
            self._notice(CutNotice(len(text), len(text), limit=LONGEST_QUERY))
        self._text = text
        self._tokens = _without_spanning_terms(analyzer.tokens(text))
        self._token_starts = [token.start for token in self._tokens]
        self._brackets = [_OpenBracket()]
        self._signs = _Signs()
        self._word_count = self._ignored_depth = 0

    def parse(self) -> InterpretedQuery:
        """Return the query with nothing read into it."""
        position = 0
        while position < len(self._text):
            lexeme = _LEXEME.match(self._text, position)
            position = self._read(lexeme) if lexeme else position + 1
        while len(self._brackets) > 1:
            start = self._brackets[-1].start
            self._notice(BracketNotice(start, start + 1))
            self._close_bracket()
        tree = self._brackets[0].node()
        return InterpretedQuery(self._text, self._text, tree, tuple(self._notices), tree)

    def _read(self, lexeme: re.Match[str]) -> int:
        """Read a lexeme; return the offset after what was read."""
        kind, value, start = lexeme.lastgroup, lexeme.group(), lexeme.start()
        if kind == "quote":
            return self._read_phrase(start)
        if kind == "name":
            return self._read_name(lexeme)
        if kind == "open":
            self._open_bracket(start)
        elif kind == "close":
            self._read_closing_bracket(start)
        elif kind == "sign":
            self._signs.negated |= value == "-"
            self._signs.exact |= value == "="
            self._signs.literal |= value == "+"
        elif kind == "word":
            self._read_word(value, start)
        return lexeme.end()

    def _read_name(self, lexeme: re.Match[str]) -> int:
        name = fold(lexeme["name"]).replace("-", "").replace("_", "")
        if name in _DATE_NAMES:
            value = _DATE_VALUE.match(self._text, lexeme.end())
            return self._read_date(value) if value else lexeme.end()
        if name in FIELDS:
            self._signs.field = FIELDS[name]
        else:
            # Not a field of ours: an ordinary word, such as `Điều 5:khoản`.
            self._read_word(lexeme["name"], lexeme.start())
        return lexeme.end()

    def _read_date(self, value: re.Match[str]) -> int:
        bounds = parse_date_range(value.group().strip(_QUOTES))
        if bounds is None:
            self._notice(DateNotice(*value.span(), value=value.group()[:40]))
            self._signs = _Signs()
        else:
            self._add(DateNode(*bounds, *value.span()))
        return value.end()

    def _read_phrase(self, start: int) -> int:
        quotes = (self._text.find(quote, start + 1) for quote in _QUOTES)
        end = min((offset for offset in quotes if offset >= 0), default=-1)
        if end < 0:
            self._notice(QuoteNotice(start, start + 1))
            return start + 1
        tokens = self._tokens_between(start + 1, end)
        phrase = PhraseNode(self._text[start + 1 : end], start + 1, end, tokens, self._signs.exact)
        self._add_leaf(phrase)
        return end + 1

    def _read_word(self, value: str, start: int) -> None:
        if value in _OR_WORDS:
            if self._brackets[-1].alternatives[-1]:
                self._brackets[-1].alternatives.append([])
            self._signs = _Signs()
            return
        if "*" in value:
            value = value.rstrip(_FINAL_PUNCTUATION)
        end = start + len(value)
        pattern = self._pattern(value.rstrip(_FINAL_PUNCTUATION), start)
        if pattern:
            self._add_leaf(pattern)
            return
        text = value.rstrip("*")
        prefix = text != value
        if "*" in text or (prefix and len(text) < 2) or _BAD_PATTERN.match(value):
            self._notice(WildcardNotice(start, end))
            text, prefix = text.replace("*", " ").strip(), False
        tokens = add_spanning_terms(self._tokens_between(start, end))
        end = start + len(text)
        signs = self._signs
        self._add_leaf(WordNode(text, start, end, tokens, signs.exact, prefix, signs.literal))

    def _pattern(self, value: str, start: int) -> PatternNode | None:
        """Return the node of a word with wildcards or with `~`; None if it is not of that form."""
        end = start + len(value)
        fuzzy = _FUZZY.fullmatch(value)
        if fuzzy:
            (token,) = self._tokens_between(start, start + fuzzy.end(1))
            return FuzzyNode(fuzzy[1], start, end, token, int(fuzzy[2] or 1))
        if _WILDCARD.fullmatch(value) and not _BAD_PATTERN.match(value):
            text = re.sub(r"\*+", "*", lower_canonical(value))
            return WildcardNode(text, start, end, self._signs.exact)
        return None

    def _tokens_between(self, start: int, end: int) -> tuple[Token, ...]:
        first, last = (bisect_left(self._token_starts, offset) for offset in (start, end))
        return tuple(self._tokens[first:last])

    def _add_leaf(self, leaf: LeafNode) -> None:
        if not any(letter.isalnum() for letter in leaf.text):
            self._signs = _Signs()
            return
        self._word_count += len(leaf.text.split())
        if self._word_count > MOST_WORDS:
            if not any(isinstance(notice, WordLimitNotice) for notice in self._notices):
                self._notice(WordLimitNotice(leaf.start, len(self._text), limit=MOST_WORDS))
            return
        self._add(FieldNode(self._signs.field, leaf) if self._signs.field else leaf)

    def _add(self, node: SyntaxNode) -> None:
        self._add_to_bracket(node, self._signs.negated)
        self._signs = _Signs()

    def _add_to_bracket(self, node: SyntaxNode, negated: bool) -> None:
        self._brackets[-1].alternatives[-1].append(NotNode(node) if negated else node)

    def _open_bracket(self, start: int) -> None:
        if len(self._brackets) > DEEPEST:
            if not self._ignored_depth:
                self._notice(DepthNotice(start, start + 1, limit=DEEPEST))
            self._ignored_depth += 1
            return
        self._brackets.append(_OpenBracket(self._signs.negated, start))
        self._signs = _Signs()

    def _read_closing_bracket(self, start: int) -> None:
        if self._ignored_depth:
            self._ignored_depth -= 1
        elif len(self._brackets) == 1:
            self._notice(BracketNotice(start, start + 1))
        else:
            self._close_bracket()

    def _close_bracket(self) -> None:
        bracket = self._brackets.pop()
        node = bracket.node()
        if node is not None:
            self._add_to_bracket(node, bracket.negated)
        self._signs = _Signs()

    def _notice(self, notice: Notice) -> None:
        if len(self._notices) < _MOST_NOTICES:
            self._notices.append(notice)


def split_phrase(phrase: PhraseNode) -> list[WordNode]:
    """Return the words of a phrase as words that may stand anywhere."""
    words: list[WordNode] = []
    for run in re.finditer(r"\S+", phrase.text):
        start, end = (phrase.start + offset for offset in run.span())
        tokens = [token for token in phrase.tokens if start <= token.start < end]
        if tokens:
            terms = add_spanning_terms(tokens)
            words.append(WordNode(run.group(), start, end, terms, phrase.exact))
    return words


def add_spanning_terms(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens of one leaf with the extra terms that several of them make together."""
    extras = [list(token.extras) for token in tokens]
    for position, term in _spanning_terms(tokens):
        extras[position].append(term)
    return tuple(
        replace(token, extras=tuple(terms)) for token, terms in zip(tokens, extras, strict=True)
    )


def _without_spanning_terms(tokens: Sequence[Token]) -> list[Token]:
    """Remove the extra terms of several tokens: signs and quotes may part what they join."""
    spanning = [position for position, _ in _spanning_terms(tokens)]
    return [
        replace(token, extras=token.extras[: len(token.extras) - spanning.count(position)])
        for position, token in enumerate(tokens)
    ]


def _spanning_terms(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    words = [token.exact for token in tokens]
    starts = [position for position, word in enumerate(words) if word in SPANNING]
    return spanning_terms(words, starts)
