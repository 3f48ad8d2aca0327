"""The words of a text that a query highlights: a table, and the same by the plain way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer
from indexer.search.present import highlighter as highlighter_module
from indexer.search.present.highlight_terms import collect_highlight_terms
from indexer.search.present.highlighter import Highlighter
from indexer.search.present.highlights import has_phrase
from indexer.search.query.parser import parse
from indexer.vietnamese.normalization import canonical
from tests.factories import article

ANALYZER = Analyzer()


def highlighter(query: str) -> Highlighter:
    return Highlighter(ANALYZER, collect_highlight_terms(parse(query, ANALYZER)))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("cong an", "Công an xã, (công an) phường", ["Công an", "công an"]),
        ("cong an", "công–an, đông an", ["công–an", "an"]),
        ('"công an"', "công – an và công; an", ["công", "an", "công", "an"]),
        ('"công an nhân dân"', "công an nhân hậu, công an nhân dân", ["công an nhân dân"]),
        ("=hòa", "hoà hóa hoa", ["hoà"]),
        ("công*", "công cộng còng cá", ["công cộng còng"]),
        ("TP.HCM", "ở TP HCM và TP.HCM", ["TP HCM", "TP.HCM"]),
        ("tphcm", "ở TP HCM", ["TP HCM"]),
        ("gpt3", "GPT-3, GPT 3", ["GPT-3"]),
        ("wifi", "có wi-fi", ["wi-fi"]),
        ("toms", "giày Tom's", ["Tom's"]),
        ("dak glong", "huyện Đắk G’long", ["Đắk G’long"]),
        ("biển", "biển và biên", ["biển"]),
        ("biển", "ven biên", ["biên"]),
        ("ngày:2022 19/12/2022", "ngày 19 tháng 12 năm 2022", ["ngày 19 tháng 12 năm 2022"]),
        ("1.088", "có 1088 và 1,088 và 1.089", ["1088", "1,088"]),
        ("mat-xco-va", "Mát-xcơ-va", ["Mát-xcơ-va"]),
        ("kĩ sư", "kỹ sư", ["kỹ sư"]),
        ("a OR b", "b c a", ["b", "a"]),
        ("an -dân", "an dân", ["an"]),
        ("công", "", []),
    ],
)
def test_the_words_of_a_query_are_highlighted(query: str, text: str, expected: list[str]) -> None:
    pieces = highlighter(query).highlight(canonical(text))
    assert "".join(piece.text for piece in pieces) == canonical(text)
    assert [piece.text for piece in pieces if piece.highlighted] == expected


WORDS = ["công", "an", "cộng", "TP", "HCM", "TP.HCM", "ngày", "tháng", "12", "năm", "2022"]
WORDS += ["19/12/2022", "–", "(an)", "công-an", "1.088", "kỹ", "\u00a0", "\n", "công,an"]


@given(
    st.lists(st.sampled_from([*WORDS, '"công an"', "=an", "cô*"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(WORDS), max_size=20),
)
def test_the_scanner_misses_no_highlight(query: list[str], text: list[str]) -> None:
    short, plain = highlighter(" ".join(query)), highlighter(" ".join(query))
    plain._by_all_words = True
    written = " ".join(text)
    assert short.find_highlights(written) == plain.find_highlights(written)


@pytest.mark.parametrize(
    ("text", "forms", "holds"),
    [
        ("Công an Hà Nội", ["công", "an"], True),
        ("cộng an", ["công", "an"], False),
        ("công – an", ["công", "an"], True),
        ("công nhân an", ["công", "an"], False),
        ("công cộng công an", ["công", "an"], True),
        ("công", ["công", "an"], False),
        ("", ["công"], False),
    ],
)
def test_neighbouring_highlights_are_a_phrase(text: str, forms: list[str], holds: bool) -> None:
    assert has_phrase(text, highlighter("cong an").find_highlights(text), forms) is holds


def test_long_texts_are_searched_as_far_as_their_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "MOST_TEXT", 300)
    one = article("T", "đê điều " * 100)
    many = article("T", *["đê điều"] * 100)
    for long_article in (one, many):
        found = list(highlighter("đê").scan(long_article).highlights)
        assert 30 <= len(found) <= 300 // 7 + 1
