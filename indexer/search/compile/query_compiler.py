"""The query compiler: an interpreted query becomes an engine's query, which scores articles.

A word has to match without its diacritics and is preferred with them; neighbours are preferred as
bigrams; words of the title count once more, by the title's own length. The weights of these are
in `weights`. Not every word has to match: what is a full match is told by `match_compiler`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import (
    And,
    AndMaybe,
    Coverage,
    Fuzzy,
    MatchAll,
    MatchNone,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Wildcard,
)
from indexer.search.compile.bigram_boosts import PATTERN_BOOST, bigram_terms, pattern_bigrams
from indexer.search.compile.match_compiler import ExclusionCompiler
from indexer.search.compile.query_words import part_filler, words_and_acronyms, words_of
from indexer.search.compile.score_scale import scale_scores
from indexer.search.compile.tree_compiler import (
    TreeCompiler,
    any_of,
    in_a_row,
    in_phrase,
    is_only_joined,
)
from indexer.search.compile.weights import (
    ACRONYM_WEIGHT,
    AS_TYPED,
    WITH_DIACRITICS,
    WITHOUT_DIACRITICS,
)
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.passing_nodes import is_passing
from indexer.search.query.spanning_tokens import split_phrase
from indexer.search.query.syntax import (
    AcronymNode,
    DateNode,
    FieldNode,
    FuzzyNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    TextNode,
    WordNode,
    matching_leaves,
)
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.normalization import fold
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

_EXACT_FIELDS = {Field.FOLDED: Field.EXACT, Field.TITLE: Field.TITLE_EXACT}
"""The fields with diacritics of the folded fields that have one."""

REQUIRED_SHARE = 0.33
"""The share of the idf of a longer query's words that has to match.

By it questions and headlines are ranked as by any word (`make quality`), and fewer are listed."""

FEWEST_FOR_SHARE = 4
"""Words of a query of which a share is enough; of fewer, all have to match."""


FEWEST_OF_HEADLINE = 8
"""Words of a quotation that is a headline or a sentence, not a name or a saying."""

TITLE_COVERAGE = 1.0
"""The share by which a title that is the whole query and nothing else raises a score."""

MOST_TITLE_WORDS = 8
"""Words of the longest query that is compared with whole titles."""


FILLER_WEIGHT = 0.1
"""The weight of a word of a filler phrase (`cho tôi hỏi`), which no article has to hold."""


class Requirement(Enum):
    """How many of a query's words have to match, from the most to the fewest."""

    MOST = auto()
    """All of three words or fewer and the phrases beside them, else a share by idf; all groups."""
    SHARE = auto()
    """A share of the words, those of phrases too, by idf; all groups."""
    ANY = auto()
    """Any of the words, phrases and groups."""


