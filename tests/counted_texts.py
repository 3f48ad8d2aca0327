"""Statistics of terms that a test states as texts, each with the number of articles that are it.

Thresholds can be tried from both sides in microseconds: `CountedTexts({"lãng mạn": 51, "mạng": 1})`
are the statistics of 52 articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.engine.queries import And, AndNot, Or, Phrase, Query, Term
from indexer.engine.records import TermCount
from indexer.search.interpret.repairs import Stretch
from indexer.search.query.parser import parse
from indexer.search.query.syntax import WordNode, leaves
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form


class CountedTexts(TermStatistics):
    """The statistics of articles that are one short text each; words do not meet across a comma.

    Args:
        counts: the texts, each with the number of articles.
        documents: the articles of the index, if there are others as well.
    """

    def __init__(self, counts: Mapping[str, int], documents: int = 0) -> None:
        self._texts = [(_terms(text), count) for text, count in counts.items()]
        self.documents = documents or sum(counts.values())
        self.is_remote = False
        self._known_words = {}
        self._has_guessed = False

    def look_up(
        self,
        frequencies: Mapping[Field, Iterable[str]],
        forms: Iterable[str] = (),
        counts: Iterable[Query] = (),
        *,
        at_once: bool = False,
    ) -> None:
        """Look nothing up: all is stated."""

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """Return the number of articles that hold each term."""
        return [self._count(Term(field, text)) for text in texts]

    def exact_forms(self, folded: str) -> list[TermCount]:
        """Return the exact forms of a folded syllable or bigram, commonest first."""
        is_pair = " " in folded
        counts = Counter[str]()
        for terms, count in self._texts:
            exact = terms[Field.EXACT_PAIRS if is_pair else Field.EXACT]
            bare = terms[Field.PAIRS if is_pair else Field.FOLDED]
            forms = {form for form, other in zip(exact, bare, strict=True) if other == folded}
            counts.update(dict.fromkeys(forms, count))
        return [TermCount(form, count) for form, count in counts.most_common()]

    def count(self, queries: Sequence[Query]) -> list[int]:
        """Return the number of articles that match each query."""
        return [self._count(query) for query in queries]

    def _count(self, query: Query) -> int:
        return sum(count for terms, count in self._texts if _matches(query, terms))


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The terms, exact forms and counts that one call looks up, and whether at once."""

    frequencies: Mapping[Field, Set[str]]
    forms: Set[str]
    counts: Set[Query]
    at_once: bool


class RemoteTexts(CountedTexts):
    """The statistics of an index that is far away, with what is looked up and what is counted."""

    def __init__(self, counts: Mapping[str, int], documents: int = 0) -> None:
        super().__init__(counts, documents)
        self.is_remote = True
        self.calls: list[LookedUp] = []
        self.counted = set[Query]()

    def look_up(
        self,
        frequencies: Mapping[Field, Iterable[str]],
        forms: Iterable[str] = (),
        counts: Iterable[Query] = (),
        *,
        at_once: bool = True,
    ) -> None:
        """Note what is looked up."""
        terms = {field: frozenset(texts) for field, texts in frequencies.items()}
        self.calls.append(LookedUp(terms, frozenset(forms), frozenset(counts), at_once))

    def count(self, queries: Sequence[Query]) -> list[int]:
        """Return the number of articles that match each query, and note what is asked."""
        self.counted.update(queries)
        return super().count(queries)


_Terms = dict[Field, list[str]]


def _terms(text: str) -> _Terms:
    terms: _Terms = {field: [] for field in Field}
    for run in text.split(","):
        tokens = tokens_of(run)
        words = [word for token in tokens for word in (token.exact, *token.extras)] + [","]
        terms[Field.EXACT] += words
        terms[Field.FOLDED] += map(folded_form, words)
        terms[Field.EXACT_PAIRS] += (f"{a.exact} {b.exact}" for a, b in pairwise(tokens))
        terms[Field.PAIRS] += (f"{a.folded} {b.folded}" for a, b in pairwise(tokens))
    return terms


def _matches(query: Query, terms: _Terms) -> bool:
    match query:
        case Term(field, text):
            return text in terms[field]
        case Phrase(field, texts):
            row, size = tuple(texts), len(texts)
            words = terms[field]
            return row in {tuple(words[start : start + size]) for start in range(len(words))}
        case And(children):
            return all(_matches(child, terms) for child in children)
        case Or(children):
            return any(_matches(child, terms) for child in children)
        case AndNot(required, excluded):
            return _matches(required, terms) and not _matches(excluded, terms)
    raise TypeError(f"no statistics of {query}")


def words_of(text: str) -> list[WordNode]:
    """Return the words of a query of plain words."""
    tree = parse(text, Analyzer()).tree
    return [leaf for leaf in leaves(tree) if isinstance(leaf, WordNode)]


def stretches_of(text: str) -> list[Stretch]:
    """Return the words of a query as the repairs have them."""
    return [Stretch(word.start, word.end, word.text, word.tokens) for word in words_of(text)]


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the analysed words of a text."""
    return tuple(Analyzer().tokens(text))
