"""The match compiler: the sets of articles that a query matches exactly, fully, or folded.

They are nested: what matches exactly matches fully, and what matches fully matches folded. What
must not match is the same in all three, so that they stay nested with minus, `OR` and brackets.
None of them scores: the scores are those of `query_compiler`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import (
    And,
    AndNot,
    Fuzzy,
    MatchAll,
    MatchNone,
    MultiPhrase,
    Or,
    Prefix,
    Query,
    Term,
    Wildcard,
)
from indexer.search.compile.bigram_boosts import pattern_bigrams
from indexer.search.compile.tree_compiler import (
    TreeCompiler,
    all_of,
    any_of,
    in_a_row,
    in_phrase,
    is_only_joined,
)
from indexer.search.interpret.acronym_expansion import FEWEST_LETTERS
from indexer.search.interpret.fitting_forms import agreeing_forms, fitting_forms
from indexer.search.query.passing_nodes import is_passing
from indexer.search.query.syntax import (
    AcronymNode,
    FieldNode,
    FuzzyNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    UnitNode,
    WordNode,
)
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.normalization import fold
from indexer.vietnamese.syllables import folded_form

COMMON_WORDS = ("và", "của", "là", "có", "được", "không", "với", "những", "một", "người", "đã")
"""A text with none of these words is written bare: with diacritics nearly every one has some."""


class Strictness(Enum):
    """How much of what was typed an article has to hold."""

    EXACT = auto()
    """Forms with every typed diacritic, units and phrases in a row."""
    FULL = auto()
    """The same, with acronyms' other forms, and texts that are written without diacritics."""
    FOLDED = auto()
    """Every word anywhere, with any diacritics; phrases in a row."""


