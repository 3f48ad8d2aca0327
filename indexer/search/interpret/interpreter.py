"""Interpretation: what was meant by a query, read from its keystrokes, diacritics and acronyms."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.processor_time import is_past, search_deadline
from indexer.engine.queries import Phrase, Term
from indexer.search.interpret.acronym_expansion import AcronymExpander
from indexer.search.interpret.amounts import read_amounts
from indexer.search.interpret.capitalized_names import with_passing_titles
from indexer.search.interpret.diacritic_restoration import restore_diacritics, restore_query
from indexer.search.interpret.foreseen_lookups import look_up_foreseen
from indexer.search.interpret.joined_terms import join_phrase, join_terms, read_days
from indexer.search.interpret.known_names import KnownNames
from indexer.search.interpret.numbers_in_words import with_figures
from indexer.search.interpret.other_readings import with_other_readings
from indexer.search.interpret.repaired_units import with_repaired_units
from indexer.search.interpret.spelling import SpellChecker
from indexer.search.interpret.spelling_variants import VariantFinder
from indexer.search.interpret.units import UnitParser
from indexer.search.interpret.word_frequencies import WordFrequencies
from indexer.search.query.interpreted_query import ExactForms, InterpretedQuery
from indexer.search.query.operators import blank_operators
from indexer.search.query.parser import parse
from indexer.search.query.passing_nodes import mark_passing
from indexer.search.query.spanning_tokens import split_phrase
from indexer.search.query.syntax import (
    AndNode,
    DateNode,
    FieldNode,
    FuzzyNode,
    NotNode,
    OrNode,
    PatternNode,
    PhraseNode,
    SyntaxNode,
    UnitNode,
    WordNode,
    flatten,
    leaves,
)
from indexer.search.query_notices import KeystrokesNotice, Notice, RepairNotice, SignNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.glossary import Glossary
from indexer.vietnamese.keystrokes import DecodedToken, decode_query
from indexer.vietnamese.normalization import canonical
from indexer.vietnamese.syllables import exact_form, folded_form

KEYSTROKE_TOLERANCE = 0.5
"""The share of a query's words that may be neither keystrokes nor in the archive."""


FEWEST_PLAIN_WORDS = 4
"""Words of a query of which a single one is doubted to be keystrokes."""


