"""Look-ups of terms: asked at once, remembered for a while, absent ones not for long."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.analysis.fields import Field
from indexer.engine.queries import Coverage, InSection, MatchAll, Phrase, Prefix, Query, Term
from indexer.engine.records import TermCount
from indexer.opensearch_engine.expanded_nodes import ExpandedNode
from indexer.opensearch_engine.term_lookups import (
    SECONDS_ABSENT,
    SECONDS_REMEMBERED,
    TermLookups,
)
from indexer.opensearch_engine.term_vectors import TermCounts

FOLDED, EXACT, PAIRS = Field.FOLDED, Field.EXACT, Field.EXACT_PAIRS


class KnownTerms:
    """Term vectors and the dictionary of an index that a test changes."""

    def __init__(self) -> None:
        self.frequencies = {(FOLDED, "hoa"): 3, (EXACT, "hòa"): 2, (EXACT, "hoa"): 1}
        self.frequencies |= {(PAIRS, "hòa bình"): 2, (EXACT, "bình"): 3, (Field.TITLE, "hoa"): 1}
        self.forms = {"hoa": ["hoa", "hòa", "hóa"], "binh": ["bình"]}
        self.occurrences: dict[tuple[Field, str], int] = {}
        self.whole: dict[str, list[str]] = {}
        self.counted: list[int] = []
        self.requests: list[str] = []

    def count(self, terms: Sequence[tuple[Field, str]]) -> TermCounts:
        self.requests.append("vectors")
        self.counted.append(len(terms))
        documents = {term: self.frequencies.get(term, 0) for term in terms}
        occurrences = {term: self.occurrences.get(term, documents[term]) for term in terms}
        return TermCounts(documents, occurrences)

    def count_documents(self) -> int:
        return 10

    def all_forms(self) -> dict[str, list[str]]:
        if self.whole:
            self.requests.append("whole")
        return self.whole

    def exact_forms(self, folded: Sequence[str]) -> dict[str, list[str]]:
        self.requests.append("forms")
        return {text: list(self.forms.get(text, ())) for text in folded}

    def matching_words(self, nodes: Sequence[ExpandedNode]) -> dict[ExpandedNode, list[str]]:
        self.requests.append("patterns")
        return {node: ["hoa", "hóa", "hòa"] for node in nodes}


@pytest.fixture
def terms() -> KnownTerms:
    return KnownTerms()


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def lookups(terms: KnownTerms, now: list[float]) -> TermLookups:
    return TermLookups(terms, terms, clock=lambda: now[0])  # type: ignore[arg-type]


def test_all_is_asked_in_two_requests(lookups: TermLookups, terms: KnownTerms) -> None:
    frequencies, forms = lookups.look_up(
        {FOLDED: ["hoa", "no"], PAIRS: ["hòa bình"]}, ["hoa", "hoa binh", "a b c", "no"]
    )
    assert frequencies == {FOLDED: [3, 0], PAIRS: [2]}
    words = [TermCount("hòa", 2), TermCount("hoa", 1)]
    assert forms == [words, [TermCount("hòa bình", 2)], [], []]
    assert terms.requests == ["forms", "vectors"]
    lookups.look_up({FOLDED: ["hoa", "no"]}, ["hoa binh"])
    assert terms.requests == ["forms", "vectors"]


def test_figures_are_forgotten_and_absent_terms_sooner(
    lookups: TermLookups, terms: KnownTerms, now: list[float]
) -> None:
    def look_up() -> list[int]:
        return lookups.look_up({FOLDED: ["hoa", "no"]}, [])[0][FOLDED]

    assert look_up() == [3, 0]
    terms.frequencies |= {(FOLDED, "no"): 1, (FOLDED, "hoa"): 9}
    assert look_up() == [3, 0]
    now[0] += SECONDS_ABSENT
    assert look_up() == [3, 1]
    now[0] += SECONDS_REMEMBERED
    assert look_up() == [9, 1]


def test_a_search_needs_no_request_for_a_title_that_was_looked_up(
    lookups: TermLookups, terms: KnownTerms
) -> None:
    lookups.look_up({FOLDED: ["hoa"]}, [])
    facts = lookups.facts_for([Coverage(MatchAll(), Field.TITLE, ("hoa",))])
    assert facts.idf == {(Field.TITLE, "hoa"): lookups.idf(1)}
    assert terms.requests == ["vectors"]


def test_titles_come_along_with_exact_forms(lookups: TermLookups, terms: KnownTerms) -> None:
    lookups.look_up({}, ["hoa"])
    assert terms.requests == ["forms", "vectors"]
    lookups.facts_for([Coverage(MatchAll(), Field.TITLE, ("hoa",))])
    lookups.facts_for([Coverage(MatchAll(), Field.TITLE_EXACT, ("hòa", "hóa"))])
    assert terms.requests == ["forms", "vectors"]


def test_patterns_become_the_commonest_terms(lookups: TermLookups, terms: KnownTerms) -> None:
    node = Prefix(EXACT, "h", limit=1)
    for _ in range(2):
        assert lookups.facts_for([node]).terms == {node: ("hòa",)}
    assert terms.requests[:2] == ["patterns", "vectors"]
    assert terms.requests.count("vectors") == 1


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        (Phrase(FOLDED, ("hoa", "", "no")), {"hoa": ["hoa", "hòa", "hóa"], "no": []}),
        (InSection(("an",), Term(Field.PAIRS, "hoa binh")), {"binh": ["bình"]}),
        (InSection(("an",), Prefix(FOLDED, "h", limit=1)), {"hoa": ["hoa", "hòa", "hóa"]}),
        (Term(FOLDED, "hoa"), {}),
        (Phrase(EXACT, ("hoa", "no")), {}),
    ],
)
def test_facts_have_the_exact_forms_of_words_with_places(
    lookups: TermLookups, query: Query, forms: dict[str, list[str]]
) -> None:
    facts = lookups.facts_for([query])
    assert forms.items() <= facts.forms.items()
    assert forms or not facts.forms


def test_new_forms_are_seen_when_words_are_forgotten(
    lookups: TermLookups, terms: KnownTerms
) -> None:
    phrase = Phrase(FOLDED, ("hoa", "binh"))
    assert lookups.facts_for([phrase]).forms["binh"] == ["bình"]
    terms.forms["binh"] = ["bình", "bính"]
    assert lookups.facts_for([phrase]).forms["binh"] == ["bình"]
    lookups.forget_words()
    assert lookups.facts_for([phrase]).forms["binh"] == ["bình", "bính"]


def test_all_syllables_are_asked_for_with_the_first_words(
    lookups: TermLookups, terms: KnownTerms
) -> None:
    lookups.look_up({}, ["no"])
    lookups.look_up({}, ["hoa", "binh", "no"])
    assert terms.requests.count("forms") == 1
    terms.frequencies |= {(FOLDED, "zalô"): 1}
    lookups.look_up({}, ["zalô"])
    assert terms.requests.count("forms") == 2


@pytest.fixture
def later_lookups(lookups: TermLookups, terms: KnownTerms) -> TermLookups:
    """Return look-ups that know the syllables already."""
    lookups.look_up({}, ["hoa", "binh"])
    terms.requests.clear()
    return lookups


def test_a_word_of_one_form_needs_no_dictionary(
    later_lookups: TermLookups, terms: KnownTerms
) -> None:
    terms.frequencies |= {(FOLDED, "zalo"): 2, (EXACT, "zalo"): 2, (PAIRS, "zalo hòa"): 1}
    forms = later_lookups.look_up({}, ["zalo", "zalo hoa", "zalo x"])[1]
    assert forms == [[TermCount("zalo", 2)], [TermCount("zalo hòa", 1)], []]
    assert terms.requests == ["vectors"]
    later_lookups.look_up({}, ["zalo"])
    assert terms.requests == ["vectors"]


def test_a_word_of_several_forms_is_looked_up_in_the_dictionary(
    later_lookups: TermLookups, terms: KnownTerms
) -> None:
    terms.frequencies |= {(FOLDED, "oto"): 5, (EXACT, "oto"): 2, (EXACT, "ôtô"): 3}
    terms.frequencies |= {(PAIRS, "ôtô hòa"): 1}
    terms.forms["oto"] = ["oto", "ôtô"]
    frequencies, forms = later_lookups.look_up({FOLDED: ["oto", "hoa"]}, ["oto", "oto hoa"])
    assert forms == [[TermCount("ôtô", 3), TermCount("oto", 2)], [TermCount("ôtô hòa", 1)]]
    assert frequencies == {FOLDED: [5, 3]}
    assert terms.requests == ["vectors", "forms", "vectors"]


def test_forms_in_the_same_documents_are_told_apart(
    later_lookups: TermLookups, terms: KnownTerms
) -> None:
    # Each is in two documents, but only all forms together occur as often as the folded word.
    terms.frequencies |= {(FOLDED, "oto"): 2, (EXACT, "oto"): 2, (EXACT, "ôtô"): 2}
    terms.forms["oto"] = ["oto", "ôtô"]
    terms.occurrences |= {(FOLDED, "oto"): 5, (EXACT, "oto"): 3, (EXACT, "ôtô"): 2}
    assert later_lookups.look_up({}, ["oto"])[1] == [[TermCount("oto", 2), TermCount("ôtô", 2)]]


def test_a_word_that_came_later_is_found_soon(
    later_lookups: TermLookups, terms: KnownTerms, now: list[float]
) -> None:
    assert later_lookups.look_up({}, ["zalo"])[1] == [[]]
    terms.frequencies |= {(FOLDED, "zalo"): 1, (EXACT, "zalo"): 1}
    assert later_lookups.look_up({}, ["zalo"])[1] == [[]]
    now[0] += SECONDS_ABSENT
    assert later_lookups.look_up({}, ["zalo"])[1] == [[TermCount("zalo", 1)]]


def test_another_form_that_came_later_is_found_when_words_are_forgotten(
    later_lookups: TermLookups, terms: KnownTerms, now: list[float]
) -> None:
    terms.frequencies |= {(FOLDED, "zalo"): 1, (EXACT, "zalo"): 1}
    later_lookups.look_up({}, ["zalo"])
    terms.frequencies |= {(FOLDED, "zalo"): 2, (EXACT, "zalô"): 1}
    terms.forms["zalo"] = ["zalo", "zalô"]
    later_lookups.forget_words()
    words = [TermCount("zalo", 1), TermCount("zalô", 1)]
    assert later_lookups.look_up({}, ["zalo"])[1] == [words]


@pytest.fixture
def whole_lookups(lookups: TermLookups, terms: KnownTerms) -> TermLookups:
    """Return look-ups of an index whose dictionary is small enough to be read whole."""
    terms.whole = {**terms.forms, "oto": ["oto", "ôtô"]}
    terms.frequencies |= {(FOLDED, "oto"): 5, (EXACT, "oto"): 2, (EXACT, "ôtô"): 3}
    return lookups


def test_a_small_dictionary_is_read_once(whole_lookups: TermLookups, terms: KnownTerms) -> None:
    assert whole_lookups.look_up({}, ["hoa", "zalo"])[1][1] == []
    assert terms.requests == ["whole", "vectors"]
    words = [TermCount("ôtô", 3), TermCount("oto", 2)]
    assert whole_lookups.look_up({}, ["oto", "zalo"])[1] == [words, []]
    assert terms.requests == ["whole", "vectors", "vectors"]


def test_a_word_that_came_after_the_whole_dictionary_is_found_soon(
    whole_lookups: TermLookups, terms: KnownTerms, now: list[float]
) -> None:
    assert whole_lookups.look_up({}, ["zalo"])[1] == [[]]
    terms.frequencies |= {(FOLDED, "zalo"): 3, (EXACT, "zalo"): 1, (EXACT, "zalô"): 2}
    terms.forms["zalo"] = ["zalo", "zalô"]
    now[0] += SECONDS_ABSENT
    words = [TermCount("zalô", 2), TermCount("zalo", 1)]
    assert whole_lookups.look_up({}, ["zalo"])[1] == [words]


def test_new_words_of_a_small_dictionary_are_seen_when_words_are_forgotten(
    whole_lookups: TermLookups, terms: KnownTerms
) -> None:
    phrase = Phrase(FOLDED, ("hoa", "binh"))
    whole_lookups.facts_for([phrase])
    terms.whole["binh"] = ["bình", "bính"]
    whole_lookups.forget_words()
    assert whole_lookups.facts_for([phrase]).forms["binh"] == ["bình", "bính"]
    assert terms.requests == ["whole", "whole"]


def test_frequencies_of_all_words_come_along_with_typical_ones(
    whole_lookups: TermLookups, terms: KnownTerms
) -> None:
    assert whole_lookups.typical_frequencies(["bình"]) == {"bình": 3}
    assert terms.counted == [1]
    whole_lookups.look_up({}, ["hoa"])
    assert whole_lookups.typical_frequencies(["zalo"]) == {"zalo": 0}
    known = whole_lookups.remembered_frequencies(EXACT, ["ôtô", "oto", "hòa", "hóa", "gì"])
    assert known == {"ôtô": 3, "oto": 2, "hòa": 2, "hóa": 0}
    # What is remembered is not asked for again: `zalo` and two spellings of one word are new.
    assert terms.counted[2:] == [3]
    whole_lookups.typical_frequencies(["khác"])
    assert terms.counted[3:] == [1]


def test_frequencies_come_along_a_part_at_a_time(lookups: TermLookups, terms: KnownTerms) -> None:
    terms.whole = {f"w{number}": [f"w{number}"] for number in range(10_000)}
    lookups.look_up({}, ["w0"])
    for number in range(3):
        lookups.typical_frequencies([f"other{number}"])
    assert sum(terms.counted[1:]) == 3 + 9_999
    assert max(terms.counted) < 9_000
