"""Spelling variants: one word written with a blank, glued or with a hyphen (`ô tô`, `ôtô`, `oto`).

No list is asked, only the archive: two words and a glued one are the same if the archive writes
the glued one with the same diacritics (`ôtô`; `vắc-xin` counts as `vắcxin`) in a share of the
articles that have its letters. So `hòn đá` is no `honda`, and `tuổi trẻ` no `tuoitre`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import And, AndNot, Or, Phrase, Query, Term
from indexer.search.interpret.amounts import amount_spellings, shown_amount
from indexer.search.interpret.fitting_forms import MOST_FORMS, fitting_forms
from indexer.search.interpret.paired_words import Span
from indexer.search.query.interpreted_query import ExactForms
from indexer.search.query.syntax import AcronymNode, Respelling, UnitNode, WordNode
from indexer.search.query_notices import SpellingNotice
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.district_names import (
    OTHER_DISTRICT_FORMS,
    SHORT_DISTRICT_FORMS,
    numbered_district_spellings,
)
from indexer.vietnamese.loan_words import LOAN_WORDS, OTHER_SPELLINGS
from indexer.vietnamese.multi_word_terms import phone_groups
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.number_words import numbered_thing
from indexer.vietnamese.syllables import diacritics_agree, exact_form, folded_form, is_bare_syllable

LEAST_SHARE = 0.2
"""The share of the articles with a glued word's letters that have it with the same diacritics.

Of `ôtô` 736 of 739, `vắcxin` 24 of 30, `lôgô` 5 of 191; `hònđá` none of 316 (`honda`)."""

LEAST_GLUED = 0.02
"""The share of the articles with two words that as many have them glued: fewer are slips."""

LEAST_PARTED = 0.02
"""The share of a glued word's articles that as many have it in two words, to search for them."""

LEAST_LIFT = 12.0
"""Times that two words have to meet as by chance, to be a glued one: *do ta* is no `dota`."""

_MOST_ALTERNATIVES = 3
_MOST_SPLITS = 3
_SHORTEST, _LONGEST = 3, 20
_LONGEST_RUN = 3


