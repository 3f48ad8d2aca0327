"""RTF documents: fonts, code pages, tables, and what is no text."""

from __future__ import annotations

import contextlib
import re
from random import Random

import pytest

from archive.errors import IntakeError
from archive.records import Article
from indexer.intake.legacy.charsets import Charset
from indexer.intake.office import rtf_reader
from indexer.intake.office.rtf_reader import RtfParser, read_rtf
from tests.legacy_bytes import encode_legacy

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff1{\fonttbl{\f0\fnil\fcharset0 .VnTime;}"
    r"{\f1\froman\fcharset163{\*\panose 020}Times New Roman{\*\falt Arial};}{\f2\fnil VNI-Times;}"
    r"{\f3\fcharset204 Arial;}{\f4\fcharset0 .VnTimeH;}}"
)


def escaped(data: bytes) -> str:
    return "".join(chr(byte) if byte < 128 else f"\\'{byte:02x}" for byte in data)


def unicode_words(text: str) -> str:
    return "".join(f"\\u{ord(sign)}?" if ord(sign) > 127 else sign for sign in text)


def read(body: str, head: str = HEAD) -> Article:
    return read_rtf((head + body + "}").encode("latin-1"), "a.rtf")


def lines(body: str, head: str = HEAD) -> list[str]:
    article = read(body, head)
    return [
        text
        for section in article.sections
        for text in (section.heading, *section.paragraphs)
        if text
    ]


def test_every_font_has_its_own_letters() -> None:
    body = (
        r"{\header Trang \chpgn}\f0 "
        + escaped(encode_legacy("phương pháp", Charset.TCVN3))
        + r"\par \f1\uc1 "
        + unicode_words("chuyển đổi")
        + r"\par "
        + escaped("tiê".encode("cp1258"))
        + r"\'ecng\par \f2 "
        + escaped(encode_legacy("phương pháp ước", Charset.VNI))
        + r"\par\f4 "
        + escaped(encode_legacy("nghị định", Charset.TCVN3))
        + r"\par"
    )
    article = read(body)
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    assert paragraphs == ["phương pháp", "chuyển đổi", "tiếng", "phương pháp ước", "NGHỊ ĐỊNH"]
    assert article.encoding == "TCVN3, VNI"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"Một.\par Hai.", ["Một.", "Hai."]),
        ("Một.\\\nHai.\\par", ["Một.", "Hai."]),
        (r"A{\footer chân}{\footerl x}{\*\generator Y;}{\pict\bin4 }}}}z ab}B.", ["AB."]),
        (r"A{\v ẩn}B{\deleted cũ}C.", ["ABC."]),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt trang}} web.", ["trang web."]),
        (r"A\emdash B\~C\_D\-E\tab F.", ["A—B C-DE F."]),
        (r"\{a\}\\.", [r"{a}\."]),
        (r"\uc2\u7875\'3f?n.", ["ển."]),
        (r"\uc0\u7875n.", ["ển."]),
        (r"A\u-10179?\u-8704?.", ["A😀."]),
        (r"\u-10179? lẻ.", ["\ufffd lẻ."]),
        (r"Mục{\footnote ghi chú.} một.\par Hai.", ["Mục một.", "ghi chú.", "Hai."]),
        (
            r"\intbl Tên\cell Số\cell\row\intbl Lúa\cell 12\cell\row\pard Hết.",
            ["Tên Số", "Lúa 12", "Hết."],
        ),
        (r"\intbl Tên\par họ\cell Số\cell\row.", ["Tên", "họ", "Số", "."]),
        (r"\pard\outlinelevel0 Chương I\par\pard Lời.\par", ["Chương I", "Lời."]),
        (r"\f3\'cc\'ee\'f1\'f2.", ["Мост."]),
        (r"{\listtext\pard\plain 1.\tab}Khoản.", ["1. Khoản."]),
        (r"{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Trong khung.\par}}", ["Trong khung."]),
        (r"{\info{\title T}{\author A}{\comment c}}Lời.", ["Lời."]),
    ],
)
def test_control_words_are_obeyed(body: str, expected: list[str]) -> None:
    body = "".join(f"\\u{ord(sign)}?" if ord(sign) > 255 else sign for sign in body)
    body = body.replace("Một", "M\\u7897?t").replace("í", "\\'ed")
    body = "".join(
        escaped(sign.encode("cp1258", "replace")) if "\x7f" < sign else sign for sign in body
    )
    assert lines(body) == expected


