"""Text files: the first article fact by fact, other press articles, any text, encodings, dates."""

from __future__ import annotations

import codecs
import contextlib
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import IntakeError
from indexer.intake.encodings import decode_text, repair_mojibake
from indexer.intake.press_text import read_text
from indexer.intake.stated_dates import moment
from indexer.vietnamese.dates import VIETNAM, weekday_agrees
from tests.paths import ROOT

FIRST = (ROOT / "archive" / "sample" / "first-article.txt").read_bytes()
MOJIBAKE = ROOT / "tests" / "data" / "mojibake.tsv"

SPEAKERS = [
    ("Trung tướng", "Trịnh Ngọc Bảo Duy", "Cục trưởng Cục Kế hoạch và tài chính"),
    ("Trung tướng", "Nguyễn Minh Chính", "Cục trưởng Cục ANM và PCTP sử dụng công nghệ cao"),
    (
        "Trung tướng, GS, TS",
        "Trần Minh Hưởng",
        "Hiệu trưởng Trường Đại học PCCC, nguyên Giám đốc Học viện CSND",
    ),
    ("Thiếu tướng", "Trần Hải Quân", "Tư lệnh Bộ Tư lệnh Cảnh vệ"),
    ("Thiếu tướng", "Đỗ Triệu Phong", "Cục trưởng Cục Truyền thông CAND"),
]


def test_the_first_article_is_read_fact_by_fact() -> None:
    article = read_text(FIRST, "first-article.txt")
    assert article.title == (
        "Nêu cao trách nhiệm, chủ động thực hiện và hoàn thành tốt nhiệm vụ công tác năm 2023"
    )
    assert article.published is not None
    assert article.published.isoformat() == "2022-12-19T17:02:00+07:00"
    assert article.lead.startswith("Đó là quyết tâm chung của lãnh đạo Công an các đơn vị")
    assert article.lead.endswith(".")
    assert article.authors == ("Nhóm PV",)
    assert [caption.text for caption in article.captions] == [
        "Ý kiến của các đại biểu gửi tới Hội nghị Công an toàn quốc lần thứ 78"
    ]
    assert (article.origin.source, article.language) == ("first-article.txt", "")


def test_the_first_article_has_nine_sections_with_rank_name_role_and_heading() -> None:
    sections = read_text(FIRST, "first-article.txt").sections
    assert len(sections) == 9
    speakers = [section.speaker for section in sections if section.speaker]
    parsed = [(speaker.rank, speaker.name, speaker.role) for speaker in speakers]
    assert parsed[: len(SPEAKERS)] == SPEAKERS
    assert len(parsed) == 9
    assert all(rank and name and role for rank, name, role in parsed)
    assert all(section.heading and section.paragraphs for section in sections)
    assert sections[0].heading.startswith("Đảm bảo kế hoạch, tài chính")


def test_the_first_article_leaves_no_stray_dots_tails_or_captions_in_its_text() -> None:
    article = read_text(FIRST, "first-article.txt")
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    words = FIRST.decode("utf-8")
    assert words.count(article.captions[0].text) == 9
    for text in (article.title, article.lead, *paragraphs):
        assert any(letter.isalpha() for letter in text)
        assert not text.endswith("-0")
        assert article.captions[0].text not in text
        assert text != "Nhóm PV"
    # Nothing else is lost: every line of the file is somewhere in the article.
    texts = {article.title, article.lead, *paragraphs}
    heads = [
        f"{section.speaker.rank} {section.speaker.name}"
        for section in article.sections
        if section.speaker
    ]
    for line in filter(None, (" ".join(line.split()) for line in words.splitlines())):
        if len(line) > 30 and "-0" not in line and "19/12/2022" not in line:
            assert line in texts or line.startswith(tuple(heads)), line


PRESS = """Đường làng Hòa Bình được trải nhựa

{dateline}

Con đường dài ba cây số nối hai thôn vừa hoàn thành.

Đại tá Ngô Văn Mẫu, Chỉ huy trưởng công trường: Xong trước Tết

Đội thi công làm ba ca.

Người dân góp ngày công.

Ảnh: đoạn qua cầu -1

{byline}
.
"""


