"""The query parser: typed text to a syntax tree and notices; nothing that can be typed raises.

Blanks between words mean all of them, as `AND` (`VÀ`, `&&`); `OR` (`HOẶC`, `|`) binds less.
`"…"` is a phrase, `"…"~5` its words near one another, `-word`, `!word` and `NOT` (`KHÔNG`) exclude,
`=word` demands the diacritics as typed, `word*` is a beginning, `c?ng` and `ph*ng` are wildcards,
`word~` and `word~2` may be misspelt by one or two letters, `+word` is searched as it stands,
`field:value`, `field:(…)` and `date:from..to` narrow, brackets group. Text that has no meaning in
the language is left out, with a notice that says where; it is never searched as words.
"""

from __future__ import annotations

import re

from indexer.analysis.analyzer import Analyzer
from indexer.search.query.date_values import QUOTES, find_date_value
from indexer.search.query.field_names import (
    DATE_KEYS,
    FIELDS,
    KNOWN_NAMES,
    UnknownField,
    date_bound,
    field_key,
    is_date_meant,
    is_known,
    read_unknown_name,
)
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.lexemes import (
    BAD_PATTERN,
    DOTTED_NAME,
    FUZZY,
    LEXEME,
    PHRASE_SIGNS,
    VALUE,
    WILDCARD,
    WORD_BOOST,
)
from indexer.search.query.open_brackets import OpenBracket, Signs
from indexer.search.query.operators import (
    NEGATIONS,
    OFFERED,
    IsWritten,
    Operator,
    is_plain_negation,
    negated_run,
    read_operator,
)
from indexer.search.query.query_text import QueryText
from indexer.search.query.spanning_tokens import add_spanning_terms
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
from indexer.search.query_notices import (
    BracketNotice,
    DateNotice,
    DepthNotice,
    EmptyNotice,
    FieldNotice,
    FieldValueNotice,
    LookupNotice,
    NegationNotice,
    OperatorNotice,
    QuoteNotice,
    WildcardNotice,
    WordLimitNotice,
)
from indexer.vietnamese.normalization import lower_canonical

MOST_WORDS = 100
"""Words and phrases of a query that are read."""

DEEPEST = 20
"""Brackets inside brackets that are read."""

_FINAL_PUNCTUATION = ".,;:!?…"


def parse(typed: str, analyzer: Analyzer, is_written: IsWritten | None = None) -> InterpretedQuery:
    """Parse a query, and analyse its words once; never raises.

    Args:
        typed: the query.
        analyzer: makes the tokens of the leaves.
        is_written: tells what the archive writes; without it every name is a word.
    """
    query = _Parser(typed, analyzer, is_written).parse()
    if query.tree or not query.notices:
        return query
    # What is not understood never empties the page by itself: its value is searched for.
    if any(isinstance(notice, FieldNotice) for notice in query.notices):
        return _Parser(typed, analyzer, is_written, searches_values=True).parse()
    return query


