"""What holds of every query and document, whatever they are: forms, marks, order, no errors."""

from __future__ import annotations

import json
import os
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.intake.json_lines import read_record
from indexer.search.present.json_form import to_json
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.normalization import canonical, fold_canonical
from tests.bench.quality_sets import read_lines
from tests.bench.typing_forms import FORMS, as_telex
from tests.factories import ArchiveFactory, article
from tests.paths import DATA, ROOT
from tests.tone_styles import place_tone

SHARED = Path(os.environ.get("TANGTHU_SHARED", ROOT.parent / "shared"))
SLUGS = SHARED / "eval" / "dantri_slugs" / "queries.jsonl.xz"

TEXTS = (
    "Công an nhân dân Điện Biên triệt phá đường dây ma túy",
    "Đảng ủy Công an Trung ương, ý thức tổ chức kỷ luật",
    "hiện đại hóa cơ sở vật chất; hòa bình, sức khỏe, thúy kiều",
    "phòng, chống tội phạm: ổ nhóm, sĩ quan chỉ huy",
    "cong an nhan dan dien bien triet pha duong day ma tuy",
    "Ủy ban nhân dân (UBND) tỉnh họp; UBND huyện ra quyết định 13/2023/NĐ-CP",
    "Bắt 1.088 đối tượng, giảm 16,67%, ngày 19/12/2022 tại TP.HCM",
)
WORDS = sorted({word.strip(",;:()") for text in TEXTS for word in text.split()})
SYLLABLES = [word for word in WORDS if word.isalpha() and not word.isascii()]

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def reversed_marks(text: str) -> str:
    """Every letter's marks in the wrong order: the tone before circumflex, breve or horn."""
    out, marks = "", ""
    for letter in decomposed(text):
        if unicodedata.combining(letter):
            marks = letter + marks
        else:
            out, marks = out + marks + letter, ""
    return out + marks


def half_composed(text: str) -> str:
    """As windows-1258 holds it: the letter composed, its tone a mark of its own."""
    out = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in _TONES)
        untoned = "".join(mark for mark in parts if mark not in _TONES)
        out += unicodedata.normalize("NFC", untoned) + tones
    return out


def with_eth(text: str) -> str:
    return text.replace("đ", "ð").replace("Đ", "Ð")


SPELLINGS: tuple[Callable[[str], str], ...] = (
    decomposed,
    reversed_marks,
    half_composed,
    with_eth,
)
"""Other ways to encode the very same letters."""

QUERIES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(
        *(article(f"Bài {number}", text) for number, text in enumerate(TEXTS))
    ).search


def found(searcher: SearchService, typed: str, **values: bool) -> list[tuple[str, float]]:
    """Identifiers and scores, to as many places as an engine promises."""
    page = searcher.search(SearchRequest(typed, size=50, **values))
    return [(hit.identifier, round(hit.score, 6)) for hit in page.hits]


def vectors() -> list[tuple[str, str, str]]:
    lines = (DATA / "search.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return [(unescaped(row[0]), unescaped(row[4]), row[5]) for row in rows]


def unescaped(text: str) -> str:
    return text.encode("ascii").decode("unicode_escape")


def stored(text: str, name: str) -> Article:
    """The article that the reader of JSON lines makes of a text."""
    return read_record(json.dumps({"id": name, "title": name, "body": text}).encode(), "test")


def test_every_end_to_end_vector(archive_of: ArchiveFactory) -> None:
    rows = vectors()
    assert len(rows) == 51
    texts = sorted({document for _, document, _ in rows})
    numbers = {text: f"v{number}" for number, text in enumerate(texts)}
    searcher = archive_of(*(stored(text, name) for text, name in numbers.items())).search
    for typed, document, expected in rows:
        page = searcher.search(SearchRequest(typed, size=100))
        hits = {hit.external_id: hit for hit in page.hits}
        assert numbers[document] in hits, (typed, document)
        if expected == "match-lower":
            exact = searcher.search(SearchRequest(document, size=100))
            as_typed = {hit.external_id: hit.score for hit in exact.hits}
            assert hits[numbers[document]].score < as_typed[numbers[document]]


@given(typed=QUERIES, spelling=st.sampled_from(SPELLINGS))
def test_a_query_is_the_same_in_every_spelling(
    searcher: SearchService, typed: str, spelling: Callable[[str], str]
) -> None:
    first, second = (searcher.search(SearchRequest(text)) for text in (typed, spelling(typed)))
    assert {**to_json(first), "took_ms": 0} == {**to_json(second), "took_ms": 0}


@given(text=QUERIES, spelling=st.sampled_from(SPELLINGS))
def test_a_document_is_the_same_in_every_spelling(
    text: str, spelling: Callable[[str], str]
) -> None:
    analyzer = Analyzer()
    plain, respelled = stored(text, "x"), stored(spelling(text), "x")
    assert build_document(analyzer, plain) == build_document(analyzer, respelled)


@given(typed=QUERIES, flags=st.fixed_dictionaries({"exact": st.booleans()}))
@settings(deadline=None)
def test_old_and_new_tone_placement_score_alike(
    searcher: SearchService, typed: str, flags: dict[str, bool]
) -> None:
    old, new = (
        " ".join(place_tone(word, style) for word in typed.split(" ")) for style in ("old", "new")
    )
    assert found(searcher, old, **flags) == found(searcher, new, **flags)


@given(text=QUERIES)
def test_a_document_is_the_same_in_both_tone_styles(text: str) -> None:
    analyzer = Analyzer()
    old, new = (
        stored(" ".join(place_tone(word, style) for word in text.split(" ")), "x")
        for style in ("old", "new")
    )
    assert build_document(analyzer, old) == build_document(analyzer, new)


@given(words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4), in_title=st.booleans())
@settings(deadline=None, max_examples=15)
def test_an_exact_match_outranks_an_equal_folded_one(
    shared_archive_of: ArchiveFactory, words: list[str], in_title: bool
) -> None:
    text = canonical(" ".join(words))
    bare = fold_canonical(text)
    assume(bare != text.lower())
    articles = [article(content) if in_title else article("x", content) for content in (text, bare)]
    with shared_archive_of(*articles) as archive:
        first, second = archive.search.search(SearchRequest(text)).hits
    assert first.identifier == articles[0].identifier
    assert first.score > second.score
    assert "exact" in first.why