@pytest.mark.parametrize(
    ("dateline", "published", "stays"),
    [
        ("Thứ Hai, 19/12/2022, 17:02", "2022-12-19T17:02:00+07:00", False),
        ("Thứ hai, ngày 19/12/2022 17:02 (GMT+7)", "2022-12-19T17:02:00+07:00", False),
        ("Thứ 2, 19/12/2022", "2022-12-19T00:00:00+07:00", False),
        ("Chủ nhật, 18/12/2022 - 7:05", "2022-12-18T07:05:00+07:00", False),
        ("19/12/2022", "2022-12-19T00:00:00+07:00", False),
        ("5:02 CH, Thứ Hai, 19 tháng 12 năm 2022", "2022-12-19T17:02:00+07:00", False),
        ("Cập nhật lúc 17h02 ngày 19/12/2022 (GMT+7)", "2022-12-19T17:02:00+07:00", False),
        ("Mon, 19 Dec 2022 17:02:00 +0700", "2022-12-19T17:02:00+07:00", False),
        # The weekday is wrong: the date stands, and the line stays for readers to see.
        ("Thứ Ba, 19/12/2022, 17:02", "2022-12-19T17:02:00+07:00", True),
        ("Chủ nhật, 19/12/2022, 17:02", "2022-12-19T17:02:00+07:00", True),
    ],
)
def test_a_dateline_is_read_and_its_weekday_checked(
    dateline: str, published: str, stays: bool
) -> None:
    article = read_text(PRESS.format(dateline=dateline, byline="Lê An").encode(), "a.txt")
    assert article.published is not None
    assert article.published.isoformat() == published
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    assert (dateline in paragraphs) is stays
    assert article.lead.startswith("Con đường dài ba cây số")


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Lê An", ("Lê An",)),
        ("Nhóm PV", ("Nhóm PV",)),
        ("Lê An, Trần Bình", ("Lê An", "Trần Bình")),
        ("Lê An - Trần Bình", ("Lê An", "Trần Bình")),
        ("Lê An và Trần Bình", ("Lê An", "Trần Bình")),
        ("Theo Lê An (tổng hợp)", ("Lê An",)),
        ("T.Hằng", ("T.Hằng",)),
        ("", ()),
        ("Mọi người đều vui vì con đường mới.", ()),
    ],
)
def test_the_byline_is_a_last_short_line(byline: str, authors: tuple[str, ...]) -> None:
    dateline = "Thứ Hai, 19/12/2022, 17:02"
    article = read_text(PRESS.format(dateline=dateline, byline=byline).encode(), "a.txt")
    assert article.authors == authors
    (section,) = article.sections
    assert section.speaker is not None
    assert (section.speaker.rank, section.heading) == ("Đại tá", "Xong trước Tết")
    last = () if authors or not byline else (byline,)
    assert section.paragraphs == ("Đội thi công làm ba ca.", "Người dân góp ngày công.", *last)
    assert [caption.text for caption in article.captions] == ["Ảnh: đoạn qua cầu"]


@pytest.mark.parametrize(
    ("text", "title", "paragraphs"),
    [
        ("Một dòng", "Một dòng", ()),
        ("Tít\nĐoạn một.\n\n\nĐoạn  hai.", "Tít", ("Đoạn một.", "Đoạn hai.")),
        ("\n\n  Tít \r\n\r\n.\r\nĐoạn.\r\n-\r\n", "Tít", ("Đoạn.",)),
        ("Tít\nThứ Hai, 19/12/2022, 17:02", "Tít", ()),
        ("19/12/2022\nĐoạn.", "19/12/2022", ("Đoạn.",)),
        ("Tít\n45/19/2022\nĐoạn.", "Tít", None),
        ("x" * 100_000, "x" * 100_000, ()),
    ],
)
def test_any_other_text_is_a_title_and_paragraphs(
    text: str, title: str, paragraphs: tuple[str, ...] | None
) -> None:
    article = read_text(text.encode(), "a.txt")
    assert article.title == title
    lines = tuple(line for section in article.sections for line in section.paragraphs)
    if paragraphs is not None:
        assert lines == paragraphs


@pytest.mark.parametrize("text", ["", " \n\t", ".\n-\n…", "\ufeff", "\u200b\u00ad"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(IntakeError, match="no words"):
        read_text(text.encode(), "a.txt")


@given(st.text(max_size=400))
def test_no_text_is_a_crash(text: str) -> None:
    with contextlib.suppress(IntakeError):
        article = read_text(text.encode("utf-8", "replace"), "a.txt")
        assert article.title or article.opening


SENTENCE = "Công an nhân dân Điện Biên, hoà bình"


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        codecs.BOM_UTF8 + SENTENCE.encode(),
        SENTENCE.encode("utf-16"),
        codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"),
        codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le"),
        unicodedata.normalize("NFD", SENTENCE).encode(),
        SENTENCE.replace(" ", "\u00a0").encode(),
        SENTENCE.replace("an", "a\u200bn").encode(),
    ],
    ids=["utf-8", "mark", "utf-16", "big-endian", "little-endian", "nfd", "nbsp", "zero width"],
)
def test_text_is_stored_in_the_canonical_form(data: bytes) -> None:
    assert decode_text(data).text.replace("\u00a0", " ") == SENTENCE
    assert read_text(data, "a.txt").title == SENTENCE


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1258">', "cp1258"),
        ("<META http-equiv=Content-Type content='text/html; charset=windows-1252'>", "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "latin-1"),
    ],
)
def test_what_html_declares_is_believed_where_it_is_no_utf8(head: str, encoding: str) -> None:
    text = f"{head}<p>à la carte: crème brûlée</p>"
    assert decode_text(text.encode(encoding), trust_declaration=True).text == text
    with pytest.raises(IntakeError, match="UTF-8"):
        decode_text(text.encode(encoding))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe\x00", "convert it"),
        (b"<meta charset='nothing-known'>\xe1", "nothing-known"),
        (b"<meta charset='utf-8'>\xe1 \xe1 \xe2 \xe3 ", "utf-8"),
        (b"<meta charset='rot13'>\xe1 ", "convert it"),
        (b"<meta charset='undefined'>\xe1 ", "convert it"),
        (b"\xe1\xe2", "byte 0"),
    ],
)
def test_what_is_in_no_known_encoding_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason):
        decode_text(data, trust_declaration=True)