class MatchCompiler(TreeCompiler):
    """Compiles the set of articles that match one query, as strictly as was asked."""

    def __init__(self, statistics: TermStatistics, strictness: Strictness) -> None:
        self._statistics, self._strictness = statistics, strictness

    def compile(self, meaning: SyntaxNode | None) -> Query:
        """Return the engine's query of an interpreted tree; it scores 0 or the same for all."""
        return self._compile(meaning) if meaning else MatchNone()

    def _compile_included(self, nodes: Sequence[SyntaxNode]) -> Query:
        """Require every node, and of a wildcard that it stands beside a word that it is beside.

        What the query says in passing is required of an exact match alone.
        """
        if self._strictness is not Strictness.EXACT:
            nodes = [node for node in nodes if not is_passing(node)]
        required = list(map(self._compile_node, nodes))
        if self._strictness is not Strictness.FOLDED:
            bigrams = pattern_bigrams(nodes, 0.0, beginnings=False)
            required += [any_of(beside) for beside in bigrams]
        return all_of(required)

    def _compile_node(self, node: SyntaxNode) -> Query:
        if isinstance(node, UnitNode):
            return self._compile_unit(node)
        if isinstance(node, AcronymNode):
            return self._compile_acronym(node)
        return self._compile_word(node) if isinstance(node, WordNode) else self._compile(node)

    def _compile_excluded(self, node: SyntaxNode) -> Query:
        """Compile what must not match, in every set alike: typed diacritics have to agree."""
        return ExclusionCompiler(self._statistics).compile(node)

    def _compile_unit(self, unit: UnitNode) -> Query:
        tokens = [word.tokens[0] for word in unit.words]
        if self._strictness is Strictness.FOLDED:
            return all_of([folded_term(token) for token in tokens])
        in_a_row = self._in_a_row(tokens, unit.forms)
        if not unit.between:
            return in_a_row
        return any_of([in_a_row, self._in_a_row([*tokens[:-1], unit.between, tokens[-1]])])

    def _in_a_row(self, tokens: Sequence[Token], forms: Sequence[str] = ()) -> Query:
        """Match words in a row, in forms that fit; `forms` are those of two words, if known."""
        exact = tuple(token.exact for token in tokens)
        folded = tuple(token.folded for token in tokens)
        if self._strictness is Strictness.FOLDED:
            return unscored_run(Field.FOLDED, folded)
        if len(tokens) == 1:
            return self._fitting(tokens[0])
        if len(tokens) == 2:
            forms = forms or fitting_forms(self._statistics, tokens)
            query = any_of([unscored_run(Field.EXACT, form.split(" ")) for form in forms])
        elif exact == folded:
            return unscored_run(Field.FOLDED, folded)
        else:
            choices = tuple(self._forms(token) for token in tokens)
            query = MultiPhrase(Field.EXACT, choices, boost=0.0)
        return self._or_written_bare(query, exact, folded)

    def _forms(self, token: Token) -> tuple[str, ...]:
        """Return the forms of one word of a longer run: its neighbours tell which is meant."""
        if token.exact == token.folded:
            forms = (form.text for form in self._statistics.exact_forms(token.folded))
            return tuple(dict.fromkeys((*forms, token.exact)))
        return fitting_forms(self._statistics, (token,))

    def _fitting(self, token: Token) -> Query:
        """Match one word: any form of one typed bare, else the forms that fit."""
        if token.exact == token.folded:
            return folded_term(token)
        forms = fitting_forms(self._statistics, (token,))
        query = any_of([Term(Field.EXACT, form, 0.0) for form in forms])
        return self._or_written_bare(query, (token.exact,), (token.folded,))

    def _or_written_bare(
        self, query: Query, exact: tuple[str, ...], folded: tuple[str, ...]
    ) -> Query:
        """Match also the same words without diacritics, in a text that is written bare."""
        field = Field.EXACT_PAIRS if len(folded) == 2 else Field.EXACT
        texts = [" ".join(folded)] if len(folded) == 2 else folded
        if self._strictness is Strictness.EXACT or exact == folded:
            return query
        if not all(self._statistics.document_frequencies(field, texts)):
            return query
        with_diacritics = Or(tuple(Term(Field.EXACT, word, 0.0) for word in COMMON_WORDS))
        return Or((query, AndNot(unscored_run(Field.EXACT, folded), with_diacritics)))

    def _compile_acronym(self, node: AcronymNode) -> Query:
        typed = self._compile_acronym_words(node)
        if self._strictness is Strictness.EXACT:
            return typed
        forms = node.alternatives
        if self._strictness is Strictness.FULL:
            forms = tuple(form for form in forms if _is_telling(form))
        return any_of([typed, *map(self._compile_alternative, forms)])

    def _compile_alternative(self, form: tuple[str, ...]) -> Query:
        tokens = [Token(0, 0, word, folded_form(word)) for word in form]
        folded = [token.folded for token in tokens]
        is_exact = folded != list(form)
        if self._strictness is Strictness.FULL and (len(form) == 2 or is_exact):
            return self._in_a_row(tokens)
        return unscored_run(Field.FOLDED, folded)

    def _compile_acronym_words(self, node: AcronymNode) -> Query:
        words = node.words
        tokens = [token for word in words for token in word.tokens]
        if self._strictness is Strictness.FOLDED or len(words) == 1:
            return all_of([self._compile_word(word) for word in words])
        return self._in_a_row(tokens, node.forms)

    def _compile_word(self, word: WordNode) -> Query:
        """Compile a run without blanks: usually one word, else its parts or their joined term."""
        tokens = word.tokens
        if word.prefix:
            return self._compile_prefix(word)
        if not tokens:
            return MatchAll()
        if word.exact:
            return unscored_run(Field.EXACT, [token.exact for token in tokens])
        if self._strictness is Strictness.FOLDED:
            in_order: Query = unscored_run(Field.FOLDED, [token.folded for token in tokens])
        else:
            in_order = self._in_a_row(tokens)
        joined = [extra for token in tokens for extra in token.extras]
        if not joined:
            return in_order
        # The fullest of the joined terms (a day rather than its month) stands for the whole.
        term = Term(Field.FOLDED, folded_form(joined[0]), 0.0)
        if len(tokens) > 1 and is_only_joined(tokens, joined[0]):
            # `20-30%` is a range and a percentage.
            firsts = [token.extras[0] for token in tokens if token.extras]
            return all_of([Term(Field.FOLDED, folded_form(first), 0.0) for first in firsts])
        # A word and its sign (`C++`) is another word than the one without (`C`).
        if len(tokens) == 1:
            return term
        return Or((term, in_order))

    def _compile_prefix(self, word: WordNode) -> Query:
        *whole, last = word.tokens
        queries: list[Query] = [Prefix(Field.FOLDED, last.folded, 0.0)]
        if self._strictness is not Strictness.FOLDED and last.exact != last.folded:
            queries.append(Prefix(Field.EXACT, last.exact, 0.0))
        queries += [self._in_a_row([token]) for token in whole]
        return all_of(queries)

    def _compile_phrase(self, phrase: PhraseNode) -> Query:
        tokens = phrase.tokens
        if not tokens:
            return MatchAll()
        if phrase.exact:
            return in_phrase(phrase, Field.EXACT, [token.exact for token in tokens])
        if phrase.slop and len(tokens) > 1:
            return self._compile_near(phrase)
        if len(tokens) == 1 and tokens[0].extras:
            return self._compile_word(WordNode(phrase.text, phrase.start, phrase.end, tokens))
        return self._in_a_row(tokens)

    def _compile_near(self, phrase: PhraseNode) -> Query:
        """Compile words that have to be near one another; see `MultiPhrase`."""
        tokens, slop = phrase.tokens, phrase.slop
        folded = [token.folded for token in tokens]
        is_bare = all(token.exact == token.folded for token in tokens)
        if is_bare or self._strictness is Strictness.FOLDED:
            return in_phrase(phrase, Field.FOLDED, folded)
        query = MultiPhrase(Field.EXACT, tuple(map(self._forms, tokens)), slop, 0.0)
        if self._strictness is Strictness.EXACT:
            return query
        with_diacritics = Or(tuple(Term(Field.EXACT, word, 0.0) for word in COMMON_WORDS))
        return Or((query, AndNot(in_phrase(phrase, Field.EXACT, folded), with_diacritics)))

    def _compile_pattern(self, node: PatternNode, field: Field) -> Query:
        if isinstance(node, FuzzyNode):
            return Fuzzy(field, node.token.folded, node.distance, 0.0)
        folded = Wildcard(field, fold(node.text), 0.0)
        exact_field = {Field.FOLDED: Field.EXACT, Field.TITLE: Field.TITLE_EXACT}.get(field)
        is_loose = self._strictness is Strictness.FOLDED and not node.exact
        if not exact_field or is_loose or (node.text.isascii() and not node.exact):
            return folded
        return And((folded, Wildcard(exact_field, node.text, 0.0)))

    def _compile_field(self, node: FieldNode) -> Query:
        leaf = node.child
        if isinstance(leaf, PatternNode):
            return self._compile_pattern(leaf, node.field)
        folded = [token.folded for token in leaf.tokens]
        if not folded:
            return MatchNone()
        if isinstance(leaf, WordNode) and leaf.prefix:
            parts: list[Query] = [Term(node.field, text, 0.0) for text in folded[:-1]]
            last = leaf.tokens[-1].exact
            is_narrow = node.field is Field.TITLE and last != folded[-1]
            if is_narrow and self._strictness is not Strictness.FOLDED:
                parts.append(Prefix(Field.TITLE_EXACT, last, 0.0))
            return all_of([*parts, Prefix(node.field, folded[-1], 0.0)])
        query = in_phrase(leaf, node.field, folded)
        if node.field is not Field.TITLE:
            return query
        exact = [token.exact for token in leaf.tokens]
        in_title = in_phrase(leaf, Field.TITLE_EXACT, exact)
        if leaf.exact:
            return in_title
        is_bare = exact == folded
        return query if is_bare or self._strictness is Strictness.FOLDED else in_title


