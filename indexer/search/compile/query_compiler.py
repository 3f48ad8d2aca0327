"""The typed tree becomes what an engine is asked.

A word has to match without its marks and is preferred with them; neighbours are preferred as
pairs; words that stand in the title count once more, by the title's own length. How much each of
these counts is in `weights`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    And,
    AndMaybe,
    AndNot,
    Column,
    InRange,
    InSection,
    MatchAll,
    MatchNone,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)
from indexer.search.compile.bigram_boosts import pair_terms
from indexer.search.compile.weights import AS_TYPED, BARE, MARKED
from indexer.search.interpret.acronym_expansion import Acronyms
from indexer.search.interpret.diacritic_restoration import likeliest
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
from indexer.search.search_records import AcronymNotice
from indexer.vietnamese.multi_word_terms import spanned_words
from indexer.vietnamese.syllables import diacritics_agree, exact_form, is_bare_syllable

_MOST_READINGS = 64


@dataclass(frozen=True, slots=True)
class Options:
    """How to lower a query.

    Attributes:
        exact: every typed mark has to match.
        minimum: the share of words that has to match, 0 to 1; 0 is any word.
        readings: in a query without marks the likeliest forms with marks are preferred.
        loose: the words of a phrase may stand apart; it is preferred that they do not.
    """

    exact: bool = False
    minimum: float = 1.0
    readings: bool = True
    loose: bool = False


class Lowering:
    """Lowers one query against one engine, whose readings it looks up."""

    def __init__(
        self,
        analyzer: Analyzer,
        engine: Engine,
        options: Options,
        acronyms: Acronyms | None = None,
    ) -> None:
        self._analyzer = analyzer
        self._engine = engine
        self._options = options
        self._acronyms = acronyms
        self._marked = False
        self._weights = BARE
        self.notices: list[AcronymNotice] = []

    def lower(self, tree: SyntaxNode | None) -> Query:
        """What the engine is asked; nothing typed matches nothing."""
        if tree is None:
            return MatchNone()
        self._marked = any(word_has_mark(word.text) for word in words_of(tree))
        self._weights = MARKED if self._marked else BARE if self._options.readings else AS_TYPED
        return self._node(tree)

    def _node(self, node: SyntaxNode) -> Query:
        if isinstance(node, AndNode):
            return self._all(node.children)
        if isinstance(node, OrNode):
            return Or(tuple(self._node(child) for child in node.children))
        if isinstance(node, NotNode):
            return AndNot(MatchAll(), self._node(node.child))
        if isinstance(node, DateNode):
            return InRange(Column.PUBLISHED, node.low, node.high)
        if isinstance(node, FieldNode):
            return self._scoped(node)
        if isinstance(node, PhraseNode) and not self._options.loose:
            return self._quoted(node)
        return self._all((node,))

    def _all(self, children: Sequence[SyntaxNode]) -> Query:
        """Everything matches; neighbouring words are preferred together."""
        children = list(_flat(children))
        person = _person(children)
        if person is not None:
            rest = tuple(child for child in children if child is not person)
            return self._within(person, rest)
        unwanted = [child.child for child in children if isinstance(child, NotNode)]
        wanted = [child for child in children if not isinstance(child, NotNode)]
        query = self._wanted(wanted) if wanted else MatchAll()
        if unwanted:
            query = AndNot(query, Or(tuple(self._node(node) for node in unwanted)))
        return query

    def _wanted(self, nodes: Sequence[SyntaxNode]) -> Query:
        """Fields and dates have to match; of words, phrases and alternatives, as many as asked."""
        required = [self._node(node) for node in nodes if isinstance(node, FieldNode | DateNode)]
        parts = [part for node in nodes for part in self._parts(node)]
        words = self._spanning([part for part in parts if isinstance(part, WordNode)])
        tokens = [(word, self._analyzer.tokens(word.text)) for word in words]
        tokens = self._restored([(word, found) for word, found in tokens if found])
        units = self._with_other_forms(tokens)
        units += [self._node(part) for part in parts if not isinstance(part, WordNode)]
        share = self._options.minimum
        if units and share < 1:
            least = max(1, -(-len(units) * share // 1)) if share else 1
            required.append(Or(tuple(units), int(least)))
        else:
            required += units
        if not required:
            return MatchNone()
        query = required[0] if len(required) == 1 else And(tuple(required))
        preferred = self._preferred(tokens)
        return AndMaybe(query, Or(tuple(preferred))) if preferred else query

    def _parts(self, node: SyntaxNode) -> Sequence[SyntaxNode]:
        """What of a node is counted as words: itself, or the words of a loose phrase."""
        if isinstance(node, FieldNode | DateNode):
            return ()
        if isinstance(node, PhraseNode) and self._options.loose:
            return [WordNode(text, node.start, node.end, node.exact) for text in node.text.split()]
        return (node,)

    def _spanning(self, words: Sequence[WordNode]) -> list[WordNode]:
        """The same words; those that make one term together (`TP HCM`, a date) are one."""
        found: list[WordNode] = []
        at = 0
        while at < len(words):
            length = spanned_words(exact_form(words[at].text))
            run = words[at : at + length]
            text = " ".join(word.text for word in run)
            plain = not any(word.exact or word.literal or word.prefix for word in run)
            if plain and 1 < length == len(run) and self._analyzer.tokens(text)[0].extras:
                found.append(WordNode(text, run[0].start, run[-1].end))
                at += length
            else:
                found.append(words[at])
                at += 1
        return found

    def _with_other_forms(self, words: Sequence[tuple[WordNode, list[Token]]]) -> list[Query]:
        """A query for each word; words that have a short or long form share one with it."""
        singles = [self._word(word, found) for word, found in words]
        if self._acronyms is None:
            return singles
        plain = [
            "" if word.exact or word.literal or word.prefix or len(found) > 1 else word.text
            for word, found in words
        ]
        additions = self._acronyms.additions([found[0] for _, found in words], plain)
        for start, end in _apart({(one.start, one.end) for one in additions}):
            here = [one for one in additions if (one.start, one.end) == (start, end)]
            self.notices += [one.notice for one in here]
            typed = singles[start] if end - start == 1 else And(tuple(singles[start:end]))
            singles[start:end] = [Or((typed, *(one.query for one in here)))]
        return singles

    def _restored(
        self, words: list[tuple[WordNode, list[Token]]]
    ) -> list[tuple[WordNode, list[Token]]]:
        """The same words with their likeliest forms, when none of the query's words has marks."""
        if self._marked or self._options.exact or not self._options.readings:
            return words
        folded = [token.folded for word, found in words for token in found]
        best = likeliest(self._engine, folded)
        forms = iter(best[0] if best else ())
        return [
            (word, [self._with_form(word, token, next(forms)) for token in found])
            for word, found in words
        ]

    def _with_form(self, word: WordNode, token: Token, form: str) -> Token:
        return token if word.exact or word.literal else replace(token, exact=form)

    def _word(self, word: WordNode, tokens: list[Token]) -> Query:
        """One run without blanks: usually one word, else its parts or what they join to."""
        if word.prefix:
            folded = tokens[-1].folded
            last: Query = Prefix(Field.FOLDED, folded)
            if word_has_mark(word.text):
                last = AndMaybe(last, Prefix(Field.EXACT, tokens[-1].exact, MARKED.exact))
            before = tuple(self._token(token, word) for token in tokens[:-1])
            return And((*before, last)) if before else last
        parts = tuple(self._token(token, word) for token in tokens)
        joined = [extra for token in tokens for extra in token.extras]
        if not joined or word.exact:
            return parts[0] if len(parts) == 1 else And(parts)
        # The fullest of the joined terms (a day rather than its month) stands for the whole; the
        # figures of a date all over a text are no date.
        whole = Term(Field.FOLDED, self._analyzer.folded(joined[0]))
        if self._options.loose or len(parts) == 1:
            return Or((whole, *parts))
        in_a_row = Phrase(Field.FOLDED, tuple(token.folded for token in tokens))
        if self._options.exact:
            return Or((whole, And((in_a_row, *parts))))
        exact = tuple(
            Term(Field.EXACT, token.exact, weight)
            for token in tokens
            if (weight := self._exact_weight(token))
        )
        return Or((whole, AndMaybe(in_a_row, Or(exact)) if exact else in_a_row))

    def _token(self, token: Token, word: WordNode) -> Query:
        if word.exact:
            return Term(Field.EXACT, token.exact)
        if self._options.exact:
            return self._every_mark(token)
        folded = Term(Field.FOLDED, token.folded)
        weight = self._exact_weight(token)
        if not weight:
            return folded
        return AndMaybe(folded, Term(Field.EXACT, token.exact, weight))

    def _exact_weight(self, token: Token) -> float:
        plain = token.exact == token.folded and is_bare_syllable(token.folded)
        return self._weights.plain if plain else self._weights.exact

    def _every_mark(self, token: Token) -> Query:
        """The readings that have every mark of the token; its bare letters are free."""
        if token.exact == token.folded:
            return Term(Field.FOLDED, token.folded)
        fitting = [
            Term(Field.EXACT, reading.text)
            for reading in self._engine.exact_forms(token.folded)
            if diacritics_agree(token.exact, reading.text)
        ]
        if len(fitting) < 2:
            return fitting[0] if fitting else Term(Field.EXACT, token.exact)
        return Or(tuple(fitting[:_MOST_READINGS]))

    def _preferred(self, words: Sequence[tuple[WordNode, list[Token]]]) -> list[Query]:
        """Pairs of neighbours and words in the title: they only add to the score."""
        tokens = [token for word, found in words if not word.prefix for token in found]
        weights = self._weights
        marked = weights.title_field is Field.TITLE_EXACT
        found: list[Query] = [*pair_terms(self._engine, tokens, weights)]
        for token in tokens:
            text = token.exact if marked else token.folded
            found.append(Term(weights.title_field, text, weights.title))
        return list(dict.fromkeys(found))

    def _quoted(self, node: PhraseNode) -> Query:
        tokens = self._analyzer.tokens(node.text)
        if not tokens:
            return MatchAll()
        if len(tokens) == 1:
            word = WordNode(node.text, node.start, node.end, node.exact)
            return self._word(word, tokens)
        folded = Phrase(Field.FOLDED, tuple(token.folded for token in tokens))
        exact = tuple(token.exact for token in tokens)
        if node.exact:
            return Phrase(Field.EXACT, exact)
        if self._options.exact:
            return And((folded, *(self._every_mark(token) for token in tokens)))
        if exact == folded.texts:
            return folded
        return AndMaybe(folded, Phrase(Field.EXACT, exact, MARKED.exact))

    def _scoped(self, node: FieldNode) -> Query:
        tokens = self._analyzer.tokens(node.child.text)
        if not tokens:
            return MatchNone()
        folded = tuple(token.folded for token in tokens)
        if isinstance(node.child, WordNode) and node.child.prefix:
            parts = [Term(node.field, text) for text in folded[:-1]]
            return And((*parts, Prefix(node.field, folded[-1])))
        if node.field is Field.TITLE and (node.child.exact or self._options.exact):
            return _run(Field.TITLE_EXACT, tuple(token.exact for token in tokens))
        if node.field is Field.TITLE and word_has_mark(node.child.text):
            exact = _run(Field.TITLE_EXACT, tuple(token.exact for token in tokens))
            return AndMaybe(_run(node.field, folded), exact)
        return _run(node.field, folded)

    def _within(self, person: FieldNode, rest: Sequence[SyntaxNode]) -> Query:
        """Words beside a person's name are looked for inside that person's section."""
        names = tuple(token.folded for token in self._analyzer.tokens(person.child.text))
        # Dates and other fields are about the article, not about the section.
        inside = tuple(
            node for node in rest if isinstance(node, WordNode | PhraseNode | OrNode | AndNode)
        )
        outside = tuple(node for node in rest if node not in inside)
        if not names:
            return self._all(rest) if rest else MatchNone()
        query: Query = _run(Field.PERSON, names)
        if inside:
            query = And((query, InSection(names, self._all(inside))))
        return And((query, self._all(outside))) if outside else query