class VariantFinder:
    """Finds the other spellings of words and units by the statistics of one index.

    Attributes:
        notices: one for each spelling so far.
    """

    def __init__(self, statistics: TermStatistics, lift: Callable[[str], float]) -> None:
        self._statistics = statistics
        self._lift = lift
        self.notices: list[SpellingNotice] = []

    def expand(
        self, nodes: Sequence[WordNode | AcronymNode | UnitNode]
    ) -> list[WordNode | AcronymNode | UnitNode]:
        """Return the nodes, with those that have other spellings in a node with alternatives."""
        return [self._expand(node) for node in self._with_districts(nodes)]

    def _with_districts(
        self, nodes: Sequence[WordNode | AcronymNode | UnitNode]
    ) -> list[WordNode | AcronymNode | UnitNode]:
        """Join the short form of a district to the name behind it, which the archive has so."""
        joined: list[WordNode | AcronymNode | UnitNode] = []
        for node in nodes:
            short = joined[-1] if joined else None
            if (
                isinstance(short, WordNode)
                and isinstance(node, UnitNode)
                and self._is_district(short, node)
            ):
                joined[-1] = UnitNode((short, *node.words))
            else:
                joined.append(node)
        return joined

    def _is_district(self, short: WordNode, name: UnitNode) -> bool:
        """Tell whether a short form and a name are a district, by its long form in the archive."""
        form = short.tokens[0].exact if len(short.tokens) == 1 and short.is_plain else ""
        are_neighbours = name.words[0].start - short.end == 1
        if form not in SHORT_DISTRICT_FORMS or not are_neighbours or name.between:
            return False
        words = [word.tokens[0].exact for word in name.words]
        kind = OTHER_DISTRICT_FORMS[form].split(" ")
        return self._statistics.count([Phrase(Field.EXACT, (*kind, *words))])[0] > 0

    def _expand(self, node: WordNode | AcronymNode | UnitNode) -> WordNode | AcronymNode | UnitNode:
        if isinstance(node, AcronymNode):
            return node
        words = node.words if isinstance(node, UnitNode) else (node,)
        if not all(word.is_plain and word.tokens for word in words):
            return node
        if isinstance(node, WordNode) and (written := self._written_out(node)):
            self.notices += [SpellingNotice(text=shown_amount(each)) for each in written]
            respelt = tuple(Respelling(0, 1, each) for each in written)
            return AcronymNode(words, tuple(written), (), respelt)
        if not all(len(word.tokens) == 1 for word in words):
            return self._expand_hyphenated(words[0])
        forms = node.forms if isinstance(node, UnitNode) else ()
        exact = tuple(word.tokens[0].exact for word in words)
        spellings = [*self._glued(words, forms), *self._parted(words), *self._listed(words)]
        spellings += [*self._abbreviated(words, forms), *self._in_words(exact)]
        alternatives: list[ExactForms] = []
        respellings: list[Respelling] = []
        for start, end, text in list(dict.fromkeys(spellings))[:_MOST_ALTERNATIVES]:
            self.notices.append(SpellingNotice(text=_shown(text, exact[:end])))
            other = tuple(map(exact_form, text.split(" ")))
            if len(other) == 1 and not is_bare_syllable(folded_form(text)):
                # A glued spelling may have any diacritics, `quận` is no *quan*.
                other = (folded_form(text),)
            respellings.append(Respelling(start, end, other))
            alternatives.append((*exact[:start], *other, *exact[end:]))
        if not alternatives:
            return node
        return AcronymNode(words, tuple(alternatives), forms, tuple(respellings))

    def _written_out(self, word: WordNode) -> list[ExactForms]:
        """Return the other spellings of an amount or a district (`50k`, `Q1`) of the archive."""
        typed = Phrase(Field.EXACT, tuple(token.exact for token in word.tokens))
        spellings = [*amount_spellings(word.text), *numbered_district_spellings(word.text)]
        return [each for each in spellings if self._adds(Phrase(Field.EXACT, each), typed)]

    def _abbreviated(
        self, words: Sequence[WordNode], forms: Sequence[str]
    ) -> list[tuple[int, int, str]]:
        """Return the other form of a district before its number or name: `Q.1`, `quận 1`."""
        exact = [word.tokens[0].exact for word in words]
        read = [*(forms[0].split(" ") if forms else exact[:2]), *exact[2:]]
        for size in (1, 2):
            head, rest = read[:size], exact[size:]
            other = OTHER_DISTRICT_FORMS.get(" ".join(head), "") if rest else ""
            spelt = Phrase(Field.EXACT, (*other.split(" "), *rest))
            if other and self._adds(spelt, Phrase(Field.EXACT, (*head, *rest))):
                return [(0, size, other)]
        return []

    def _in_words(self, exact: ExactForms) -> list[tuple[int, int, str]]:
        """Return the word of a figure behind what has numbers: `lớp 1` is also *lớp một*."""
        last = len(exact) - 1
        word = numbered_thing(*exact[-2:]) if last else ""
        if (
            not word
            or word.isdecimal()
            or not self._adds(Phrase(Field.EXACT, (*exact[:-1], word)), _chain(exact))
        ):
            return []
        return [(last, last + 1, word)]

    def _expand_hyphenated(self, word: WordNode) -> WordNode | AcronymNode:
        """Return a word of several tokens (`vắc-xin`) with the other spellings that are listed."""
        others = [text for _, _, text in self._listed((word,)) if " " not in text]
        if not others or not word.text.replace("-", "").isalpha():
            return word
        self.notices += [SpellingNotice(text=text) for text in others]
        forms = [(folded_form(text),) for text in others]
        return AcronymNode((word,), tuple(forms), (), tuple(Respelling(0, 1, f) for f in forms))

    def _glued(self, words: Sequence[WordNode], forms: Sequence[str]) -> list[tuple[int, int, str]]:
        """Return the runs of words that the archive writes also as one, and those."""
        runs = _runs(len(words), 2)
        # All at once; the statistics remember them.
        letters = [_glued_letters(words[start:end]) for start, end in runs]
        self._statistics.document_frequencies(Field.FOLDED, list(filter(may_be_glued, letters)))
        glued = [
            (start, end, self._glue(words[start:end], forms if len(words) == 2 else ()))
            for start, end in runs
        ]
        return [run for run in glued if run[2]]

    def _glue(self, words: Sequence[WordNode], forms: Sequence[str]) -> str:
        """Return the commonest form of the words as one; empty if the archive has none."""
        letters = _glued_letters(words)
        if not may_be_glued(letters):
            return ""
        total = self._statistics.document_frequency(Field.FOLDED, letters)
        if not total:
            return ""
        tokens = [word.tokens[0] for word in words]
        forms = self._spaced_forms(tokens, forms)
        glued = {form.replace(" ", "") for form in forms}
        if any(len(form) == len(letters) and form.isascii() for form in glued):
            glued.add(letters)
        counts = self._statistics.document_frequencies(Field.EXACT, sorted(glued))
        if not _is_loan_word(tokens, forms):
            apart = sum(self._statistics.document_frequencies(Field.EXACT_PAIRS, forms))
            if sum(counts) < max(LEAST_SHARE * total, LEAST_GLUED * apart, 1):
                return ""
        spaced = [_chain(form.split(" ")) for form in forms]
        if not spaced or not self._adds(Term(Field.FOLDED, letters), Or(tuple(spaced))):
            return ""
        return self._statistics.commonest_form(letters)

    def _adds(self, spelling: Query, typed: Query) -> bool:
        """Tell whether articles have a spelling and not the typed one: a hyphen is both."""
        return self._statistics.count([AndNot(spelling, typed)])[0] > 0

    def _spaced_forms(self, tokens: Sequence[Token], forms: Sequence[str]) -> list[str]:
        """Return the forms of neighbouring words; bare syllables only if that is the usual one."""
        if len(tokens) > 2:
            forms = (" ".join(token.exact for token in tokens),)
            return [] if _is_bare(forms[0]) else list(forms)
        forms = forms or fitting_forms(self._statistics, tokens)
        return [form for form in forms if form == forms[0] or not _is_bare(form)]

    def _parted(self, words: Sequence[WordNode]) -> list[tuple[int, int, str]]:
        """Return the words that the archive writes also as two, and those."""
        parted = [
            (place, place + 1, self._part(word.tokens[0])) for place, word in enumerate(words)
        ]
        return [run for run in parted if run[2]]

    def _listed(self, words: Sequence[WordNode]) -> list[tuple[int, int, str]]:
        """Return the loan words and foreign places, and the other spellings the archive has."""
        listed = [
            (start, end, spelling)
            for start, end in _runs(len(words), 1)
            for spelling in _other_spellings(words[start:end])
        ]
        single = [spelling for _, _, spelling in listed if " " not in spelling]
        # They are to be compiled as well.
        self._statistics.look_up({Field.FOLDED: single}, forms=single)
        return [
            (start, end, spelling if " " in spelling else self._statistics.commonest_form(spelling))
            for start, end, spelling in listed
            if self._adds(_spelled(spelling), _typed(words[start:end]))
        ]

    def _part(self, token: Token) -> str:
        """Return the commonest form of a word as two; empty if the archive has none."""
        letters = token.folded
        if letters.isdecimal():
            return self._part_phone(letters)
        if not may_be_glued(letters):
            return ""
        loan_word = LOAN_WORDS.get(letters, "")
        if loan_word and diacritics_agree(token.exact, loan_word.replace(" ", "")):
            pairs = [" ".join(pair) for pair in itertools.pairwise(loan_word.split(" "))]
            if all(self._statistics.document_frequencies(Field.EXACT_PAIRS, pairs)):
                return loan_word
        total = self._statistics.document_frequency(Field.FOLDED, letters)
        if not total:
            return ""
        as_typed = Term(Field.FOLDED, letters)
        halves = split_in_two(letters)
        pairs = [" ".join(map(folded_form, both)) for both in halves]
        counts = self._statistics.document_frequencies(Field.PAIRS, pairs)
        likeliest = sorted(zip(counts, pairs, strict=True), reverse=True)[:_MOST_SPLITS]
        for count, pair in likeliest:
            if count >= LEAST_PARTED * total:
                for form in self._parted_forms(token, pair):
                    glued = letters if _is_bare(form) else form.replace(" ", "")
                    known = self._statistics.document_frequency(Field.EXACT, glued)
                    is_same = known >= LEAST_SHARE * total and self._lift(form) >= LEAST_LIFT
                    if is_same and self._adds(_chain(form.split(" ")), as_typed):
                        return " ".join(halves[pairs.index(pair)]) if _is_bare(form) else form
        return ""

    def _part_phone(self, number: str) -> str:
        """Return the groups of figures in which the archive writes a phone number, if any."""
        for groups in phone_groups(number):
            pairs = [" ".join(pair) for pair in itertools.pairwise(groups.split(" "))]
            if all(self._statistics.document_frequencies(Field.PAIRS, pairs)):
                return groups
        return ""

    def _parted_forms(self, token: Token, pair: str) -> list[str]:
        """Return the forms of two words that have the diacritics typed in a glued one."""
        forms = [form.text for form in self._statistics.exact_forms(pair)[:MOST_FORMS]]
        return [
            form
            for form in forms
            if diacritics_agree(token.exact, form.replace(" ", ""))
            and (form == forms[0] or not _is_bare(form))
        ]


