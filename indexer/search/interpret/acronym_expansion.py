"""Acronym expansion: short and long forms are synonyms, each searched by the other as well."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.search.query.interpreted_query import FoldedForms
from indexer.search.query.syntax import AcronymNode, WordNode
from indexer.search.query_notices import AcronymNotice
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.glossary import Entry, Glossary, Match
from indexer.vietnamese.multi_word_terms import stands_alone
from indexer.vietnamese.syllables import diacritics_agree, exact_form, folded_form
from indexer.vietnamese.teencode import TEENCODE

FEWEST_LETTERS = 3
"""Letters of a short form that stands for its long form beside other words.

`BV` means many things, and `bệnh viện` is better one name with what follows it."""

_LETTERS = re.compile(r"[^\W_]+")
_MOST_ALTERNATIVES = 3
"""Other forms of the same words that are searched for."""

Span = tuple[int, int]


class AcronymExpander:
    """Finds the short and long forms in one query.

    Attributes:
        notices: one for each expansion so far.
        alternatives: the folded words of both forms of each.
    """

    def __init__(self, glossary: Glossary, analyzer: Analyzer, statistics: TermStatistics) -> None:
        self._glossary = glossary
        self._analyzer = analyzer
        self._statistics = statistics
        self._folded_forms: dict[str, FoldedForms] = {}
        self.notices: list[AcronymNotice] = []
        self.alternatives: list[FoldedForms] = []

    def expand(self, words: Sequence[WordNode]) -> list[WordNode | AcronymNode]:
        """Return neighbouring words with those that have another form in an acronym's node."""
        matches = self._matches(_typed_texts(words))
        nodes: list[WordNode | AcronymNode] = list(words)
        for span in _without_overlaps({(match.start, match.end) for match, _ in matches}):
            start, end = span
            chosen = [pair for pair in matches if (pair[0].start, pair[0].end) == span]
            self._report(words[start:end], [match.entry for match, _ in chosen])
            forms = tuple(form for _, form in chosen)
            nodes[start:end] = [AcronymNode(tuple(words[start:end]), forms)]
        return nodes

    def possible_words(self, words: Sequence[WordNode]) -> list[str]:
        """Return the folded words of all that may stand in place of neighbouring words."""
        matches = self._glossary.find(_typed_texts(words))
        forms = [self._fold(form) for match in matches for form in self._synonyms(match)]
        return [word for form in forms for word in form]

    def _matches(self, typed: Sequence[str]) -> list[tuple[Match, FoldedForms]]:
        """Return the glossary's matches, each with the other form, if the archive holds it."""
        matches: list[tuple[Match, FoldedForms]] = []
        for match in self._glossary.find(typed):
            if self._is_teencode(typed, match):
                continue
            typed_form = self._fold(" ".join(typed[match.start : match.end]))
            for synonym in self._synonyms(match):
                others = [form for earlier, form in matches if earlier.start == match.start]
                form = self._fold(synonym) if len(others) < _MOST_ALTERNATIVES else ()
                is_whole = match.end - match.start == len(typed)
                if not form or form in (*others, typed_form):
                    continue
                if not (match.is_short or is_whole) and len("".join(form)) < FEWEST_LETTERS:
                    continue
                if all(self._statistics.document_frequencies(Field.FOLDED, form)):
                    matches.append((match, form))
        return matches

    def _is_teencode(self, typed: Sequence[str], match: Match) -> bool:
        """Tell whether a short form in small letters is rather the teencode of other words.

        Its neighbours tell: `mn ơi` is *mọi người ơi*, `trường mn` is *trường mầm non*.
        """
        word = typed[match.start]
        if not match.is_short or match.end - match.start > 1 or word not in TEENCODE:
            return False
        spoken = articles_beside(self._statistics, typed, match.start, TEENCODE[word])
        return spoken > articles_beside(self._statistics, typed, match.start, match.entry.long)

    def _synonyms(self, match: Match) -> list[str]:
        """Return the forms that may stand in place of a match: the long one and its short ones."""
        if not match.is_short:
            return [match.entry.short]
        shorts = self._glossary.short_forms(match.entry.long)
        return [match.entry.long, *(entry.short for entry in shorts)]

    def _report(self, words: Sequence[WordNode], entries: Sequence[Entry]) -> None:
        typed = " ".join(word.text for word in words)
        folded = tuple(token.folded for word in words for token in word.tokens)
        for entry in dict.fromkeys(entries):
            self.notices.append(AcronymNotice(short=entry.short, long=entry.long))
            for form in (entry.short, entry.long):
                self.alternatives.append(folded if form == typed else self._fold(form))

    def _fold(self, form: str) -> FoldedForms:
        """Return the folded words of a form, analysed once."""
        if form not in self._folded_forms:
            self._folded_forms[form] = self._analyse(form)
        return self._folded_forms[form]

    def _analyse(self, form: str) -> FoldedForms:
        """Return the folded words of a form; one that is a joined term is that one word."""
        tokens = self._analyzer.tokens(form)
        extras = tokens[0].extras if tokens else ()
        if extras and len(tokens) > 1 and extras[0] == exact_form("".join(_LETTERS.findall(form))):
            return (folded_form(extras[0]),)
        return tuple(token.folded for token in tokens)


def articles_beside(
    statistics: TermStatistics, typed: Sequence[str], place: int, meant: str
) -> int:
    """Return how many articles have words beside the neighbours of the one they stand for."""
    words = meant.lower().split(" ")
    pairs = [(typed[place - 1].split(" ")[-1], words[0])] if place else []
    pairs += [(words[-1], text.split(" ")[0]) for text in typed[place + 1 : place + 2]]
    return sum(
        form.documents
        for pair in filter(all, pairs)
        for form in statistics.exact_forms(" ".join(map(folded_form, pair)))
        if _stands_for(form.text, [exact_form(word) for word in pair], words)
    )


def _stands_for(bigram: str, pair: Sequence[str], meant: Sequence[str]) -> bool:
    """Tell whether an exact bigram is two words: those that are meant as they are written."""
    forms = bigram.split(" ")
    return len(forms) == 2 and all(
        form == word if word in meant else diacritics_agree(word, form)
        for form, word in zip(forms, pair, strict=True)
    )


def _typed_texts(words: Sequence[WordNode]) -> list[str]:
    """Return words as typed, since capitals tell a short form from a word; others as blanks."""
    return [word.text if word.is_plain and _is_one_term(word) else "" for word in words]


def _is_one_term(word: WordNode) -> bool:
    """Tell whether a word is one token, or an abbreviation of several (`TP.HCM`, `GD&ĐT`)."""
    extras = word.tokens[0].extras if word.tokens else ()
    return len(word.tokens) == 1 or bool(extras and not stands_alone(extras[0]))


def _without_overlaps(spans: set[Span]) -> list[Span]:
    """Choose spans that do not overlap, long ones first; return them from the last to the first."""
    chosen: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= other_start or other_end <= start for other_start, other_end in chosen):
            chosen.append((start, end))
    return sorted(chosen, reverse=True)
