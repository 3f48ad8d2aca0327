"""What every engine has to do: a suite to inherit, with tables of (query, identifiers)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from archive.errors import AnalyzerChangedError, EngineError
from indexer.analysis.documents import Document
from indexer.analysis.fields import Field, Passage, Zone
from indexer.engine.api import Engine, IndexWriter, Searchable
from indexer.engine.queries import (
    And,
    AndMaybe,
    AndNot,
    Column,
    Coverage,
    HasIdentifier,
    HasValue,
    InRange,
    InSection,
    MatchAll,
    MatchNone,
    MultiPhrase,
    Or,
    Phrase,
    Prefix,
    Query,
    Sort,
    Term,
    Wildcard,
)
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    FeedbackQuery,
    TermCount,
    TermLookup,
)
from indexer.vietnamese.syllables import exact_form

MANIFEST = "index.json"


def frequencies(engine: Engine, field: Field, texts: Sequence[str]) -> list[int]:
    """Look up the document frequencies of terms of one field."""
    return list(engine.look_up(TermLookup(frequencies={field: texts})).frequencies[field])


def exact_forms(engine: Engine, folded: str) -> list[TermCount]:
    """Look up the exact forms of one folded text."""
    return list(engine.look_up(TermLookup(forms=[folded])).forms[0])


def passage(
    zone: Zone, text: str, section: int = 0, extras: tuple[tuple[int, str], ...] = ()
) -> Passage:
    return Passage(zone, tuple(exact_form(word) for word in text.split()), extras, section)


def document(identifier: str, *passages: Passage, **columns: object) -> Document:
    return Document(identifier, 1, tuple(passages), **columns)  # type: ignore[arg-type]


def body(identifier: str, text: str, **columns: object) -> Document:
    return document(identifier, passage(Zone.BODY, text), **columns)


POLICE = document(
    "police",
    passage(Zone.TITLE, "Hội nghị Công an toàn quốc"),
    passage(Zone.LEAD, "ngày 19/12/2022 tại hà nội", extras=((1, "2022-12-19"), (1, "2022-12"))),
    passage(Zone.HEADING, "Đại tá Ngô Thanh Bình Giám đốc Công an tỉnh Điện Biên", 1),
    passage(Zone.BODY, "tội phạm ma túy ở điện biên còn phức tạp", 1),
    passage(Zone.PERSON, "Ngô Thanh Bình", 1),
    passage(Zone.HEADING, "Trung úy Nguyễn Kim Anh", 2),
    passage(Zone.BODY, "mong hòa bình và ma trận số", 2),
    passage(Zone.PERSON, "Nguyễn Kim Anh", 2),
    passage(Zone.BYLINE, "Nhóm PV"),
    passage(Zone.PUBLISHER, "Công an nhân dân"),
    passage(Zone.CATEGORY, "Pháp luật"),
    published=1_671_444_120,
    month="2022-12",
    publisher="Công an nhân dân",
    category="Pháp luật",
    authors=("Nhóm PV",),
    people=("Ngô Thanh Bình", "Nguyễn Kim Anh"),
)
PEACE = document(
    "peace",
    passage(Zone.TITLE, "Hoà bình"),
    passage(Zone.BODY, "hòa bình ở điện biên phủ an toàn"),
    passage(Zone.BYLINE, "Nguyễn Kim"),
    passage(Zone.BYLINE, "Anh Thư"),
    published=1_480_000_000,
    month="2016-11",
    publisher="Dân trí",
    category="Thế giới",
    authors=("Nguyễn Kim", "Anh Thư"),
)
FLOWERS = document(
    "flowers",
    passage(Zone.BODY, "hoa bình thường ở công viên an dân toàn là hoa"),
    passage(Zone.CAPTION, "công"),
    passage(Zone.CAPTION, "an"),
    publisher="Dân trí",
    category="Pháp luật",
)
CORPUS = (POLICE, PEACE, FLOWERS)


def folded(text: str, boost: float = 1.0) -> Term:
    return Term(Field.FOLDED, text, boost)


def phrase(*texts: str, field: Field = Field.FOLDED) -> Phrase:
    return Phrase(field, texts)


def near(slop: int, *texts: str, field: Field = Field.FOLDED) -> MultiPhrase:
    """A phrase whose alternatives are parted by `|`."""
    return MultiPhrase(field, tuple(tuple(text.split("|")) if text else () for text in texts), slop)


def near_in(person: str, query: MultiPhrase) -> InSection:
    return InSection((person,), query)


ALL = {"police", "peace", "flowers"}
QUERIES: list[tuple[str, Query, set[str]]] = [
    ("term", folded("bien"), {"police", "peace"}),
    ("unknown term", folded("khongco"), set()),
    ("empty term", folded(""), set()),
    ("exact term", Term(Field.EXACT, "hòa"), {"police", "peace"}),
    ("exact term of another tone", Term(Field.EXACT, "hoa"), {"flowers"}),
    ("folded term of all tones", folded("hoa"), {"police", "peace", "flowers"}),
    ("extra term", folded("2022-12-19"), {"police"}),
    ("extra term, exact", Term(Field.EXACT, "2022-12"), {"police"}),
    ("title", Term(Field.TITLE, "hoa"), {"peace"}),
    ("title, exact", Term(Field.TITLE_EXACT, "hòa"), {"peace"}),
    ("title, exact, other tone", Term(Field.TITLE_EXACT, "hoa"), set()),
    ("author", Term(Field.AUTHOR, "nguyen"), {"peace"}),
    ("person", Term(Field.PERSON, "nguyen"), {"police"}),
    ("publisher", Term(Field.PUBLISHER, "cong"), {"police"}),
    ("category", Term(Field.CATEGORY, "phap"), {"police"}),
    ("publisher is not text", folded("phap"), set()),
    ("pair", Term(Field.PAIRS, "hoa binh"), {"police", "peace", "flowers"}),
    ("exact pair", Term(Field.EXACT_PAIRS, "hòa bình"), {"police", "peace"}),
    ("pair of neighbours only", Term(Field.PAIRS, "cong an"), {"police"}),
    ("phrase", phrase("cong", "an"), {"police"}),
    ("phrase of one", phrase("cong"), {"police", "flowers"}),
    ("phrase of none", phrase(), set()),
    ("phrase with an unknown word", phrase("cong", "khongco"), set()),
    ("exact phrase", phrase("hòa", "bình", field=Field.EXACT), {"police", "peace"}),
    ("title phrase", phrase("cong", "an", "toan", "quoc", field=Field.TITLE), {"police"}),
    ("author phrase", phrase("nguyen", "kim", field=Field.AUTHOR), {"peace"}),
    ("no phrase across authors", phrase("kim", "anh", field=Field.AUTHOR), set()),
    ("no phrase across people", phrase("binh", "nguyen", field=Field.PERSON), set()),
    ("phrase with a gap", phrase("dien", "", "phu"), {"peace"}),
    ("phrase with a gap, exact", phrase("điện", "", "phủ", field=Field.EXACT), {"peace"}),
    ("no gap across passages", phrase("quoc", "", "ngay"), set()),
    ("phrase with an extra term", phrase("ngay", "2022-12-19"), {"police"}),
    ("phrase that repeats a word", phrase("ma", "tuy", "o"), {"police"}),
    ("alternatives", near(0, "cong|dien", "an|bien"), {"police", "peace"}),
    ("alternatives, one unknown", near(0, "cong|khongco", "an"), {"police"}),
    ("alternatives, all unknown", near(0, "cong", "khongco|x"), set()),
    ("alternatives in order", near(0, "an|bien", "cong|dien"), set()),
    ("alternatives with any word", near(0, "", "dien|o", "", "phu|dan", ""), {"peace"}),
    ("alternatives, one position", near(0, "phu|tuy"), {"police", "peace"}),
    ("alternatives, any words only", near(0, "", ""), set()),
    ("no alternatives at all", near(0), set()),
    ("alternatives, exact", near(0, "hòa|hoà", "bình", field=Field.EXACT), {"police", "peace"}),
    ("alternatives, other tone", near(0, "hoa", "bình|binh", field=Field.EXACT), {"flowers"}),
    ("alternatives with an extra term", near(0, "ngay|x", "2022-12-19|19/12"), {"police"}),
    (
        "alternatives in the title",
        near(0, "an|hoa", "toan|binh", field=Field.TITLE),
        {"police", "peace"},
    ),
    ("alternatives of authors", near(0, "kim|thu", "anh", field=Field.AUTHOR), set()),
    ("near", near(1, "dien", "phu"), {"peace"}),
    ("near, too far", near(1, "o", "phu"), set()),
    ("near, far enough", near(2, "o", "phu"), {"peace"}),
    ("near, backwards", near(1, "phu", "bien", "dien"), {"peace"}),
    ("near, one before another", near(1, "an", "cong"), {"police", "flowers"}),
    ("near, a word twice", near(20, "hoa", "hoa"), {"flowers"}),
    ("near, a word twice, too far", near(8, "hoa", "hoa"), set()),
    ("near, a word thrice", near(60, "hoa", "hoa", "hoa"), set()),
    ("near, words that share alternatives", near(9, "hoa|binh", "hoa|thuong", "hoa"), {"flowers"}),
    ("near, not across passages", near(60, "cong", "an"), {"police", "flowers"}),
    ("near, room for any word", near(1, "o", "", "phu"), {"peace"}),
    ("near, a token serves once", near(9, "2022-12", "2022-12-19"), set()),
    ("near, extra terms", near(1, "2022-12", "tai"), {"police"}),
    ("prefix", Prefix(Field.FOLDED, "ho"), {"police", "peace", "flowers"}),
    ("prefix, exact", Prefix(Field.EXACT, "hò"), {"police", "peace"}),
    ("prefix of a pair", Prefix(Field.EXACT_PAIRS, "hòa b"), {"police", "peace"}),
    ("prefix of a pair's first word", Prefix(Field.PAIRS, "vie"), {"flowers"}),
    ("pattern of a pair", Wildcard(Field.PAIRS, "c?ng an"), {"police"}),
    ("pattern of a pair's second word", Wildcard(Field.PAIRS, "hoa b*h"), ALL),
    ("pattern of both words of a pair", Wildcard(Field.PAIRS, "h?a b?nh"), ALL),
    ("pattern of a pair, end open", Wildcard(Field.PAIRS, "h?a bi*"), ALL),
    ("pattern of an exact pair", Wildcard(Field.EXACT_PAIRS, "h?a bình"), ALL),
    ("pattern of no pair", Wildcard(Field.PAIRS, "c?ng binh"), set()),
    ("prefix in titles", Prefix(Field.TITLE, "ho"), {"police", "peace"}),
    ("prefix of nothing", Prefix(Field.FOLDED, "xyz"), set()),
    ("all", And((folded("dien"), folded("toan"))), {"police", "peace"}),
    ("all of none", And(()), set()),
    ("all with an unknown", And((folded("dien"), folded("khongco"))), set()),
    ("any", Or((folded("phu"), folded("tuy"))), {"police", "peace"}),
    ("any of none", Or(()), set()),
    ("two of three", Or((folded("phu"), folded("hoa"), folded("dien")), 2), {"police", "peace"}),
    ("four of three", Or((folded("phu"), folded("hoa"), folded("dien")), 4), set()),
    ("enough weight", Or((folded("phu"), folded("hoa")), 0.7, (0.2, 0.7)), ALL),
    ("not enough weight", Or((folded("phu"), folded("hoa")), 0.9, (0.2, 0.7)), {"peace"}),
    (
        "weights to six decimals",
        Or((folded("phu"), folded("hoa")), 0.90000001, (0.2, 0.7)),
        {"peace"},
    ),
    ("one weight is enough", Or((folded("phu"), folded("tuy")), 1, (1, 1.5)), {"police", "peace"}),
    ("too little in all", Or((folded("phu"), folded("hoa")), 1, (0.2, 0.7)), set()),
    ("equal weights", Or((folded("phu"), folded("hoa"), folded("an")), 1, (0.5,) * 3), ALL),
    ("no weight is demanded", Or((folded("phu"), folded("tuy")), 0, (0, 0)), {"police", "peace"}),
    ("prefer", AndMaybe(folded("phu"), folded("tuy")), {"peace"}),
    ("identifiers", HasIdentifier(("peace", "nobody", "flowers")), {"peace", "flowers"}),
    ("no identifier", HasIdentifier(()), set()),
    ("within, identifiers", InSection(("anh",), HasIdentifier(("police",))), {"police"}),
    ("coverage", Coverage(folded("bien"), Field.TITLE, ("hoa",)), {"police", "peace"}),
    ("without", AndNot(folded("hoa"), folded("phu")), {"police", "flowers"}),
    ("everything", MatchAll(), {"police", "peace", "flowers"}),
    ("nothing", MatchNone(), set()),
    ("before", InRange(Column.PUBLISHED, None, 1_500_000_000), {"peace"}),
    ("from", InRange(Column.PUBLISHED, 1_480_000_000, None), {"police", "peace"}),
    ("from and before", InRange(Column.PUBLISHED, 1_480_000_001, 1_671_444_120), set()),
    ("dated at all", InRange(Column.PUBLISHED, None, None), {"police", "peace"}),
    ("having a month", HasValue(Column.MONTH, ("2022-12",)), {"police"}),
    ("having one of", HasValue(Column.PUBLISHER, ("Dân trí", "Khác")), {"peace", "flowers"}),
    ("having nothing", HasValue(Column.PUBLISHER, ()), set()),
    ("having one of several", HasValue(Column.AUTHOR, ("Anh Thư",)), {"peace"}),
    ("having a person", HasValue(Column.PERSON, ("Nguyễn Kim Anh",)), {"police"}),
    ("having no month", HasValue(Column.MONTH, ("",)), set()),
    ("within", InSection(("ngo", "thanh", "binh"), folded("tuy")), {"police"}),
    ("within, by a part of the name", InSection(("thanh", "binh"), folded("tuy")), {"police"}),
    ("within the other's section", InSection(("nguyen", "kim", "anh"), folded("tuy")), set()),
    ("within, not across names", InSection(("binh", "nguyen"), folded("ma")), set()),
    ("within, phrase", InSection(("kim", "anh"), phrase("hoa", "binh")), {"police"}),
    ("within, phrase elsewhere", InSection(("kim", "anh"), phrase("ma", "tuy")), set()),
    ("within, pair", InSection(("kim", "anh"), Term(Field.PAIRS, "hoa binh")), {"police"}),
    ("within, pair elsewhere", InSection(("kim", "anh"), Term(Field.PAIRS, "ma tuy")), set()),
    ("within, all", InSection(("anh",), And((folded("ma"), folded("tran")))), {"police"}),
    ("within, all of two sections", InSection(("anh",), And((folded("ma"), folded("tuy")))), set()),
    ("within, any", InSection(("binh",), Or((folded("tran"), folded("tuy")))), {"police"}),
    ("within, without", InSection(("anh",), AndNot(folded("ma"), folded("tuy"))), {"police"}),
    ("within, everything", InSection(("anh",), MatchAll()), {"police"}),
    ("within, the title is elsewhere", InSection(("anh",), folded("quoc")), set()),
    ("within, heading", InSection(("anh",), folded("uy")), {"police"}),
    ("within, alternatives", near_in("anh", near(0, "hoa|ma", "binh|tran")), {"police"}),
    ("within, alternatives elsewhere", near_in("anh", near(0, "ma|toi", "tuy|pham")), set()),
    ("within, near", near_in("anh", near(2, "tran", "binh")), {"police"}),
    ("within, near elsewhere", near_in("anh", near(9, "toi", "tuy")), set()),
    ("within, near in two sections", near_in("anh", near(60, "toi", "tran")), set()),
    ("within nobody", InSection((), folded("ma")), set()),
    (
        "nested",
        And((AndMaybe(folded("hoa"), Term(Field.EXACT, "hòa")), Or((phrase("dien", "bien"),)))),
        {"police", "peace"},
    ),
]

SAME_SCORES: list[tuple[str, Query, Query]] = [
    (
        "alternatives are any of them",
        MultiPhrase(Field.FOLDED, (("dien", "hoa"), ("bien", "binh")), 0, 2.0),
        And(
            (
                Or((folded("dien", 2.0), folded("hoa", 2.0))),
                Or((folded("bien", 2.0), folded("binh", 2.0))),
            )
        ),
    ),
    (
        "weights do not score",
        Or((folded("hoa"), folded("tuy")), 0.3, (0.3, 0.5)),
        Or((folded("hoa"), folded("tuy"))),
    ),
    ("a phrase is all of its terms", phrase("dien", "bien"), And((folded("dien"), folded("bien")))),
    ("a boost multiplies", folded("hoa", 3.0), Or((folded("hoa"), folded("hoa"), folded("hoa")))),
    (
        "a phrase's boost multiplies",
        Phrase(Field.FOLDED, ("dien", "bien"), 2.0),
        And((folded("dien", 2.0), folded("bien", 2.0))),
    ),
    ("any sums", Or((folded("hoa"), folded("tuy"))), AndMaybe(folded("hoa"), folded("tuy"))),
    ("everything is 1", MatchAll(), Or((MatchAll(), MatchNone()))),
    ("everything is a boost", MatchAll(3.0), And((MatchAll(), MatchAll(2.0)))),
    (
        "having is 1",
        HasValue(Column.MONTH, ("2022-12",)),
        And((InRange(Column.PUBLISHED, 16 * 10**8, None),)),
    ),
    ("no text covers nothing", Coverage(folded("hoa"), Field.TITLE, ()), folded("hoa")),
    (
        "a longer field is not looked at",
        Coverage(folded("hoa"), Field.TITLE, ("hoa", "binh"), 3.0, 1),
        folded("hoa"),
    ),
    (
        "a whole title multiplies",
        Coverage(folded("phu"), Field.TITLE, ("binh", "hoa"), 2.0),
        folded("phu", 3.0),
    ),
    ("an identifier is 1", HasIdentifier(("peace",)), HasValue(Column.MONTH, ("2016-11",))),
    ("without keeps the score", AndNot(folded("hoa"), folded("khongco")), folded("hoa")),
    (
        "a prefix scores its boost",
        Prefix(Field.FOLDED, "hoi", 1.0),
        And((Prefix(Field.FOLDED, "hoi"),)),
    ),
]


class EngineContract:
    """Inherit, and say how a writer and an engine are opened."""

    changes_in_place = False
    """Whether a commit changes what engines that are open answer, but for their snapshots."""

    def open_writer(self, folder: Path) -> IndexWriter:
        raise NotImplementedError

    def open_engine(self, folder: Path) -> Engine:
        raise NotImplementedError

    def build(self, folder: Path, *batches: Sequence[Document]) -> Engine:
        """An engine over documents that came in batches."""
        for sequence, batch in enumerate(batches, 1):
            with self.open_writer(folder) as writer:
                for document in batch:
                    writer.add(document)
                writer.commit(sequence)
        return self.open_engine(folder)

    @pytest.fixture(scope="class", params=["one segment", "a segment each"])
    @classmethod
    def engine(
        cls, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
    ) -> Engine:
        """An engine that all tests of a class only read."""
        batches = [CORPUS] if request.param == "one segment" else [[entry] for entry in CORPUS]
        return cls().build(tmp_path_factory.mktemp("engine") / "index", *batches)

    @staticmethod
    def found(engine: Searchable, query: Query) -> set[str]:
        return {hit.identifier for hit in engine.search(EngineQuery(query)).hits}

    @staticmethod
    def scores(answer: EngineResult) -> dict[str, float]:
        return {hit.identifier: hit.score for hit in answer.hits}

    @pytest.mark.parametrize(
        ("query", "expected"), [row[1:] for row in QUERIES], ids=[row[0] for row in QUERIES]
    )
    def test_a_query_finds_its_documents(
        self, engine: Engine, query: Query, expected: set[str]
    ) -> None:
        answer = engine.search(EngineQuery(query))
        assert {hit.identifier for hit in answer.hits} == expected
        assert answer.total == len(expected)
        assert answer.complete
        assert engine.search(EngineQuery(MatchAll(), filters=(query,))).total == len(expected)
        assert engine.search(EngineQuery(MatchNone(), counts=(query,), limit=0)).counts == (
            len(expected),
        )

    @pytest.mark.parametrize(
        ("first", "second"), [row[1:] for row in SAME_SCORES], ids=[row[0] for row in SAME_SCORES]
    )
    def test_equal_queries_score_alike(self, engine: Engine, first: Query, second: Query) -> None:
        mine = self.scores(engine.search(EngineQuery(first)))
        assert mine
        assert mine == pytest.approx(self.scores(engine.search(EngineQuery(second))), abs=1e-5)

    def test_feedback_scores_are_those_of_typical_words(self, tmp_path: Path) -> None:
        others = [body(f"other{number}", "trời đẹp và gió") for number in range(30)]
        some = [
            body("one", "thuốc phiện và thuốc lắc"),
            body("two", "thuốc và gió lạ"),
            body("three", "phiện"),
        ]
        engine = self.build(
            tmp_path / "index", [*others[:20], *some[:1]], [*others[20:], *some[1:]]
        )
        idf = log((len(others) + len(some)) / 3) + 1
        query = Or(tuple(Term(Field.EXACT, word) for word in ("thuốc", "phiện", "trời")))
        hits = engine.search(EngineQuery(query)).hits
        assert [hit.identifier for hit in hits[:2]] == ["one", "three"]
        weights = [hit.score / (hits[0].score + hits[1].score) for hit in hits[:2]]
        typical = {"phiện": (weights[0] / 5 + weights[1]) * idf, "thuốc": weights[0] * 2 / 5 * idf}
        for terms in (5, 1):
            words = list(typical.items())[:terms]
            weighed = Or(tuple(Term(Field.EXACT, word, weight) for word, weight in words))
            scores = self.scores(engine.search(EngineQuery(weighed, limit=40)))
            for window in (4, 2, 100):
                feedback = FeedbackQuery(window, 2, terms)
                result = engine.search(EngineQuery(query, limit=30, feedback=feedback))
                first = [scores.get(hit.identifier, 0.0) for hit in result.hits[:window]]
                assert result.feedback == pytest.approx(first, abs=1e-5)
                assert result.feedback[0] > 0

    def test_feedback_does_not_depend_on_batches(self, tmp_path: Path) -> None:
        # In each batch a hundred words are more typical than the one that both hits share.
        batches = []
        for number in range(2):
            own = " ".join(f"riêng{number}x{place}" for place in range(100))
            hit = body(f"hit{number}", " ".join([own, own, own, "chung chung"]))
            others = [body(f"other{number}x{n}", "trời đẹp") for n in range(15)]
            batches.append([hit, body(f"own{number}", own), *others])
        query = Term(Field.EXACT, "chung")
        whole = self.build(tmp_path / "whole", batches[0] + batches[1])
        parted = self.build(tmp_path / "parted", *batches)
        weighed = Term(Field.EXACT, "chung", 2 / 302 * (log(34 / 3) + 1))
        for engine in (whole, parted):
            request = EngineQuery(query, feedback=FeedbackQuery(10, 2, 1))
            scores = self.scores(engine.search(EngineQuery(weighed)))
            assert engine.search(request).feedback == pytest.approx(
                tuple(scores.values()), abs=1e-5
            )

    def test_feedback_that_tells_nothing_is_empty(self, tmp_path: Path) -> None:
        documents = [body(f"other{number}", "trời đẹp và gió") for number in range(30)]
        engine = self.build(tmp_path / "index", documents)
        feedback = FeedbackQuery(window=9, documents=3, terms=5)
        query = EngineQuery(Term(Field.EXACT, "trời"), feedback=feedback)
        assert engine.search(query).feedback == ()  # each word is in all documents
        assert engine.search(replace(query, query=MatchNone())).feedback == ()
        assert engine.search(replace(query, sort=Sort.NEWEST)).feedback == ()
        assert engine.search(replace(query, feedback=replace(feedback, fewest=11))).feedback == ()

    def test_a_score_is_bm25(self, engine: Engine) -> None:
        # Words by zone, those of the title three times, and two extra terms.
        lengths = {"police": 3 * 6 + 5 + 2 + 12 + 10 + 5 + 7 + 2, "peace": 6 + 8 + 4, "flowers": 13}
        average = sum(lengths.values()) / 3
        # A length is kept in a byte.
        kept = {name: 63 if length == 61 else length for name, length in lengths.items()}
        norms = {name: 1.2 * (0.25 + 0.75 * length / average) for name, length in kept.items()}
        scores = self.scores(engine.search(EngineQuery(folded("vien"))))
        expected = {"flowers": (log(3 / 2) + 1) * 2.2 / (1 + norms["flowers"])}
        assert scores == pytest.approx(expected, abs=1e-5)
        # `quoc` is in the title, which counts three times, and only there.
        scores = self.scores(engine.search(EngineQuery(folded("quoc"))))
        expected = {"police": (log(3 / 2) + 1) * 6.6 / (3 + norms["police"])}
        assert scores == pytest.approx(expected, abs=1e-5)

    def test_prefixes_take_the_commonest_terms(self, engine: Engine) -> None:
        assert self.found(engine, Prefix(Field.FOLDED, "ho", limit=1)) == {
            "police",
            "peace",
            "flowers",
        }
        assert self.found(engine, Prefix(Field.EXACT, "ho", limit=1)) == {"flowers"}

    def test_filters_limit_without_scoring(self, engine: Engine) -> None:
        plain = self.scores(engine.search(EngineQuery(folded("hoa"))))
        only = HasValue(Column.PUBLISHER, ("Dân trí",))
        answer = engine.search(
            EngineQuery(folded("hoa"), filters=(only,), counts=(folded("phu"), folded("tuy")))
        )
        del plain["police"]
        assert self.scores(answer) == pytest.approx(plain)
        assert (answer.total, answer.counts) == (2, (1, 0))

    def test_a_page_is_a_slice_of_all_hits(self, engine: Engine) -> None:
        everything = [hit.identifier for hit in engine.search(EngineQuery(MatchAll())).hits]
        assert everything == ["flowers", "peace", "police"]
        for offset in range(5):
            for limit in range(4):
                answer = engine.search(EngineQuery(MatchAll(), offset=offset, limit=limit))
                assert [hit.identifier for hit in answer.hits] == everything[
                    offset : offset + limit
                ]
                assert answer.total == 3

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            (Sort.NEWEST, ["police", "peace", "flowers"]),
            (Sort.OLDEST, ["peace", "police", "flowers"]),
        ],
    )
    def test_hits_are_sorted_by_date(self, engine: Engine, sort: Sort, expected: list[str]) -> None:
        answer = engine.search(EngineQuery(folded("hoa"), sort=sort))
        assert [hit.identifier for hit in answer.hits] == expected
        assert {hit.score for hit in answer.hits} == {0}
        second = engine.search(EngineQuery(folded("hoa"), sort=sort, offset=1, limit=1))
        assert [hit.identifier for hit in second.hits] == expected[1:2]

    def test_equal_dates_and_scores_go_by_identifier(self, tmp_path: Path) -> None:
        names = ["d", "b", "e", "a", "c"]
        batches = [[body(name, "một hai", published=7)] for name in names]
        engine = self.build(tmp_path / "index", *batches)
        for sort in Sort:
            answer = engine.search(EngineQuery(folded("mot"), sort=sort, limit=3))
            assert [hit.identifier for hit in answer.hits] == ["a", "b", "c"]

    def test_facets_count_the_matching_documents(self, engine: Engine) -> None:
        columns = (Column.PUBLISHER, Column.CATEGORY, Column.MONTH, Column.AUTHOR, Column.PERSON)
        answer = engine.search(EngineQuery(folded("hoa"), facets=columns, limit=0))
        assert answer.hits == ()
        assert {facet.column: facet.values for facet in answer.facets} == {
            Column.PUBLISHER: (("Dân trí", 2), ("Công an nhân dân", 1)),
            Column.CATEGORY: (("Pháp luật", 2), ("Thế giới", 1)),
            Column.MONTH: (("2016-11", 1), ("2022-12", 1)),
            Column.AUTHOR: (("Anh Thư", 1), ("Nguyễn Kim", 1), ("Nhóm PV", 1)),
            Column.PERSON: (("Nguyễn Kim Anh", 1), ("Ngô Thanh Bình", 1)),
        }
        few = engine.search(EngineQuery(MatchAll(), facets=(Column.AUTHOR,), facet_size=1))
        assert few.facets[0].values == (("Anh Thư", 1),)

    def test_facets_obey_filters(self, engine: Engine) -> None:
        only = HasValue(Column.CATEGORY, ("Pháp luật",))
        answer = engine.search(EngineQuery(folded("hoa"), (only,), facets=(Column.PUBLISHER,)))
        assert answer.facets[0].values == (("Công an nhân dân", 1), ("Dân trí", 1))

    def test_a_fallback_answers_where_nothing_matches(self, engine: Engine) -> None:
        nothing, some = folded("khongco"), folded("hoa")
        request = EngineQuery(nothing, counts=(some, nothing), fallbacks=(MatchNone(), some))
        answer = engine.search(request)
        assert (answer.fallback, answer.total, answer.counts) == (2, 3, (3, 0))
        assert answer.hits == engine.search(EngineQuery(some)).hits
        assert engine.search(EngineQuery(some, fallbacks=(MatchAll(),))).fallback == 0
        assert engine.search(EngineQuery(nothing, fallbacks=(nothing,))).total == 0

    def test_whole_indexes_answer_exactly(self, engine: Engine) -> None:
        answer = engine.search(EngineQuery(folded("hoa")))
        assert (answer.total_is_exact, answer.missing_shards, answer.complete) == (True, 0, True)

    def test_a_snapshot_answers_as_its_engine(self, engine: Engine) -> None:
        request = EngineQuery(folded("hoa"))
        with engine.snapshot() as snapshot:
            assert snapshot.search(request) == engine.search(request)

    def test_a_spent_budget_is_said(self, engine: Engine) -> None:
        assert not engine.search(EngineQuery(folded("hoa"), budget=-1.0)).complete
        assert engine.search(EngineQuery(folded("hoa"), budget=60.0)).complete

    def test_wrong_uses_are_refused(self, engine: Engine) -> None:
        wrong: list[EngineQuery] = [
            EngineQuery(InRange(Column.MONTH, 1, 2)),
            EngineQuery(HasValue(Column.PUBLISHED, ("1",))),
            EngineQuery(Phrase(Field.PAIRS, ("a b", "b c"))),
            EngineQuery(MultiPhrase(Field.PAIRS, (("a b",), ("b c",)))),
            EngineQuery(Or((folded("hoa"),), 1, (1, 1))),
            EngineQuery(Or((folded("hoa"), folded("an")), 1, (1, -1))),
            EngineQuery(InSection(("anh",), InSection(("anh",), MatchAll()))),
            EngineQuery(MatchAll(), facets=(Column.PUBLISHED,)),
        ]
        for request in wrong:
            with pytest.raises(ValueError, match="."):
                engine.search(request)

    def test_terms_of_many_fields_are_looked_up_together(self, engine: Engine) -> None:
        texts = {Field.FOLDED: ["hoa", "khongco"], Field.EXACT_PAIRS: ["hòa bình"]}
        lookup = TermLookup(texts, ["hoa", "khongco"], [folded("hoa"), MatchNone()])
        figures = engine.look_up(lookup)
        assert {field: list(each) for field, each in figures.frequencies.items()} == {
            Field.FOLDED: [3, 0],
            Field.EXACT_PAIRS: [2],
        }
        assert [list(forms) for forms in figures.forms] == [list(exact_forms(engine, "hoa")), []]
        assert list(figures.counts) == [3, 0]
        nothing = engine.look_up(TermLookup())
        assert not any((nothing.frequencies, nothing.forms, nothing.counts))

    def test_document_frequencies_count_documents(self, engine: Engine) -> None:
        assert frequencies(engine, Field.FOLDED, ["hoa", "khongco", "phu", "hoa"]) == [
            3,
            0,
            1,
            3,
        ]
        assert frequencies(engine, Field.EXACT, ["hòa", "hoa"]) == [2, 1]
        assert frequencies(engine, Field.EXACT_PAIRS, ["hòa bình"]) == [2]
        assert not frequencies(engine, Field.FOLDED, [])

    @pytest.mark.parametrize(
        ("field", "known"),
        [
            (Field.FOLDED, {"hoa": 3, "phu": 1}),
            (Field.EXACT, {"hòa": 2, "hoa": 1}),
            (Field.PAIRS, {"hoa binh": 3}),
            (Field.EXACT_PAIRS, {"hòa bình": 2, "hoa bình": 1}),
        ],
    )
    def test_frequencies_of_many_terms_are_those_of_each(
        self, engine: Engine, field: Field, known: dict[str, int]
    ) -> None:
        odd = ["", " ", "hoa ", " hoa", "hoa\0", "hòa\0 bình", "z" * 9, "hoa binh hoa"]
        unknown = [f"khong{number}" for number in range(100)]
        texts = [*known, *odd, *unknown, *(f"hoa {text}" for text in unknown)]
        counts = frequencies(engine, field, texts)
        assert dict(zip(texts, counts, strict=True)) == {text: known.get(text, 0) for text in texts}

    def test_exact_forms_come_commonest_first(self, engine: Engine) -> None:
        def readings(text: str) -> list[tuple[str, int]]:
            return [(reading.text, reading.documents) for reading in exact_forms(engine, text)]

        assert readings("hoa") == [("hòa", 2), ("hoa", 1)]
        assert readings("hoa binh") == [("hòa bình", 2), ("hoa bình", 1)]
        assert readings("ho") == []
        assert readings("") == []

    def test_all_documents_are_listed_and_counted(self, engine: Engine) -> None:
        assert sorted(engine.documents()) == [("flowers", 1), ("peace", 1), ("police", 1)]
        assert engine.status().documents == 3
        assert engine.status().sequence in (1, 3)

    def test_closing_twice_is_allowed(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", CORPUS)
        engine.close()
        engine.close()

    def test_an_empty_index_answers(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", [])
        columns = (Column.PUBLISHER,)
        answer = engine.search(EngineQuery(MatchAll(), facets=columns, counts=(folded("a"),)))
        assert (answer.total, answer.hits, answer.counts) == (0, (), (0,))
        assert answer.facets[0].values == ()
        assert frequencies(engine, Field.FOLDED, ["a"]) == [0]
        assert not exact_forms(engine, "a")
        assert list(engine.documents()) == []

    def test_a_document_without_words_is_there(self, tmp_path: Path) -> None:
        engine = self.build(tmp_path / "index", [document("bare")])
        assert self.found(engine, MatchAll()) == {"bare"}

    def test_adding_again_replaces_in_one_batch(self, tmp_path: Path) -> None:
        batch = [body("a", "một"), body("b", "hai"), body("a", "ba")]
        engine = self.build(tmp_path / "index", batch)
        assert self.found(engine, folded("mot")) == set()
        assert self.found(engine, folded("ba")) == {"a"}
        assert engine.status().documents == 2
        assert sorted(engine.documents()) == [("a", 1), ("b", 1)]

    def test_adding_again_replaces_an_earlier_batch(self, tmp_path: Path) -> None:
        engine = self.build(
            tmp_path / "index", [body("a", "một"), body("b", "hai")], [body("a", "ba")]
        )
        assert self.found(engine, folded("mot")) == set()
        assert self.found(engine, Or((folded("hai"), folded("ba")))) == {"a", "b"}
        assert engine.status().documents == 2

    def test_adding_again_replaces_what_an_earlier_batch_replaced(self, tmp_path: Path) -> None:
        folder = tmp_path / "thrice"
        for batch in (("một", "hai"), ("ba",)):
            with self.open_writer(folder) as writer:
                writer.add(body("other", "khác"))
                for text in batch:
                    writer.add(body("same", text))
                writer.commit(1)
        engine = self.open_engine(folder)
        assert len(list(engine.documents())) == engine.status().documents == 2
        totals = [engine.search(EngineQuery(folded(text))).total for text in ("mot", "hai", "ba")]
        assert totals == [0, 0, 1]

    def test_deleted_documents_are_found_no_more(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        with self.open_writer(folder) as writer:
            writer.delete("police")
            writer.delete("nobody")
            writer.add(body("new", "hoa mới"))
            writer.delete("new")
            writer.commit(2)
        engine = self.open_engine(folder)
        assert self.found(engine, folded("hoa")) == {"peace", "flowers"}
        assert self.found(engine, MatchAll()) == {"peace", "flowers"}
        assert self.found(engine, HasValue(Column.PUBLISHER, ("Công an nhân dân",))) == set()
        assert (
            engine.search(EngineQuery(MatchAll(), facets=(Column.PERSON,))).facets[0].values == ()
        )
        assert (engine.status().documents, engine.status().sequence) == (2, 2)

    def test_many_small_batches_leave_the_last_state(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        for number in range(30):
            with self.open_writer(folder) as writer:
                writer.add(body(f"d{number % 20:02}", f"chung lần{number}"))
                writer.commit(number + 1)
        engine = self.open_engine(folder)
        answer = engine.search(EngineQuery(folded("chung"), limit=100))
        assert [hit.identifier for hit in answer.hits] == [f"d{number:02}" for number in range(20)]
        assert self.found(engine, folded("lan0")) == set()
        assert self.found(engine, folded("lan20")) == {"d00"}
        status = engine.status()
        assert (status.documents, status.sequence) == (20, 30)

    def test_an_uncommitted_batch_leaves_nothing(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        with self.open_writer(folder) as writer:
            writer.add(body("new", "mới"))
            writer.delete("police")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == contents
        assert self.found(self.open_engine(folder), folded("hoa")) == {"police", "peace", "flowers"}

    def test_committed_files_never_change(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        self.build(folder, [body("police", "khác")]).close()
        for name, content in contents.items():
            path = folder / name
            assert name == MANIFEST or not path.exists() or path.read_bytes() == content

    def test_a_snapshot_keeps_its_answers(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        engine = self.build(folder, CORPUS)
        with engine.snapshot() as snapshot:
            assert self.found(snapshot, folded("hoa")) == {"police", "peace", "flowers"}
            self.build(folder, [body("police", "khác")])
            assert self.found(snapshot, folded("hoa")) == {"police", "peace", "flowers"}
            changed = {"peace", "flowers"} if self.changes_in_place else ALL
            assert self.found(engine, folded("hoa")) == changed

    def test_another_analyzer_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        path = folder / MANIFEST
        path.write_text(path.read_text().replace('"analyzer":"', '"analyzer":"older-'))
        with pytest.raises(AnalyzerChangedError, match="rebuild"):
            self.open_engine(folder)
        with pytest.raises(AnalyzerChangedError, match="rebuild"):
            self.open_writer(folder)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"segments": 3}'])
    def test_a_damaged_manifest_is_refused(self, tmp_path: Path, content: bytes) -> None:
        folder = tmp_path / "index"
        self.build(folder, CORPUS).close()
        (folder / MANIFEST).write_bytes(content)
        with pytest.raises(EngineError, match="rebuild"):
            self.open_engine(folder)

    def test_a_missing_index_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(EngineError, match="rebuild"):
            self.open_engine(tmp_path / "nowhere")

    def test_threads_get_the_answers_of_one(self, engine: Engine) -> None:
        queries = [row[1] for row in QUERIES]
        expected = [engine.search(EngineQuery(query)) for query in queries]
        seen: list[list[EngineResult]] = []

        def ask() -> None:
            seen.append([engine.search(EngineQuery(query)) for query in queries])

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [expected] * 4