class ExclusionCompiler(MatchCompiler):
    """Compiles what must not match: words with diacritics in those forms, bare ones in all.

    A word that is none with the diacritics that it has (`đuong`) stands for all that have them.
    """

    def __init__(self, statistics: TermStatistics) -> None:
        super().__init__(statistics, Strictness.EXACT)

    def _in_a_row(self, tokens: Sequence[Token], forms: Sequence[str] = ()) -> Query:
        if all(token.exact == token.folded for token in tokens):
            return unscored_run(Field.FOLDED, [token.folded for token in tokens])
        return super()._in_a_row(tokens)

    def _fitting(self, token: Token) -> Query:
        forms = fitting_forms(self._statistics, (token,))
        if forms != (token.exact,):
            forms = agreeing_forms(self._statistics, (token,))
        return any_of([Term(Field.EXACT, form, 0.0) for form in forms])


def _is_telling(form: Sequence[str]) -> bool:
    """Tell whether another form is long enough to be no other word; a number tells (`Q.1`)."""
    return sum(map(len, form)) >= FEWEST_LETTERS or (len(form) > 1 and form[-1].isdecimal())


def unscored_run(field: Field, texts: Sequence[str]) -> Query:
    """Return the query that matches terms in a row, or one term, without any score."""
    return in_a_row(field, texts, 0.0)


def folded_term(token: Token) -> Query:
    """Return the query that matches any form of a word."""
    return Term(Field.FOLDED, token.folded, 0.0)