class _Parser:
    """A parser of one query, which goes from left to right with a stack of open brackets."""

    def __init__(
        self,
        typed: str,
        analyzer: Analyzer,
        is_written: IsWritten | None,
        *,
        searches_values: bool = False,
    ) -> None:
        self._query, self._is_written = QueryText(typed, analyzer), is_written
        self._text = self._query.text
        self._searches_values = searches_values
        self._brackets = [OpenBracket()]
        self._signs = Signs()
        self._word_count = self._ignored_depth = 0

    def parse(self) -> InterpretedQuery:
        """Return the query with nothing read into it."""
        position = 0
        while position < len(self._text):
            lexeme = LEXEME.match(self._text, position)
            position = self._read(lexeme) if lexeme else position + 1
        while len(self._brackets) > 1:
            start = self._brackets[-1].start
            self._query.notice(BracketNotice(start, start + 1))
            self._close_bracket()
        tree = self._brackets[0].node()
        if tree is None and any(isinstance(notice, DateNotice) for notice in self._query.notices):
            # A date that is left out leaves all articles.
            tree = AndNode(())
        elif tree is None and self._text:
            self._query.notice(EmptyNotice(0, len(self._text)))
        return InterpretedQuery(self._text, self._text, tree, tuple(self._query.notices), tree)

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
        elif kind == "boost":
            self._query.ignore(start, lexeme.end())
        elif kind == "sign":
            self._signs.negated ^= value in "-!"
            self._signs.exact |= value == "="
            self._signs.literal |= value == "+"
        elif kind in ("word", "address"):
            return self._read_word(value, start)
        return lexeme.end()

    def _read_name(self, lexeme: re.Match[str]) -> int:
        name, end = lexeme["name"], lexeme.end()
        has_value = end < len(self._text) and self._text[end] not in " )"
        if (bound := date_bound(name)) and self._bounds_a_date(lexeme, bound):
            return self._read_date(lexeme.start(), end + (not has_value), bound)
        if is_known(name) and (has_value or self._names_a_field(name, lexeme)):
            return self._read_field(field_key(name), lexeme)
        if is_known(name) and not has_value and name.isascii() and end == len(self._text):
            self._query.ignore(lexeme.start(), end)
            return end
        unknown = self._read_unknown_name(lexeme) if has_value else None
        if unknown is None:
            for run in re.finditer(r"\S+", name):
                self._read_word(run[0], lexeme.start() + run.start())
            return end
        if unknown is UnknownField.LEFT_OUT and not self._searches_values:
            return self._leave_out(FieldNotice, lexeme.start(), end, known=KNOWN_NAMES)
        self._query.notice(FieldValueNotice(lexeme.start(), end, value=name, known=KNOWN_NAMES))
        return end

    def _read_unknown_name(self, lexeme: re.Match[str]) -> UnknownField | None:
        def is_word() -> bool:
            tokens = self._query.tokens_between(*lexeme.span("name"))
            return not self._is_written or self._is_written(tokens)

        return read_unknown_name(lexeme["name"], self._text[lexeme.end() :], is_word)

    def _names_a_field(self, name: str, lexeme: re.Match[str]) -> bool:
        """Tell whether a name names a field although a blank follows, as in `title: công an`.

        Inside a sentence (`10 người: 5 nam`) only names without diacritics, in small letters, do.
        """
        if self._text[lexeme.end() : lexeme.end() + 1] != " ":
            return False
        is_first = not self._text[: lexeme.start()].strip(" (-!+=")
        is_plain = name.isascii() and name.islower() and name not in ("nguoi", "ngay", "nguon")
        return is_first or is_plain or (field_key(name) in DATE_KEYS and self._is_dated(lexeme))

    def _bounds_a_date(self, lexeme: re.Match[str], bound: str) -> bool:
        """Tell whether the name of one end of a time (`từ`) has a date behind it."""
        behind = self._text[lexeme.end() :]
        value = find_date_value(self._text, lexeme.end() + behind.startswith(" "), bound)
        if not value or behind.startswith(" "):
            return bool(value and value.ranges)
        return bool(value.ranges) or is_date_meant(lexeme["name"], behind)

    def _is_dated(self, lexeme: re.Match[str]) -> bool:
        value = find_date_value(self._text, lexeme.end() + 1)
        return bool(value and value.ranges)

    def _read_field(self, key: str, lexeme: re.Match[str]) -> int:
        end = lexeme.end() + (self._text[lexeme.end()] == " ")
        if key in FIELDS:
            self._signs.field = FIELDS[key]
            return end
        if key in DATE_KEYS:
            return self._read_date(lexeme.start(), end)
        return self._leave_out(LookupNotice, lexeme.start(), end)

    def _leave_out(
        self,
        kind: type[FieldNotice | LookupNotice],
        start: int,
        end: int,
        **attributes: str,
    ) -> int:
        """Leave out a field with its value, and say so."""
        value = VALUE.match(self._text, end)
        end = value.end() if value else end
        self._query.notice(kind(start, end, value=self._query.shorten(start, end), **attributes))
        self._signs = Signs()
        return end

    def _read_date(self, start: int, value_start: int, bound: str = "") -> int:
        value = find_date_value(self._text, value_start, bound)
        if value is None:
            self._query.ignore(start, value_start)
            return value_start
        if value.ranges:
            first = start if bound else value.start
            nodes = [DateNode(*bounds, first, value.end) for bounds in value.ranges]
            self._add(nodes[0] if len(nodes) == 1 else OrNode(tuple(nodes)))
        else:
            span = value.start, value.end
            text = self._query.shorten(*span).strip(QUOTES)
            self._query.notice(DateNotice(*span, value=text))
            self._signs = Signs()
        return value.end

    def _read_phrase(self, start: int) -> int:
        quotes = (self._text.find(quote, start + 1) for quote in QUOTES)
        end = min((offset for offset in quotes if offset >= 0), default=-1)
        if end < 0:
            self._query.notice(QuoteNotice(start, start + 1))
            return start + 1
        signs = PHRASE_SIGNS.match(self._text, end + 1)
        slop = self._query.read_slop(signs) if signs else 0
        tokens, gaps = self._query.phrase_tokens(start + 1, end, self._is_written)
        text = self._text[start + 1 : end]
        exact = self._signs.exact or self._brackets[-1].signs.exact
        if tokens:
            self._add_leaf(PhraseNode(text, start + 1, end, tokens, exact, slop + gaps))
        self._signs = Signs()
        return signs.end() if signs else end + 1

    def _read_word(self, value: str, start: int) -> int:
        if self._read_operator(value, start):
            return start + len(value)
        whole = start + len(value)
        boost = WORD_BOOST.search(value)
        if boost:
            self._query.ignore(start + boost.start(1), whole)
            value = value[: boost.start(1)]
        if "*" in value:
            value = value.rstrip(_FINAL_PUNCTUATION)
        pattern = self._pattern(value.rstrip(_FINAL_PUNCTUATION), start)
        if pattern:
            self._add_leaf(pattern)
            return whole
        text = value.rstrip("*")
        prefix = text != value
        end = start + len(value)
        if "*" in text or (prefix and len(text) < 2) or BAD_PATTERN.match(value):
            self._query.notice(WildcardNotice(start, end))
            self._signs = Signs()
            return whole
        tokens = add_spanning_terms(self._query.tokens_between(start, end))
        end = start + len(text)
        signs, outer = self._signs, self._brackets[-1].signs
        exact = signs.exact or outer.exact or DOTTED_NAME.fullmatch(text) is not None
        literal = signs.literal or outer.literal
        self._offer_operator(text, start, end)
        self._add_leaf(WordNode(text, start, end, tokens, exact, prefix, literal))
        return whole

    def _read_operator(self, word: str, start: int) -> bool:
        """Read a word if it is an operator."""
        alternatives = self._brackets[-1].alternatives
        operator = read_operator(
            word,
            in_mixed_case=self._query.in_mixed_case,
            between_words=bool(alternatives[-1]) and start + len(word) < len(self._text),
            in_brackets=len(self._brackets) > 1,
        )
        if operator is None or self._signs.exact or self._signs.literal:
            return False
        if word in NEGATIONS and self._is_plain_negation(start, start + len(word)):
            return False
        self._signs = Signs(negated=operator is Operator.NOT and not self._signs.negated)
        if operator is Operator.OR and alternatives[-1]:
            alternatives.append([])
        return True

    def _is_plain_negation(self, start: int, end: int) -> bool:
        """Tell whether `KHÔNG` is the word, and say so."""
        run = negated_run(self._text, start, end)
        if not run or not is_plain_negation(self._query.tokens_between(*run), self._is_written):
            return False
        self._query.notice(NegationNotice(start, end, word=self._text[start:end]))
        return True

    def _offer_operator(self, word: str, start: int, end: int) -> None:
        """Name the operator that a word may have been meant as."""
        operator = OFFERED.get(word)
        between_words = bool(self._brackets[-1].alternatives[-1]) and end + 1 < len(self._text)
        has_notice = any(isinstance(notice, OperatorNotice) for notice in self._query.notices)
        if operator and between_words and not has_notice and self._signs == Signs():
            self._query.notice(OperatorNotice(start, end, word=word, operator=operator))

    def _pattern(self, value: str, start: int) -> PatternNode | None:
        """Return the node of a word with wildcards or with `~`; None if it is not of that form."""
        end = start + len(value)
        fuzzy = FUZZY.fullmatch(value)
        if fuzzy:
            (token,) = self._query.tokens_between(start, start + fuzzy.end(1))
            return FuzzyNode(fuzzy[1], start, end, token, int(fuzzy[2] or 1))
        if WILDCARD.fullmatch(value) and not BAD_PATTERN.match(value):
            text = re.sub(r"\*+", "*", lower_canonical(value))
            exact = self._signs.exact or self._brackets[-1].signs.exact
            return WildcardNode(text, start, end, exact)
        return None

    def _add_leaf(self, leaf: LeafNode) -> None:
        if not any(letter.isalnum() for letter in leaf.text):
            self._signs = Signs()
            return
        self._word_count += len(leaf.text.split())
        if self._word_count > MOST_WORDS:
            if not any(isinstance(notice, WordLimitNotice) for notice in self._query.notices):
                self._query.notice(WordLimitNotice(leaf.start, len(self._text), limit=MOST_WORDS))
            return
        narrowed = self._signs.field or self._brackets[-1].signs.field
        self._add(FieldNode(narrowed, leaf) if narrowed else leaf)

    def _add(self, node: SyntaxNode) -> None:
        self._add_to_bracket(node, self._signs.negated)
        self._signs = Signs()

    def _add_to_bracket(self, node: SyntaxNode, negated: bool) -> None:
        self._brackets[-1].alternatives[-1].append(NotNode(node) if negated else node)

    def _open_bracket(self, start: int) -> None:
        if len(self._brackets) > DEEPEST:
            if not self._ignored_depth:
                self._query.notice(DepthNotice(start, start + 1, limit=DEEPEST))
            self._ignored_depth += 1
            return
        outer, signs = self._brackets[-1].signs, self._signs
        signs.exact |= outer.exact
        signs.literal |= outer.literal
        signs.field = signs.field or outer.field
        self._brackets.append(OpenBracket(signs, start))
        self._signs = Signs()

    def _read_closing_bracket(self, start: int) -> None:
        if self._ignored_depth:
            self._ignored_depth -= 1
        elif len(self._brackets) == 1:
            self._query.notice(BracketNotice(start, start + 1))
        else:
            self._close_bracket()

    def _close_bracket(self) -> None:
        bracket = self._brackets.pop()
        node = bracket.node()
        if node is not None:
            self._add_to_bracket(node, bracket.signs.negated)
        self._signs = Signs()