def _shown(text: str, exact: ExactForms) -> str:
    """Return another spelling as it is shown: a letter with its dot, a number with its thing."""
    if exact[-1].isdecimal() and not text[-1].isdecimal():
        return " ".join((*exact[-2:-1], text))
    return text if text[1:] else f"{text.upper()}."


def _runs(size: int, least: int) -> list[Span]:
    """Return the runs of at least so many of some words, as pairs of start and end."""
    return [
        (start, start + length)
        for length in range(least, _LONGEST_RUN + 1)
        for start in range(size - length + 1)
    ]


def _other_spellings(words: Sequence[WordNode]) -> tuple[str, ...]:
    """Return the listed spellings of words that have no other diacritics than one of them."""
    letters = _glued_letters(words)
    others = OTHER_SPELLINGS.get(letters, ())
    loan_word = LOAN_WORDS.get(letters, "").replace(" ", "")
    typed = "".join(token.exact for word in words for token in word.tokens)
    return others if not loan_word or diacritics_agree(typed, loan_word) else ()


def _spelled(spelling: str) -> Query:
    """Match a listed spelling: several syllables as they are, else any diacritics."""
    words = spelling.split(" ")
    return _chain(words) if len(words) > 1 else Term(Field.FOLDED, spelling)


def _typed(words: Sequence[WordNode]) -> Query:
    """Match what was typed of a listed word."""
    tokens = [token for word in words for token in word.tokens]
    if len(tokens) > 1:
        return _chain([token.exact for token in tokens])
    return Term(Field.FOLDED, tokens[0].folded)