class QueryCompiler(TreeCompiler):
    """Compiles one query: diacritics are preferred, and acronyms match by their other forms."""

    def __init__(
        self, query: InterpretedQuery, request: SearchRequest, statistics: TermStatistics
    ) -> None:
        self._query = query
        self._any_word = request.match is MatchMode.ANY
        self._statistics = statistics
        self._exclusions = ExclusionCompiler(statistics)
        self._requirement = Requirement.MOST
        # What is the same whatever has to match.
        self._units: dict[WordNode | AcronymNode, Query] = {}
        self._preferred: dict[tuple[WordNode | AcronymNode, ...], Sequence[Query]] = {}
        if query.has_diacritics:
            self._weights = WITH_DIACRITICS
        else:
            self._weights = AS_TYPED if request.as_typed else WITHOUT_DIACRITICS

    def compile(self, requirement: Requirement) -> Query:
        """Return the engine's query; a query without words matches nothing.

        One compiler compiles all requirements of a query: their words are compiled once.
        """
        self._requirement = requirement
        meaning = self._query.meaning
        if meaning is None:
            return MatchNone()
        query = self._compile(meaning)
        texts = self._title_texts()
        return Coverage(query, self._weights.title_field, texts, TITLE_COVERAGE) if texts else query

    def _title_texts(self) -> tuple[str, ...]:
        """Return the words of a short query that a title may consist of; a longer one has none."""
        words = [word for word in matching_leaves(self._query.tree) if isinstance(word, TextNode)]
        tokens = [token for word in words for token in word.tokens]
        if len(tokens) > MOST_TITLE_WORDS:
            return ()
        is_exact = self._weights.title_field is Field.TITLE_EXACT
        return tuple(dict.fromkeys(t.exact if is_exact else t.folded for t in tokens))

    def _compile_excluded(self, node: SyntaxNode) -> Query:
        return self._exclusions.compile(node)

    def _compile_included(self, nodes: Sequence[SyntaxNode]) -> Query:
        """Require all fields and dates, and enough of the words, phrases and alternatives."""
        narrowing = [node for node in nodes if isinstance(node, FieldNode | DateNode)]
        filler, words = part_filler([word for node in nodes for word in self._split(node, nodes)])
        others = [node for node in nodes if node not in narrowing and not self._split(node, nodes)]
        required = [self._compile(node) for node in narrowing]
        units = [self._compile_unit(word) for word in words]
        if self._requirement is Requirement.ANY:
            units += [self._compile(node) for node in others]
        else:
            required += [self._compile(node) for node in others]
        if units:
            required.append(self._require(words, units))
        if not required:
            return MatchNone()
        query = required[0] if len(required) == 1 else And(tuple(required))
        preferred = [*self._preferences(words)]
        for bigrams in pattern_bigrams(nodes, PATTERN_BOOST, beginnings=True):
            preferred += bigrams
        preferred += [scale_scores(self._compile_unit(word), FILLER_WEIGHT) for word in filler]
        return AndMaybe(query, Or(tuple(preferred))) if preferred else query

    def _split(
        self, node: SyntaxNode, nodes: Sequence[SyntaxNode]
    ) -> Sequence[WordNode | AcronymNode]:
        """Return the words of a node of a conjunction; none for one that is not of words.

        A phrase is of words where a share of the words will do: in a long query that quotes
        a word or two it is no condition, and full matches hold it anyway. Nor is a headline that
        is quoted from end to end: what else tells of the same comes below.
        """
        if not isinstance(node, PhraseNode):
            return words_and_acronyms(node)
        outside = sum(len(words_and_acronyms(other)) for other in nodes)
        is_short = outside < FEWEST_FOR_SHARE and len(node.tokens) < FEWEST_OF_HEADLINE
        is_required = self._requirement is Requirement.MOST and is_short
        return () if is_required or node.exact else split_phrase(node)

    def _require(self, words: Sequence[WordNode | AcronymNode], units: Sequence[Query]) -> Query:
        """Require enough of the units; those of words that the archive does not hold are none."""
        if len(units) == 1:
            return units[0]
        if self._requirement is Requirement.ANY:
            return Or(tuple(units))
        self._statistics.document_frequencies(
            Field.FOLDED,
            [token.folded for word in words for each in words_of(word) for token in each.tokens],
        )
        weights = [self._unit_weight(word) for word in words]
        if len(units) < FEWEST_FOR_SHARE and self._requirement is Requirement.MOST:
            known = [word for word, weight in zip(words, weights, strict=True) if weight]
            return self._require_all(known)
        total = sum(weights)
        if not total:
            return MatchNone()
        shares = tuple(weight / total for weight in weights)
        return Or(tuple(units), REQUIRED_SHARE, shares)

    def _require_all(self, words: Sequence[WordNode | AcronymNode]) -> Query:
        """Require all of a few words but those that a query says in passing, which only score."""
        passing = [self._compile_unit(word) for word in words if is_passing(word)]
        meant = [self._compile_unit(word) for word in words if not is_passing(word)]
        if not meant:
            return MatchNone()
        required = And(tuple(meant))
        return AndMaybe(required, Or(tuple(passing))) if passing else required

    def _unit_weight(self, word: WordNode | AcronymNode) -> float:
        """Return the idf of the words of a unit; 0 if the archive does not hold it."""
        tokens = [token for each in words_of(word) for token in each.tokens]
        folded = [token.folded for token in tokens]
        joined = [folded_form(token.extras[0]) for token in tokens if token.extras]
        counts = self._statistics.document_frequencies(Field.FOLDED, [*folded, *joined[:1]])
        is_prefix = isinstance(word, WordNode) and word.prefix
        is_known = all(counts[: len(folded)]) or any(counts[len(folded) :])
        if joined and len(folded) > 1 and not any(counts[len(folded) :]):
            # A number of a law that nobody cites is unknown, though its figures are not.
            (in_a_row,) = self._statistics.count([Phrase(Field.FOLDED, tuple(folded), 0.0)])
            is_known = in_a_row > 0
        if not (is_known or is_prefix or isinstance(word, AcronymNode)):
            return 0.0
        return sum(self._statistics.idf(Field.FOLDED, folded))

    def _compile_unit(self, node: WordNode | AcronymNode) -> Query:
        """Compile a word, or the words of an acronym, which are one unit with its other forms."""
        unit = self._units.get(node)
        if unit is None:
            if isinstance(node, WordNode):
                unit = self._compile_word(node)
            else:
                unit = self._compile_acronym(node)
            self._units[node] = unit
        return unit

    def _compile_acronym(self, node: AcronymNode) -> Query:
        words = [self._compile_word(word) for word in node.words]
        typed = words[0] if len(words) == 1 else And(tuple(words))
        typed_forms = [word.tokens[0].folded for word in node.words]
        weight = 1.0 if node.respellings else ACRONYM_WEIGHT
        others = [
            self._compile_alternative(typed_forms, form, weight) for form in node.alternatives
        ]
        return Or((typed, *others))

    def _compile_alternative(
        self, typed: Sequence[str], alternative: tuple[str, ...], weight: float
    ) -> Query:
        """Compile another form, which never scores above the typed one.

        Scores are sums of idf: the alternative is scaled to the typed form, so that an equally
        good hit on the typed form always ranks above it.
        """
        # A glued spelling may have any diacritics, two words have those of the same word.
        has_glued = any(word.isascii() and not is_bare_syllable(word) for word in alternative)
        field = Field.FOLDED if has_glued or weight < 1 else Field.EXACT
        alternative = tuple(map(folded_form, alternative)) if has_glued else alternative
        typed_idf, alternative_idf = (
            sum(self._statistics.idf(*words)) or 1.0
            for words in ((Field.FOLDED, typed), (field, alternative))
        )
        boost = weight * min(1.0, typed_idf / alternative_idf)
        return in_a_row(field, alternative, boost)

    def _compile_word(self, word: WordNode) -> Query:
        """Compile a run without blanks: usually one word, else its parts or their joined term."""
        tokens = self._tokens(word)
        if word.prefix:
            return self._compile_prefix(word, tokens)
        parts = tuple(self._compile_token(token, word.exact, word.other_forms) for token in tokens)
        joined = [extra for token in tokens for extra in token.extras]
        if not joined or word.exact:
            return parts[0] if len(parts) == 1 else And(parts)
        # The fullest of the joined terms (a day rather than its month) stands for the whole; the
        # figures of a date all over a text are no date.
        joined_term = Term(Field.FOLDED, folded_form(joined[0]))
        if self._any_word and len(parts) > 1:
            return Or((joined_term, *parts))
        if len(parts) == 1 or is_only_joined(tokens, joined[0]):
            return joined_term
        run = Phrase(Field.FOLDED, tuple(token.folded for token in tokens))
        exact = tuple(
            Term(Field.EXACT, token.exact, weight)
            for token in tokens
            if (weight := self._exact_weight(token))
        )
        return Or((joined_term, AndMaybe(run, Or(exact)) if exact else run))

    def _compile_prefix(self, word: WordNode, tokens: Sequence[Token]) -> Query:
        last = tokens[-1]
        prefix: Query = Prefix(Field.FOLDED, last.folded)
        if not word.text.isascii():
            exact = Prefix(Field.EXACT, last.exact, WITH_DIACRITICS.exact)
            prefix = AndMaybe(prefix, exact)
        parts = tuple(self._compile_token(token, word.exact) for token in tokens[:-1])
        return And((*parts, prefix)) if parts else prefix

    def _tokens(self, word: WordNode) -> Sequence[Token]:
        """Return a word's tokens, with restored diacritics where they are searched for."""
        if not word.likely_forms:
            return word.tokens
        pairs = zip(word.tokens, word.likely_forms, strict=True)
        return [replace(token, exact=form) for token, form in pairs]

    def _compile_token(self, token: Token, as_typed: bool, others: Sequence[str] = ()) -> Query:
        if as_typed:
            return Term(Field.EXACT, token.exact)
        folded = Term(Field.FOLDED, token.folded)
        weight = self._exact_weight(token)
        forms = [Term(Field.EXACT, form, weight) for form in dict.fromkeys((token.exact, *others))]
        return AndMaybe(folded, any_of(forms)) if weight else folded

    def _exact_weight(self, token: Token) -> float:
        is_plain = token.exact == token.folded and is_bare_syllable(token.folded)
        return self._weights.plain if is_plain else self._weights.exact

    def _preferences(self, nodes: Sequence[WordNode | AcronymNode]) -> Sequence[Query]:
        """Return the bigrams and the words of the title: they only add to the score."""
        preferred = self._preferred.get(tuple(nodes))
        if preferred is None:
            preferred = self._preferred[tuple(nodes)] = self._compile_preferences(nodes)
        return preferred

    def _compile_preferences(self, nodes: Sequence[WordNode | AcronymNode]) -> Sequence[Query]:
        words = [word for node in nodes for word in words_of(node) if not word.prefix]
        tokens = [token for word in words for token in self._tokens(word)]
        weights = self._weights
        terms = bigram_terms(self._statistics, tokens, weights)
        for first, second in pairwise(words):
            both = [*first.tokens, *second.tokens]
            for forms in zip(first.other_forms, second.other_forms, strict=False):
                read = [replace(token, exact=form) for token, form in zip(both, forms, strict=True)]
                terms += bigram_terms(self._statistics, read, weights)
        for token in tokens:
            text = token.exact if weights.title_field is Field.TITLE_EXACT else token.folded
            terms.append(Term(weights.title_field, text, weights.title))
        return list(dict.fromkeys(terms))

    def _compile_phrase(self, node: PhraseNode) -> Query:
        """Compile a phrase query, preferred with its diacritics."""
        tokens = node.tokens
        if not tokens:
            return MatchAll()
        if self._split(node, (node,)):
            return self._compile_included((node,))
        if len(tokens) == 1:
            return self._compile_word(WordNode(node.text, node.start, node.end, tokens, node.exact))
        words = tuple(token.folded for token in tokens)
        exact = tuple(token.exact for token in tokens)
        if node.exact:
            return in_phrase(node, Field.EXACT, exact, 1.0)
        folded = in_phrase(node, Field.FOLDED, words, 1.0)
        if exact == words:
            return folded
        return AndMaybe(folded, in_phrase(node, Field.EXACT, exact, WITH_DIACRITICS.exact))

    def _compile_pattern(self, node: PatternNode, field: Field) -> Query:
        """Compile a wildcard or a fuzzy word of a folded field; exact matches are preferred."""
        exact_field = _EXACT_FIELDS.get(field)
        if isinstance(node, FuzzyNode):
            # Only folded fields have fuzzy terms.
            fuzzy = Fuzzy(field, node.token.folded, node.distance)
            return AndMaybe(fuzzy, Term(field, node.token.folded))
        wildcard = Wildcard(field, fold(node.text))
        has_diacritics = not node.text.isascii()
        if not exact_field or not (has_diacritics or node.exact):
            return wildcard
        exact = Wildcard(exact_field, node.text, WITH_DIACRITICS.exact)
        return exact if node.exact else AndMaybe(wildcard, exact)

    def _compile_field(self, node: FieldNode) -> Query:
        leaf = node.child
        if isinstance(leaf, PatternNode):
            return self._compile_pattern(leaf, node.field)
        folded = tuple(token.folded for token in leaf.tokens)
        exact = tuple(token.exact for token in leaf.tokens)
        if not folded:
            return MatchNone()
        if isinstance(leaf, WordNode) and leaf.prefix:
            parts = [Term(node.field, text) for text in folded[:-1]]
            return And((*parts, Prefix(node.field, folded[-1])))
        if node.field is Field.TITLE and leaf.exact:
            return in_phrase(leaf, Field.TITLE_EXACT, exact, 1.0)
        query = in_phrase(leaf, node.field, folded, 1.0)
        if node.field is Field.TITLE and not leaf.text.isascii():
            return AndMaybe(query, in_phrase(leaf, Field.TITLE_EXACT, exact, 1.0))
        return query


def compile_forms(forms: tuple[str, ...]) -> Query:
    """Return the query that matches exact forms in a row."""
    return in_a_row(Field.EXACT, forms)