LONG_FORMS = {"UBND": "ủy ban nhân dân", "HĐND": "hội đồng nhân dân", "CSGT": "cảnh sát giao thông"}


@given(
    short=st.sampled_from(sorted(LONG_FORMS)),
    typed_long=st.booleans(),
    filler=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=6),
    count=st.integers(1, 6),
)
@settings(deadline=None, max_examples=15)
def test_an_acronyms_other_form_never_ranks_above_an_equal_exact_hit(
    shared_archive_of: ArchiveFactory, short: str, typed_long: bool, filler: list[str], count: int
) -> None:
    typed, counterpart = (LONG_FORMS[short], short) if typed_long else (short, LONG_FORMS[short])
    filling = " ".join(filler)
    # The other form is as often in the archive as may be; both texts are of one length.
    length = len(typed.split()) - len(counterpart.split())
    pads = ("xyz " * max(0, -length), "xyz " * max(0, length))
    articles = [article("Tin", f"{typed} {pads[0]}{filling}")]
    articles += [
        article(f"Tin {number}", f"{counterpart} {pads[1]}{filling}") for number in range(count)
    ]
    with shared_archive_of(*articles) as archive:
        hits = archive.search.search(SearchRequest(typed, size=20)).hits
    assert len(hits) == count + 1
    assert hits[0].title == "Tin"
    assert "acronym" not in hits[0].why
    assert all("acronym" in hit.why for hit in hits[1:])


MODES = st.sampled_from(MatchMode)
TYPED = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(list('()"“-=+*: |&.,/ORànđ\u0301\u00ad\x00')),
        st.characters(categories=["Cs"]),
    )
)


@given(typed=TYPED, flags=st.tuples(st.booleans(), st.booleans(), MODES))
@settings(deadline=None)
def test_nothing_that_can_be_typed_raises(
    searcher: SearchService, typed: str, flags: tuple[bool, bool, MatchMode]
) -> None:
    exact, as_typed, match = flags
    question = SearchRequest(typed, exact=exact, as_typed=as_typed, match=match)
    json.dumps(to_json(searcher.search(question)))


@given(words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=5))
@settings(deadline=None)
def test_telex_finds_what_the_words_find(searcher: SearchService, words: list[str]) -> None:
    typed = " ".join(words)
    keys = as_telex(typed)
    # Letters that are words of the archive as they stand may be meant so.
    bare = {fold_canonical(word) for word in WORDS}
    assume(not any(key in bare for key in keys.lower().split()))
    assert found(searcher, typed) == found(searcher, keys)


RUBBISH = (
    "aáàđĐơ \t\n\"“”'()[]{}-–+=*:/\\|&%#@!?.,;<>~`^_0123456789ORANDướ\u0301\u0323\u200b\ud800🙂中"
)


def random_strings(count: int) -> Iterator[str]:
    """Strings that nobody would type, some of them made of words of the archive."""
    chance = random.Random(10_000)
    for _ in range(count):
        pieces: Sequence[str] = WORDS if chance.random() < 0.5 else RUBBISH
        joiner = chance.choice(("", " ", "  ", ":", " -", '"'))
        yield joiner.join(chance.choice(pieces) for _ in range(chance.randint(0, 30)))


@pytest.mark.slow
def test_ten_thousand_random_strings_are_answered(searcher: SearchService) -> None:
    for typed in random_strings(10_000):
        assert searcher.search(SearchRequest(typed)).total >= 0


@pytest.mark.slow
@pytest.mark.skipif(not SLUGS.exists(), reason="the public query sets are not here")
def test_every_slug_in_three_typings_is_answered(searcher: SearchService) -> None:
    slugs = [record["text"] for record in read_lines(SLUGS)]
    assert len(slugs) == 2652
    marked = {fold_canonical(word.lower()): word for word in SYLLABLES}
    for slug in slugs:
        # Words of the archive get their marks, so that the three typings differ.
        text = " ".join(marked.get(word, word) for word in slug.split())
        for form in FORMS.values():
            assert searcher.search(SearchRequest(form(text))).total >= 0