def _chain(words: Sequence[str]) -> Query:
    """Match the exact bigrams of words: nearly the same as the words in a row, and cheaper."""
    return And(tuple(Term(Field.EXACT_PAIRS, " ".join(pair)) for pair in itertools.pairwise(words)))


def _glued_letters(words: Sequence[WordNode]) -> str:
    """Return the folded letters of words without what is between them."""
    return fold_canonical("".join(filter(str.isalnum, "".join(word.text for word in words))))


def split_in_two(letters: str) -> list[tuple[str, str]]:
    """Return all ways to split a word in two."""
    return [(letters[:place], letters[place:]) for place in range(1, len(letters))]


def may_be_glued(letters: str) -> bool:
    """Tell whether folded letters may be several words in one: no syllable and no number."""
    return (
        _SHORTEST <= len(letters) <= _LONGEST
        and letters.isalnum()
        and not letters.isdecimal()
        and not is_bare_syllable(letters)
    )


def _is_loan_word(tokens: Sequence[Token], forms: Sequence[str]) -> bool:
    loan_word = LOAN_WORDS.get("".join(token.folded for token in tokens), "")
    return loan_word in (*forms, " ".join(token.exact for token in tokens))


def _is_bare(form: str) -> bool:
    """Tell whether an exact form is nothing but syllables without diacritics."""
    return form.isascii() and all(map(is_bare_syllable, map(exact_form, form.split(" "))))
