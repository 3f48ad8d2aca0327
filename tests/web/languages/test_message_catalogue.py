"""What commands and errors say is said in Vietnamese, whatever stands for the values."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from tests.command_messages import command_messages, wordless_sentences
from web.languages.message_catalogue import FOLDER, MessageCatalogue, read_catalogue, style_number

_HOLE = re.compile(r"\{(\w+)(?::[nt])?\}")


def test_no_message_of_commands_or_errors_lacks_its_vietnamese() -> None:
    translated = dict(read_catalogue("vi", "commands"))
    said = command_messages()
    assert len(said) > 700
    # `python -m tests.command_messages` brings new ones into commands.po.
    assert sorted(said - translated.keys()) == []
    assert sorted(translated.keys() - said) == []
    assert [message for message, text in translated.items() if not text] == []


def test_every_sentence_that_is_said_has_words_around_its_values() -> None:
    # Without any, nothing in the catalogue could be it.
    assert wordless_sentences() == []


@pytest.mark.parametrize("name", ["commands", "click"])
def test_a_translation_has_the_values_of_its_message(name: str) -> None:
    for message, text in read_catalogue("vi", name):
        assert sorted(_HOLE.findall(message)) == sorted(_HOLE.findall(text)), message
        # Commands, options and variables are typed as they are.
        for typed in re.findall(r"`[a-z]+ [a-z-]+|--[a-z-]+|TANGTHU_\w+", message):
            assert typed in text, message


@pytest.mark.parametrize("name", ["commands", "click"])
def test_a_catalogue_is_read_as_babel_reads_it(name: str) -> None:
    path = FOLDER / "vi" / "LC_MESSAGES" / f"{name}.po"
    with path.open("rb") as lines:
        catalogue = read_po(lines, locale="vi")
    assert {entry.id: entry.string for entry in catalogue if entry.id} == dict(
        read_catalogue("vi", name)
    )


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("all agree", "tất cả đều khớp"),
        ("12345 articles", "12.345 bài"),
        ("hid a1b2 (change 7)", "đã ẩn a1b2 (change 7)"),
        ("tangthu: there is no index yet; run `tangthu rebuild`",
         "tangthu: chưa có chỉ mục; hãy chạy `tangthu rebuild`"),
        # A sentence inside a sentence, and a name with a colon before it.
        ("everything is kept; not indexed yet: the home is writing here; wait until it ends, "
         "or stop it, then `tangthu update`",
         "mọi thứ đã được giữ; chưa lập chỉ mục: thư mục kho đang ghi ở đây; hãy chờ nó xong, "
         "hoặc dừng nó, rồi chạy `tangthu update`"),
        ("bài.txt: is empty", "bài.txt: trống rỗng"),
        # Lines of a paragraph make no difference to a value of any letters.
        ("nothing in the archive is called 'a\nb'", "trong kho không có gì tên là 'a\nb'"),
        ("a sentence of nobody's", "a sentence of nobody's"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_translated_with_its_values(english: str, vietnamese: str) -> None:
    assert MessageCatalogue("vi").translate(english) == vietnamese
    assert MessageCatalogue("en").translate(english) == english


def test_what_is_nested_without_end_is_left() -> None:
    text = "remark: " * 500 + "all agree"
    assert MessageCatalogue("vi").translate(text).startswith("nhận xét: nhận xét: ")
    assert len(MessageCatalogue("vi").translate("; ".join(["a"] * 2000))) == 5998


@pytest.mark.parametrize(
    ("number", "styled"),
    [("0", "0"), ("999", "999"), ("1000", "1.000"), ("1234567", "1.234.567"),
     ("1,234.5", "1.234,5"), ("-", "-"), ("²", "²")],
)  # fmt: skip
def test_numbers_are_written_as_in_vietnamese(number: str, styled: str) -> None:
    assert style_number(number) == styled
