"""What a person typed becomes a tree and notes; nothing that can be typed raises.

Blanks between words mean all of them; `OR` (`HOẶC`, `|`) binds less. `"…"` is a phrase, `-word`
excludes, `=word` demands the marks as typed, `word*` is a beginning, `+word` is searched as it
stands, `field:value` and `date:from..to` narrow, brackets group. Whatever cannot be understood is
passed over with a note that says where.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.analysis.fields import Field
from indexer.search.query.date_ranges import span
from indexer.search.query.syntax import (
    AndNode,
    DateNode,
    FieldNode,
    NotNode,
    OrNode,
    PhraseNode,
    SyntaxNode,
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
from indexer.vietnamese.normalization import canonical, fold

LONGEST_QUERY = 2000
"""Characters of a query that are read."""

MOST_WORDS = 100
"""Words and phrases of a query that are read."""

DEEPEST = 20
"""Brackets inside brackets that are read."""

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
"""The names of fields, without marks; English and Vietnamese."""

_DATE_NAMES = frozenset({"date", "ngay"})
_OR_WORDS = frozenset({"OR", "HOẶC", "|", "||"})
_QUOTES = '"“”„«»'
_TOKEN = re.compile(
    rf"(?P<blank>\s+)|(?P<open>\()|(?P<close>\))"
    rf"|(?P<name>[^\W\d_]+(?:[\-_][^\W\d_]+)?):(?=\S)"
    rf"|(?P<sign>[\-+=](?=[^\s)\-+=*]))|(?P<quote>[{_QUOTES}])"
    rf"|(?P<word>[^\s(){_QUOTES}]+)"
)


_DATE_VALUE = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[^\s()]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query understood: its canonical text, its tree (None when nothing is left), and notes."""

    text: str
    tree: SyntaxNode | None
    notices: tuple[Notice, ...]


@dataclass(slots=True)
class _Frame:
    """An open bracket: the alternatives read so far, and whether the bracket is negated."""

    negated: bool = False
    start: int = 0
    alternatives: list[list[SyntaxNode]] = field(default_factory=lambda: [[]])


@dataclass(slots=True)
class _Signs:
    """The signs and the field name that stand before the next word."""

    negated: bool = False
    exact: bool = False
    literal: bool = False
    name: str = ""


def parse(typed: str) -> Parsed:
    """Read a query; never raises."""
    return _Parser(typed).run()


class _Parser:
    """Reads one query from left to right with a stack of open brackets."""

    def __init__(self, typed: str) -> None:
        cut = typed[: LONGEST_QUERY * 4]
        text = " ".join(canonical(cut).split())
        self.notices: list[Notice] = []
        if len(text) > LONGEST_QUERY or len(typed) > len(cut):
            text = text[:LONGEST_QUERY]
            self._notice(CutNotice(len(text), len(text), limit=LONGEST_QUERY))
        self.text = text
        self.frames = [_Frame()]
        self.signs = _Signs()
        self.words = self.ignored_depth = 0

    def run(self) -> Parsed:
        """The tree and the notes."""
        at = 0
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            if token is None:
                at += 1
                continue
            at = self._token(token)
        while len(self.frames) > 1:
            self._notice(BracketNotice(self.frames[-1].start, self.frames[-1].start + 1))
            self._close()
        return Parsed(self.text, _joined(self.frames[0]), tuple(self.notices))

    def _token(self, token: re.Match[str]) -> int:
        kind, value = token.lastgroup, token.group()
        if kind == "quote":
            return self._phrase(token.start())
        if kind == "open":
            self._open(token.start())
        elif kind == "close":
            self._closed(token.start())
        elif kind == "name":
            return self._name(token)
        elif kind == "sign":
            self.signs.negated |= value == "-"
            self.signs.exact |= value == "="
            self.signs.literal |= value == "+"
        elif kind == "word":
            self._word(value, token.start())
        return token.end()

    def _name(self, token: re.Match[str]) -> int:
        name = fold(token["name"]).replace("-", "").replace("_", "")
        if name in _DATE_NAMES:
            value = _DATE_VALUE.match(self.text, token.end())
            return self._dated(value) if value else token.end()
        if name not in FIELDS:
            # Not a field of ours: an ordinary word, such as `Điều 5:khoản`.
            self._word(token["name"], token.start())
            return token.end()
        self.signs.name = name
        return token.end()

    def _dated(self, value: re.Match[str]) -> int:
        bounds = span(value.group().strip(_QUOTES))
        if bounds is None:
            self._notice(DateNotice(*value.span(), value=value.group()[:40]))
            self.signs = _Signs()
        else:
            self._add(DateNode(*bounds, value.start(), value.end()))
        return value.end()

    def _phrase(self, start: int) -> int:
        ends = (self.text.find(mark, start + 1) for mark in _QUOTES)
        end = min((found for found in ends if found >= 0), default=-1)
        if end < 0:
            self._notice(QuoteNotice(start, start + 1))
            return start + 1
        inner = self.text[start + 1 : end]
        self._leaf(PhraseNode(inner, start + 1, end, self.signs.exact))
        return end + 1

    def _word(self, value: str, start: int) -> None:
        if value in _OR_WORDS:
            if self.frames[-1].alternatives[-1]:
                self.frames[-1].alternatives.append([])
            self.signs = _Signs()
            return
        text = value.rstrip("*")
        prefix = text != value
        if "*" in text or (prefix and len(text) < 2):
            self._notice(WildcardNotice(start, start + len(value)))
            text, prefix = text.replace("*", " ").strip(), False
        end = start + len(text)
        self._leaf(WordNode(text, start, end, self.signs.exact, prefix, self.signs.literal))

    def _leaf(self, leaf: WordNode | PhraseNode) -> None:
        if not any(letter.isalnum() for letter in leaf.text):
            self.signs = _Signs()
            return
        self.words += len(leaf.text.split())
        if self.words > MOST_WORDS:
            if not any(isinstance(notice, WordLimitNotice) for notice in self.notices):
                self._notice(WordLimitNotice(leaf.start, len(self.text), limit=MOST_WORDS))
            return
        name = self.signs.name
        self._add(FieldNode(FIELDS[name], leaf) if name else leaf)

    def _add(self, node: SyntaxNode) -> None:
        self.frames[-1].alternatives[-1].append(NotNode(node) if self.signs.negated else node)
        self.signs = _Signs()

    def _open(self, start: int) -> None:
        if len(self.frames) > DEEPEST:
            if not self.ignored_depth:
                self._notice(DepthNotice(start, start + 1, limit=DEEPEST))
            self.ignored_depth += 1
            return
        self.frames.append(_Frame(self.signs.negated, start))
        self.signs = _Signs()

    def _closed(self, start: int) -> None:
        if self.ignored_depth:
            self.ignored_depth -= 1
        elif len(self.frames) == 1:
            self._notice(BracketNotice(start, start + 1))
        else:
            self._close()

    def _close(self) -> None:
        frame = self.frames.pop()
        node = _joined(frame)
        if node is not None:
            self.frames[-1].alternatives[-1].append(NotNode(node) if frame.negated else node)
        self.signs = _Signs()

    def _notice(self, notice: Notice) -> None:
        if len(self.notices) < _MOST_NOTICES:
            self.notices.append(notice)


def _joined(frame: _Frame) -> SyntaxNode | None:
    groups = [
        nodes[0] if len(nodes) == 1 else AndNode(tuple(nodes))
        for nodes in frame.alternatives
        if nodes
    ]
    if len(groups) > 1:
        return OrNode(tuple(groups))
    return groups[0] if groups else None