def test_mojibake_is_repaired_as_the_vectors_say() -> None:
    rows = [line.split("\t") for line in MOJIBAKE.read_text(encoding="utf-8").splitlines()[2:]]
    assert len(rows) > 200
    wrong = [
        (kind, expected)
        for kind, escaped, _, expected in rows
        if repair_mojibake(escaped.encode("ascii").decode("unicode_escape")) != expected
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text", [SENTENCE, "Ã la mode", "naïve café", "Tử Cấm Thành — “Ngọ Môn”", "100 € ± 5 %", "Å"]
)
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Thứ Hai, 17:02, 19/12/2022", "2022-12-19T17:02:00+07:00"),
        ("Cập nhật 17:02 ngày 19/12/2022", "2022-12-19T17:02:00+07:00"),
        ("17h02 19-12-2022", "2022-12-19T17:02:00+07:00"),
        ("19.12.2022 | 5:02 PM", "2022-12-19T17:02:00+07:00"),
        ("12/19/2022 5:02:00 PM", "2022-12-19T17:02:00+07:00"),
        ("19/12/2022 12:02 AM", "2022-12-19T00:02:00+07:00"),
        ("2022-12-19 17:02:00 +0700", "2022-12-19T17:02:00+07:00"),
        ("2022-12-19T17:02:03.1234567+07:00", "2022-12-19T17:02:03.123456+07:00"),
        ("19/12/2022 10:02 GMT+0", "2022-12-19T10:02:00+00:00"),
        ("ngày 19 tháng 12 năm 2022, 17 giờ 02", "2022-12-19T17:02:00+07:00"),
        ("19 Tháng Mười Hai, 2022", "2022-12-19T00:00:00+07:00"),
        ("31/02/2022", None),
        ("19/12/2022 25:61", None),
        ("19/12/22", "2022-12-19T00:00+07:00"),
        ("số 19/12/20222", None),
        ("", None),
    ],
)
def test_dates_are_read_as_pages_write_them(text: str, when: str | None) -> None:
    parsed = moment(text)
    assert parsed == (datetime.fromisoformat(when) if when else None)


def test_a_moment_keeps_the_zone_it_names() -> None:
    assert moment("2022-12-19T17:02:00Z") == datetime(2022, 12, 19, 17, 2, tzinfo=UTC)
    east = moment("19/12/2022 19:02 GMT+9")
    assert east is not None
    assert east.tzinfo == timezone(timedelta(hours=9))


def test_a_dateline_without_a_weekday_agrees_with_any_day() -> None:
    day = datetime(2022, 12, 19, tzinfo=VIETNAM)
    assert weekday_agrees("19/12/2022", day)
    assert weekday_agrees("Thứ 2, 19/12/2022", day)
    assert not weekday_agrees("Thứ bảy, 19/12/2022", day)


def test_an_impossible_dateline_is_named() -> None:
    article = read_text(PRESS.format(dateline="31/02/2022", byline="Lê An").encode(), "a.txt")
    assert article.published is None
    assert article.account is not None
    assert article.account.unread_dates == ("31/02/2022",)


def test_a_dateline_without_a_clock_has_no_time_of_the_day() -> None:
    text = PRESS.format(dateline="Thứ Hai, 19/12/2022", byline="Lê An").encode()
    assert read_text(text, "a.txt").published_precision == "day"
    assert read_text(text.replace(b"2022", b"2022, 17:02"), "a.txt").published_precision == ""


@pytest.mark.parametrize(
    ("lines", "title", "paragraphs"),
    [
        (["Cầu mới thông xe", "Sáng nay."], "Cầu mới thông xe", ("Sáng nay.",)),
        (["dài " * 25, "Hai."], ("dài " * 25).strip(), ("Hai.",)),
        (["dài " * 26, "Hai."], "", (("dài " * 26).strip(), "Hai.")),
        (["dài " * 26], "", (("dài " * 26).strip(),)),
    ],
)
def test_a_first_line_that_is_too_long_for_a_title_is_a_paragraph(
    lines: list[str], title: str, paragraphs: tuple[str, ...]
) -> None:
    article = read_text("\n".join(lines).encode(), "bai.txt")
    assert article.title == title
    assert tuple(text for section in article.sections for text in section.paragraphs) == paragraphs