class Interpreter:
    """Interprets one request by the statistics of one index."""

    def __init__(
        self,
        request: SearchRequest,
        analyzer: Analyzer,
        statistics: TermStatistics,
        glossary: Glossary,
        names: KnownNames | None = None,
        *,
        is_repaired: bool = False,
    ) -> None:
        self._request = request
        self._analyzer = analyzer
        self._statistics = statistics
        self._glossary, self._names = glossary, names
        self._acronyms = AcronymExpander(glossary, analyzer, statistics)
        self._units = UnitParser(statistics, is_repaired=is_repaired)
        self._variants = VariantFinder(statistics, self._units.bigrams.lift)
        self._signs: list[Notice] = []
        self._is_repaired = is_repaired
        self._restores = False
        self._typed: InterpretedQuery | None = None
        self._is_any = request.match is MatchMode.ANY

    def interpret(self) -> InterpretedQuery:
        """Parse the request's text, whatever it is, and read into it what was meant.

        In a rehearsal of the statistics it is called again, and does not do again what is certain.

        Raises:
            EngineError: the index cannot be read.
        """
        deadline = search_deadline(self._request.budget)
        request = self._request
        query = self._typed or self._part(request)._interpret_text()
        if self._statistics.is_certain:
            self._typed = query
        if request.as_typed or is_past(deadline):
            return query
        checker = SpellChecker(self._analyzer, self._statistics, self._names)
        text, unsure = checker.repair_text(query)
        if not text or request.exact or self._is_any:
            return replace(query, suggestion=unsure or text)
        query = replace(query, suggestion=unsure)
        notices = (*query.notices, RepairNotice(text=text))
        part = self._part(replace(request, text=text), is_repaired=True)
        repaired = part._interpret_text()
        meaning = with_repaired_units(self._statistics, query.meaning, repaired.meaning)
        return replace(query, notices=notices, repaired=repaired, meaning=meaning)

    def _part(self, request: SearchRequest, *, is_repaired: bool = False) -> Interpreter:
        """Return an interpreter of one text, typed or repaired."""
        return Interpreter(
            request, self._analyzer, self._statistics, self._glossary, is_repaired=is_repaired
        )

    def _interpret_text(self) -> InterpretedQuery:
        """Interpret the text without a repair of its spelling."""
        request = self._request
        query = parse(request.text, self._analyzer, self._is_written)
        if query.tree is None:
            return query
        self._look_up_foreseen(query.tree)
        if not request.as_typed:
            decoded = self._decode_keystrokes(query)
            if decoded is not query:
                query = decoded
                self._look_up_foreseen(query.tree)
        self._restores = not request.as_typed and not query.has_diacritics
        meaning = self._interpret(query.tree) if query.tree else None
        query = replace(query, meaning=meaning, notices=(*query.notices, *self._signs))
        if request.exact:
            # Neither acronyms nor restored diacritics are searched for, only counted.
            return query
        return replace(
            query,
            notices=(*query.notices, *self._acronyms.notices, *self._variants.notices),
            alternatives=tuple(self._acronyms.alternatives),
            restorations=tuple(self._restorations(query.tree)),
        )

    def _look_up_foreseen(self, tree: SyntaxNode | None) -> None:
        words = [leaf for leaf in leaves(tree) if isinstance(leaf, WordNode)]
        others = [] if self._request.as_typed else self._acronyms.possible_words(words)
        look_up_foreseen(self._statistics, tree, others, at_once=not self._is_repaired)

    def _decode_keystrokes(self, query: InterpretedQuery) -> InterpretedQuery:
        frequencies = WordFrequencies(query, self._analyzer, self._statistics)
        # The sign of a fuzzy word is a tone only where other words are VIQR beyond doubt (xa~).
        unsigned = blank_operators(_without_fuzzy_signs(query))
        decoded = decode_query(unsigned, frequencies, KEYSTROKE_TOLERANCE)
        if decoded is None:
            return query
        if self._is_slip(decoded.tokens):
            return query
        text = query.typed
        if decoded.method == "viqr":
            decoded = decode_query(text, frequencies, KEYSTROKE_TOLERANCE) or decoded
        for token in reversed(decoded.tokens):
            text = text[: token.start] + token.word + text[token.end :]
        read = parse(text, self._analyzer, self._is_written)
        notice = KeystrokesNotice(
            0, len(query.typed), method=str(decoded.method), read=read.searched
        )
        return replace(read, typed=query.typed, notices=(*query.notices, notice))

    def _is_slip(self, tokens: Sequence[DecodedToken]) -> bool:
        """Tell whether one word among several plain ones was hardly typed as keys.

        `birn` may be *bỉn*, but that never stands beside its neighbours.
        """
        places = [place for place, token in enumerate(tokens) if token.is_decoded]
        if len(places) > 1 or len(tokens) < FEWEST_PLAIN_WORDS:
            return False
        around = tokens[max(0, places[0] - 1) : places[0] + 2]
        words = [folded_form(exact_form(canonical(token.word))) for token in around]
        pairs = list(map(" ".join, itertools.pairwise(words)))
        return not any(self._statistics.document_frequencies(Field.PAIRS, pairs))

    def _is_written(self, tokens: Sequence[Token]) -> bool:
        """Tell whether the archive writes words in a row; of bare ones any forms."""
        is_bare = all(token.exact == token.folded for token in tokens)
        words = tuple(token.folded if is_bare else token.exact for token in tokens)
        if not words:
            return False
        field = Field.FOLDED if is_bare else Field.EXACT
        (count,) = self._statistics.count(
            [Phrase(field, words) if words[1:] else Term(field, words[0])]
        )
        return count > 0

    def _restorations(self, tree: SyntaxNode | None) -> list[ExactForms]:
        """Return the forms with diacritics that a query without any may have meant."""
        if self._request.as_typed or self._is_any:
            return []
        return restore_query(self._statistics, tree)

    def _interpret(self, node: SyntaxNode) -> SyntaxNode:
        if isinstance(node, OrNode):
            return OrNode(tuple(map(self._interpret, node.children)))
        if isinstance(node, NotNode):
            return NotNode(self._interpret(node.child))
        if isinstance(node, FieldNode | DateNode | PatternNode):
            return node
        if isinstance(node, PhraseNode) and not self._is_any:
            return join_phrase(node)
        return self._interpret_conjunction(node)

    def _interpret_conjunction(self, conjunction: SyntaxNode) -> SyntaxNode:
        """Interpret the words of a conjunction together; they come first in the result."""
        nodes: list[SyntaxNode] = []
        for node in flatten((conjunction,)):
            if self._is_any and isinstance(node, PhraseNode):
                nodes += split_phrase(node)
            else:
                nodes.append(node)
        self._note_signs(nodes)
        words = [node for node in nodes if isinstance(node, WordNode)]
        others = [node for node in nodes if not isinstance(node, WordNode)]
        # Excluded nodes come last, so that notices about the others come first.
        others.sort(key=lambda node: isinstance(node, NotNode))
        children = [*self._interpret_words(words), *map(self._interpret, others)]
        return children[0] if len(children) == 1 else AndNode(tuple(children))

    def _note_signs(self, nodes: Sequence[SyntaxNode]) -> None:
        """Say where a sign or a field is for the first word of a unit alone."""
        for position, node in enumerate(nodes):
            sign, leaf = _signed_leaf(node)
            if not sign or not isinstance(leaf, WordNode) or self._request.as_typed:
                continue
            words = [replace(leaf, exact=False), *_words_behind(leaf, nodes[position + 1 :])]
            if len(words) < 2 or not self._units.is_unit(*words[:2]):
                continue
            first = self._units.parse(words)[0]
            size = len(first.words) if isinstance(first, UnitNode) else 2
            unit = " ".join(word.text for word in words[:size])
            notice = SignNotice(leaf.start, leaf.end, sign=sign, word=leaf.text, unit=unit)
            self._signs.append(notice)

    def _interpret_words(self, words: Sequence[WordNode]) -> Sequence[SyntaxNode]:
        joined = read_days(join_terms(words), self._statistics)
        words = [word for word in joined if word.tokens]
        if not self._request.as_typed:
            words = read_amounts(words, self._statistics)
        if self._restores:
            words = self._restore(words)
        nodes = words if self._request.as_typed else self._acronyms.expand(words)
        if self._is_any:
            return nodes
        if not self._request.as_typed:
            nodes, numbered = with_figures(nodes, self._statistics)
            self._variants.notices += numbered
        units = self._units.parse(nodes)
        if self._restores:
            units = with_other_readings(units, self._units.bigrams.weigh)
        if self._request.as_typed:
            return units
        return mark_passing(with_passing_titles(self._variants.expand(units)))

    def _restore(self, words: Sequence[WordNode]) -> list[WordNode]:
        """Give words without diacritics their likeliest forms, which neighbours decide."""
        folded = [token.folded for word in words for token in word.tokens]
        restored = restore_diacritics(self._statistics, folded)
        forms = iter(restored[0] if restored else ())
        likely = [tuple(next(forms) for _ in word.tokens) for word in words]
        return [
            word if _is_as_typed(word) else replace(word, likely_forms=likely_forms)
            for word, likely_forms in zip(words, likely, strict=True)
        ]


