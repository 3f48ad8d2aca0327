"""Text to terms: words, positions, offsets and the extra terms of section 3 of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, Caption, Origin, Section, Speaker
from indexer.analysis.analyzer import (
    _RUN,
    LONGEST_TERM,
    Analyzer,
    _analyze_run,
    _split_runs,
)
from indexer.analysis.documents import build_document
from indexer.analysis.fields import Zone
from indexer.vietnamese.normalization import canonical

ORIGIN = Origin("test", "test", 1)


@pytest.fixture
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Công an nhân dân", ["công", "an", "nhân", "dân"]),
        ("hoà bình, hòa bình", ["hòa", "bình", "hòa", "bình"]),
        ("sỹ quan và sĩ quan", None),
        ("ở ý ổ", ["ở", "ý", "ổ"]),
        ("", []),
        ("  \n\t .,;!? ", []),
        ("xong.Hôm nay", ["xong", "hôm", "nay"]),
        ("snake_case", ["snake", "case"]),
        ("1.088 đối tượng", ["1088", "đối", "tượng"]),
        ("1,088", ["1088"]),
        ("1.234.567", ["1234567"]),
        ("1.234,56", ["1234.56"]),
        ("16,67%", ["16.67"]),
        ("16.67", ["16.67"]),
        ("0.500", ["0.500"]),
        ("100,9% chỉ tiêu", ["100.9", "chỉ", "tiêu"]),
        ("TP.HCM", ["tp", "hcm"]),
        ("Mát-xcơ-va", ["mát", "xcơ", "va"]),
        ("13/2023/NĐ-CP", ["13", "2023", "nđ", "cp"]),
        ("24h/ngày", ["24h", "ngày"]),
    ],
)
def test_a_text_is_cut_into_words(analyzer: Analyzer, text: str, words: list[str] | None) -> None:
    tokens = analyzer.tokens(text)
    if words is None:
        assert tokens[0].exact == tokens[3].exact
        assert tokens[0].folded == tokens[3].folded
    else:
        assert [token.exact for token in tokens] == words


@pytest.mark.parametrize(
    ("text", "extras"),
    [
        ("tại TP.HCM", {1: {"tphcm"}}),
        ("tại TP HCM", {1: {"tphcm"}}),
        ("ngày 19/12/2022", {1: {"2022-12-19", "2022-12", "19/12"}}),
        ("19-12-2022", {0: {"2022-12-19", "2022-12", "19/12"}}),
        ("19.12.2022", {0: {"2022-12-19", "2022-12", "19/12"}}),
        ("ngày 19 tháng 12 năm 2022", {0: {"2022-12-19", "2022-12", "19/12"}, 2: {"2022-12"}}),
        ("tháng 12/2022", {1: {"2022-12"}}),
        ("31/02/2022", {}),
        ("99/99/2022", {}),
        ("Mát-xcơ-va", {0: {"mátxcơva"}}),
        ("Covid-19", {0: {"covid19"}}),
        ("tiêm kích F-16", {2: {"f16"}}),
        ("2-1", {0: {"2-1", "2/1"}}),
        ("2–0", {0: {"2-0"}}),
        ("lễ 30/4", {1: {"30/4"}}),
        ("02/09", {0: {"2/9"}}),
        ("30-4", {0: {"30-4", "30/4"}}),
        ("20 - 30%, 5 – 7", {0: {"20-30"}, 1: {"30%"}, 2: {"5-7", "5/7"}}),
        ("(2 - 1)", {0: {"2-1", "2/1"}}),
        ("7 - 8/2/2017", {1: {"2017-02-08", "2017-02", "8/2"}}),
        ("7,5 - 15 và 1 - 2 - 3", {}),
        ("2011 - 2015 - 1", {}),
        ("ngày 12.7", {0: {"12/7"}}),
        ("chiều 23.5, tối 31.2", {0: {"23/5"}}),
        ("tăng 12.7", {}),
        ("20-30%", {0: {"20-30"}, 1: {"30%"}}),
        ("tăng 30%,", {1: {"30%"}}),
        ("tăng 30 phần trăm", {1: {"30%"}}),
        ("16,67%", {0: {"16.67%"}}),
        ("phần trăm", {}),
        ("H&M", {0: {"h&m"}}),
        ("C++, C# và F#, C++11", {0: {"c++"}, 1: {"c#"}, 3: {"f#"}, 4: {"c++"}}),
        ("kênh K+, lứa 18+", {1: {"k+"}, 3: {"18+"}}),
        ("1+1 a+b", {}),
        ("1++ ab# x%", {}),
        ("0912.345.678", {0: {"0912345678"}}),
        ("quý I", {0: {"quý1"}}),
        ("quý 1", {0: {"quý1"}}),
        ("tăng 30 % so với", {1: {"30%"}}),
        ("30 phan tram", {0: {"30%"}}),
        ("30 % % 5%", {0: {"30%"}, 1: {"5%"}}),
        ("ngày 30 tháng 4", {0: {"30/4"}}),
        ("ngày 31 tháng 2, ngày 30 tháng", {}),
        ("thế kỷ XXI", {0: {"thếkỷ21"}}),
        ("the ky 21", {0: {"thếkỷ21"}}),
        ("đại hội XII", {0: {"đạihội12"}}),
        ("khoá XIV, chương IV", {0: {"khóa14"}, 2: {"chương4"}}),
        ("I V X, quý IIII, chương", {}),
        ("13/2023/NĐ-CP", {0: {"13/2023/nđ-cp"}}),
        ("số 12/QĐ-TTg", {1: {"12/qđ-ttg"}}),
        ("2022 - 2025", {}),
        ("ngày 9999999999999999999999999 tháng 1 năm 1", {}),
    ],
)
def test_dates_and_joined_names_are_extra_terms(
    analyzer: Analyzer, text: str, extras: dict[int, set[str]]
) -> None:
    tokens = analyzer.tokens(text)
    extra_terms = {
        position: set(token.extras) for position, token in enumerate(tokens) if token.extras
    }
    assert extra_terms == extras


def test_offsets_cut_the_word_out_of_the_text(analyzer: Analyzer) -> None:
    text = "Đảng ủy (Công an) TP.HCM: 1.088 vụ"
    cut = [text[token.start : token.end] for token in analyzer.tokens(text)]
    assert cut == ["Đảng", "ủy", "Công", "an", "TP", "HCM", "1.088", "vụ"]


@given(st.text(alphabet=st.sampled_from(list("Công an ĐÐđ1.,/-–'&_ \n\u0301tháng năm0129"))))
def test_a_passage_and_the_tokens_of_one_text_agree(text: str) -> None:
    analyzer, text = Analyzer(), canonical(text)
    tokens, passage = analyzer.tokens(text), analyzer.passage(Zone.BODY, text)
    assert tuple(token.exact for token in tokens) == passage.words
    extras = [(position, extra) for position, token in enumerate(tokens) for extra in token.extras]
    assert sorted(extras) == sorted(passage.extras)
    for token, next_token in zip(tokens, tokens[1:], strict=False):
        assert token.end <= next_token.start


@given(st.text(alphabet=st.sampled_from(list("CôngĐÐđİa1²Ⅻ.,:…“”()[]/-–'&%_#×\u0301")), min_size=1))
def test_one_word_in_punctuation_is_read_as_any_run_is(text: str) -> None:
    for run in canonical(text).split():
        quick = Analyzer()._analyze_word(run)
        assert quick is None or quick == _analyze_run(run)


def test_the_memo_is_exported_and_imported(analyzer: Analyzer) -> None:
    text = "Công an, (công) hoà bình tháng 12 Mát-xcơ-va"
    read = analyzer.passage(Zone.BODY, text)
    another = Analyzer()
    another.import_memo(analyzer.export_memo())
    assert ("an,", "an") in another.export_memo()
    assert another.export_memo() == analyzer.export_memo()
    assert another.export_memo(2) == analyzer.export_memo()[2:]
    assert another.passage(Zone.BODY, text) == read


def test_a_long_run_is_cut(analyzer: Analyzer) -> None:
    assert [len(token.exact) for token in analyzer.tokens("a" * 100_000)] == [LONGEST_TERM]


def test_a_document_has_its_passages_in_reading_order(analyzer: Analyzer) -> None:
    speaker = Speaker("Ngô Thanh Bình", "Đại tá", "Giám đốc")
    article = Article(
        title="Tựa",
        origin=ORIGIN,
        lead="Dẫn",
        sections=(Section(("Một", "Hai"), "Đầu đề", speaker), Section(("Ba",))),
        captions=(Caption("Ảnh"), Caption("Ảnh", "TTXVN")),
        authors=("Nhóm PV",),
        publisher="Báo",
        category="Mục",
    )
    document = build_document(analyzer, replace(article, identifier="x"), 3)
    assert [(p.zone, p.words, p.section) for p in document.passages] == [
        (Zone.TITLE, ("tựa",), 0),
        (Zone.LEAD, ("dẫn",), 0),
        (Zone.HEADING, ("đại", "tá", "ngô", "thanh", "bình", "giám", "đốc", "đầu", "đề"), 1),
        (Zone.BODY, ("một",), 1),
        (Zone.BODY, ("hai",), 1),
        (Zone.PERSON, ("ngô", "thanh", "bình"), 1),
        (Zone.BODY, ("ba",), 2),
        (Zone.CAPTION, ("ảnh",), 0),
        (Zone.BYLINE, ("nhóm", "pv"), 0),
        (Zone.PUBLISHER, ("báo",), 0),
        (Zone.CATEGORY, ("mục",), 0),
    ]
    assert (document.identifier, document.version, document.people) == ("x", 3, ("Ngô Thanh Bình",))


def test_a_paragraph_in_which_someone_is_cited_is_a_section(analyzer: Analyzer) -> None:
    article = Article(
        title="Tựa",
        origin=ORIGIN,
        sections=(Section(("Mưa to.", "Ông Ngô Văn Bình nói. Bà Lê Thị Mây kể.", "Hết mưa.")),),
    )
    document = build_document(analyzer, replace(article, identifier="x"))
    assert [(p.zone, p.section) for p in document.passages] == [
        (Zone.TITLE, 0),
        (Zone.BODY, 1),
        (Zone.BODY, 2),
        (Zone.PERSON, 2),
        (Zone.PERSON, 2),
        (Zone.BODY, 1),
    ]
    assert document.people == ("Ngô Văn Bình", "Lê Thị Mây")


def test_a_caption_or_byline_among_the_paragraphs_counts_once(analyzer: Analyzer) -> None:
    article = Article(
        title="Tựa",
        origin=ORIGIN,
        sections=(Section(("Toàn cảnh", "Một", "Toàn cảnh", "Nhóm PV")),),
        captions=(Caption("Toàn cảnh"),),
        authors=("Nhóm PV",),
    )
    passages = build_document(analyzer, replace(article, identifier="x")).passages
    assert [(p.zone, p.words) for p in passages] == [
        (Zone.TITLE, ("tựa",)),
        (Zone.BODY, ("một",)),
        (Zone.CAPTION, ("toàn", "cảnh")),
        (Zone.BYLINE, ("nhóm", "pv")),
    ]


@pytest.mark.parametrize(
    ("title", "lead", "zones"),
    [
        ("Tựa ngắn", "Dẫn", [Zone.TITLE, Zone.LEAD]),
        ("Tựa ngắn", "Tựa ngắn", [Zone.TITLE]),
        ("", "Dẫn", [Zone.LEAD]),
        ("", "", []),
        ("dài " * 26, "Dẫn", [Zone.TITLE, Zone.LEAD]),
    ],
)
def test_a_lead_that_repeats_the_title_counts_once(
    analyzer: Analyzer, title: str, lead: str, zones: list[Zone]
) -> None:
    document = build_document(
        analyzer, Article(title=title, origin=ORIGIN, lead=lead, identifier="x")
    )
    assert [passage.zone for passage in document.passages] == zones


def test_the_month_is_by_the_clock_of_vietnam(analyzer: Analyzer) -> None:
    late = datetime(2022, 12, 31, 17, 30, tzinfo=UTC)
    article = Article(title="Tựa", origin=ORIGIN, published=late, identifier="x")
    assert build_document(analyzer, article).month == "2023-01"
    earlier = replace(article, published=late.replace(hour=16))
    assert build_document(analyzer, earlier).month == "2022-12"


def test_the_memo_is_bounded_and_changes_no_answer() -> None:
    bounded, unbounded = Analyzer(memo_limit=10), Analyzer()
    text = " ".join(f"Chữ{number}, dòng-{number}; {number}% TP.HCM" for number in range(50))
    assert bounded.tokens(text) == unbounded.tokens(text) == bounded.tokens(text)
    assert bounded.passage(Zone.BODY, text) == unbounded.passage(Zone.BODY, text)
    assert max(len(bounded._runs), bounded.memo_size, len(bounded._folded)) <= 10
    assert len(unbounded._runs) > 100
    bounded.import_memo(unbounded.export_memo())
    assert bounded.memo_size <= 10


@given(st.lists(st.sampled_from(["7", "30", " ", "%", "-", "–", "(", "a", ".", "\n"]), max_size=14))
def test_a_text_is_split_as_it_is_matched(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert _split_runs(text) == _RUN.findall(text)