def test_title_and_author_come_from_the_document() -> None:
    article = read(r"{\info{\title Mua may}{\author Tran Van An}}Mua may\par Nay.")
    assert (article.title, article.authors) == ("Mua may", ("Tran Van An",))


def test_a_font_table_without_groups_is_read() -> None:
    head = r"{\rtf1\ansi\deff0{\fonttbl\f0\fnil .VnTime;\f1\fnil Arial;}"
    body = escaped(encode_legacy("nghị định", Charset.TCVN3)) + r"\par\f1 gi\'e1 b\'e1n."
    assert lines(body, head) == ["nghị định", "giá bán."]


def test_a_code_page_of_the_document_counts_without_one_of_the_font() -> None:
    head = r"{\rtf1\ansi\ansicpg1258"
    assert lines(r"\'f0a\'de Vi\'ea\'f2t.", head) == ["đã Việt."]


@pytest.mark.parametrize("body", ["", r"\par\par", "{}", r"{\header Trang}"])
def test_a_document_without_words_is_refused(body: str) -> None:
    with pytest.raises(IntakeError, match="no words"):
        read(body)


def test_groups_without_end_are_bounded() -> None:
    with pytest.raises(IntakeError, match="deep"):
        read("{" * 20_000)


@pytest.mark.parametrize(
    "piece",
    [
        "}",
        "{}",
        "a",
        "\\",
        "\\'",
        "\\'ad",
        r"\u1234?",
        r"\u-10179?",
        r"\par ",
        r"\cell ",
        r"\row ",
        r"\f9",
        r"{\fonttbl{\f7 x;}}",
        r"{\footnote x}",
        r"\bin99999999 ",
        r"\uc99999",
        r"{\*\x ",
        "\\\n",
        r"\v",
    ],
)
def test_hostile_runs_are_bounded(piece: str) -> None:
    with contextlib.suppress(IntakeError):
        read("x " + piece * 20_000)


@pytest.mark.parametrize("body", [r"{\f1 a", r"a\par b\'", "a}}}} b", r"a\bin5 b", "a\\"])
def test_a_damaged_document_is_read_as_far_as_it_goes(body: str) -> None:
    assert lines(body)[0][0] == "a"


@pytest.mark.parametrize("data", [b"", b"{\\rtf1", b"{\\rt"])
def test_a_document_that_ends_before_its_words_is_refused(data: bytes) -> None:
    with pytest.raises(IntakeError, match="no words"):
        read_rtf(data[:7], "a.rtf")


_PIECES = (
    *(
        "\\u273?",
        "\\u7879 ?",
        "\\u-10179 ?\\u-8704 ?",
        "\\u234\\'ea",
        "\\u432 \\'75",
        "\\u1234567?",
    ),
    *(
        "\\u273",
        "\\u7879\\~",
        "\\u7879{?}",
        "\\u7879\\par ?",
        "\\u7879 \n?",
        "\\u273?5",
        "\\u65 ??",
    ),
    *("\\uc0 ", "\\uc1 ", "\\uc2 ", "\\uc2\\u273 ab", "\\f0 ", "\\f1 ", "\\f3 ", "\\v ", "\\v0 "),
    *(
        "{\\footnote ",
        "{\\pict ",
        "{\\*\\x ",
        "{",
        "}",
        "}",
        "}",
        "\\*",
        "\\cell ",
        "\\par\n",
        "\\~",
    ),
    *("xin chào", "\\'cc", "\\'e1\\'bb", "\xea", "Ôn ", " ", "a", "ng", "}", "\\bin1 x"),
)


def test_runs_of_unicode_characters_are_read_like_each_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = Random(15)
    bodies = ["".join(chance.choices(_PIECES, k=chance.randrange(40))) for _ in range(2000)]
    together = [lines(f"words {body}") for body in bodies]
    monkeypatch.setattr(rtf_reader, "UNICODE_RUN", re.compile("(?!)"))
    assert together == [lines(f"words {body}") for body in bodies]
    assert sum("đ" in "".join(texts) for texts in together) > 500


def test_a_run_of_unicode_characters_is_added_as_a_whole() -> None:
    parser = RtfParser(HEAD + "\\f1 " + unicode_words("được đệm một đoạn dài" * 50) + "}")
    parser.parse()
    # What stands before its first Unicode character, and after its last, are runs of their own.
    assert sum(len(block.runs) for block in parser.blocks) <= 3


def test_words_before_a_note_that_never_ends_are_read() -> None:
    assert lines("words {\\footnote of a note") == ["words", "of a note"]
