"""The reason for which an article is called similar: names, and whole phrases."""

from __future__ import annotations

import pytest

from indexer.search.execute.shared_phrases import shared_phrases
from tests.factories import article

READ = article(
    "Ông Lê Văn Cả thăm Trường Mầm non Hoa Sen",
    "Hôm nay ông Lê Văn Cả tới. Tại Điện Biên. Vụ tai nạn giao thông ở TÒA NHÀ cũ. Ngày 28 mưa.",
)


@pytest.mark.parametrize(
    ("text", "terms", "shared"),
    [
        ("Ông Lê Văn Cả nói.", ["văn cả", "lê văn"], ("Ông Lê Văn Cả",)),
        ("của ông Lê Văn Cả ở", ["văn cả", "lê văn"], ("Ông Lê Văn Cả",)),
        ("tại Điện Biên này", ["điện biên"], ("Điện Biên",)),
        ("ở Điện Biên, Lê Văn Cả", ["điện biên", "lê văn"], ("Điện Biên", "Lê Văn Cả")),
        ("một trường mầm non", ["trường mầm", "mầm non"], ("Trường Mầm non",)),
        (
            "vụ tai nạn giao thông",
            ["vụ tai", "tai nạn", "nạn giao", "giao thông"],
            ("Vụ tai nạn giao thông",),
        ),
        # A name that the other lacks, halves of words, figures, and a name of no interest.
        ("Ông Lê Văn Tám", ["văn cả", "lê văn"], ()),
        ("tai nạn", ["tai nạn"], ()),
        ("ngày 28", ["ngày 28"], ()),
        ("Điện Biên", [], ()),
        ("", ["lê văn"], ()),
    ],
)
def test_names_and_whole_phrases_are_shared(
    text: str, terms: list[str], shared: tuple[str, ...]
) -> None:
    assert shared_phrases(READ, article("Tin", text), terms) == shared


@pytest.mark.parametrize(
    ("text", "terms", "shared"),
    [
        # Three syllables are no phrase, of seven the first six are.
        ("vụ tai nạn", ["vụ tai", "tai nạn"], ()),
        (
            "a b c d e g h",
            ["a b", "b c", "c d", "d e", "e g", "g h"],
            ("a b c d e g",),
        ),
        # The most interesting name first, of equal ones the longer; three at most.
        (
            "Lê Cả, Hoa Sen, Mai An, Vũ Tú",
            ["mai an", "hoa sen", "vũ tú", "lê cả"],
            ("Mai An", "Hoa Sen", "Vũ Tú"),
        ),
        # Of two phrases with a word in common the better one.
        ("Hoa Sen, Sen Hồng", ["sen hồng", "hoa sen"], ("Sen Hồng",)),
        ("Hoa Sen, Sen Hồng", ["hoa sen", "sen hồng"], ("Hoa Sen",)),
        # Names before other phrases, whatever their rank.
        ("a b c d, Hoa Sen", ["a b", "b c", "c d", "hoa sen"], ("Hoa Sen", "a b c d")),
        # Function words at the ends belong to the sentence, a name begins with a name.
        ("Tại Hoa Sen và", ["tại hoa", "hoa sen", "sen và"], ("Hoa Sen",)),
        ("hoa Sen", ["hoa sen"], ()),
    ],
)
def test_the_best_phrases_are_named(text: str, terms: list[str], shared: tuple[str, ...]) -> None:
    assert shared_phrases(article("Tin", text), article("Khác", text), terms) == shared


@pytest.mark.parametrize(("blanks", "is_compared"), [(0, True), (1, False)])
def test_the_beginning_of_a_long_text_is_compared(blanks: int, is_compared: bool) -> None:
    # Of forty thousand characters the last seven are the name, or it is cut.
    head = len("\n".join(("Tin", "", "")))
    long_text = "." * (40_000 - head - len("Hoa Sen") + blanks) + "Hoa Sen"
    shared = shared_phrases(article("Tin", "Hoa Sen"), article("Tin", long_text), ["hoa sen"])
    assert shared == (("Hoa Sen",) if is_compared else ())