def _is_as_typed(word: WordNode) -> bool:
    """Tell whether a word stands for itself: by its sign, or as filler with diacritics."""
    is_marked = any(token.exact != token.folded for token in word.tokens)
    return word.exact or word.literal or is_marked


def _signed_leaf(node: SyntaxNode) -> tuple[str, SyntaxNode]:
    """Return the sign and the field in front of a leaf, and the leaf."""
    sign = "-" if isinstance(node, NotNode) else ""
    node = node.child if isinstance(node, NotNode) else node
    if isinstance(node, FieldNode):
        return f"{sign}{node.field}:", node.child
    return sign or "=" * (isinstance(node, WordNode) and node.exact), node


def _words_behind(leaf: WordNode, nodes: Sequence[SyntaxNode]) -> Iterator[WordNode]:
    """Yield the plain words that follow a leaf with nothing but a blank between them."""
    end = leaf.end
    for node in nodes:
        if not isinstance(node, WordNode) or not node.is_plain or node.start != end + 1:
            return
        end = node.end
        yield node


def _without_fuzzy_signs(query: InterpretedQuery) -> str:
    """Return the typed text with blanks in place of the signs of fuzzy words."""
    text = query.typed
    for leaf in leaves(query.tree):
        if isinstance(leaf, FuzzyNode):
            end = leaf.start + len(leaf.text)
            text = text[:end] + " " * (leaf.end - end) + text[leaf.end :]
    return text