def _flat(nodes: Sequence[SyntaxNode]) -> Iterator[SyntaxNode]:
    """The same nodes; what brackets join without an `OR` is as if they were not there."""
    for node in nodes:
        if isinstance(node, AndNode):
            yield from _flat(node.children)
        else:
            yield node


def words_of(node: SyntaxNode) -> list[WordNode | PhraseNode]:
    """Every word and phrase of a tree that has to match in the text."""
    if isinstance(node, WordNode | PhraseNode):
        return [node]
    if isinstance(node, AndNode | OrNode):
        return [word for child in node.children for word in words_of(child)]
    return []


def word_has_mark(text: str) -> bool:
    """Whether any letter carries a mark of Vietnamese."""
    return not text.isascii()


def _apart(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap, the longest first choice; from the last to the first."""
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= other[0] or other[1] <= start for other in chosen):
            chosen.append((start, end))
    return sorted(chosen, reverse=True)


def _run(field: Field, texts: tuple[str, ...]) -> Query:
    return Term(field, texts[0]) if len(texts) == 1 else Phrase(field, texts)


def _person(children: Sequence[SyntaxNode]) -> FieldNode | None:
    found = (
        child for child in children if isinstance(child, FieldNode) and child.field is Field.PERSON
    )
    return next(found, None)
