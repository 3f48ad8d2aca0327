"""Signs of currencies and short units are read as the words that the archive has behind figures."""

from __future__ import annotations

import pytest

from indexer.search.interpret.amounts import amount_spellings, read_amounts, shown_amount
from tests.counted_texts import CountedTexts, words_of

COUNTS = {
    "50 usd": 3,
    "50 đô": 5,
    "50 triệu usd": 2,
    "50 triệu dollar": 1,
    "1.5 tỷ usd": 2,
    "50 euro": 1,
    "50 eur": 1,
    "50 yên": 1,
}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        # The commonest word of the currency; of two as common the usual one.
        ("$50", ["50", "đô"]),
        ("giá $50 tăng", ["giá", "50", "đô", "tăng"]),
        ("50$", ["50", "đô"]),
        ("50€", ["50", "euro"]),
        ("¥50", ["50", "yên"]),
        # A magnitude stands between them, however it is typed; another word does not.
        ("$50 triệu", ["50", "triệu", "usd"]),
        ("$50 Trieu tăng giá", ["50", "Trieu", "usd", "tăng", "giá"]),
        ("US$50 triệu", ["50", "triệu", "usd"]),
        ("$50 triệu tỷ", ["50", "triệu", "usd", "tỷ"]),
        ("$50 tăng triệu", ["50", "đô", "tăng", "triệu"]),
        ("$1,5 tỷ", ["1.5", "tỷ", "usd"]),
        # What the archive has behind no such figure stays as it was typed.
        ("50£", ["50£"]),
        ("giá $51 triệu", ["giá", "$51", "triệu"]),
        ("us50$", ["us50$"]),
        ("50", ["50"]),
    ],
)
def test_a_sign_is_the_word_that_the_archive_has_behind_its_figure(
    typed: str, read: list[str]
) -> None:
    assert [word.text for word in read_amounts(words_of(typed), CountedTexts(COUNTS))] == read


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("giá $50 tăng", [(0, 3), (4, 4), (5, 7), (8, 12)]),
        ("giá $50 triệu tăng", [(0, 3), (4, 4), (5, 12), (13, 13), (14, 18)]),
        ("$50  triệu tăng", [(0, 0), (1, 8), (9, 9), (10, 14)]),
    ],
)
def test_words_of_an_amount_are_neighbours_with_one_blank_between(
    typed: str, places: list[tuple[int, int]]
) -> None:
    words = read_amounts(words_of(typed), CountedTexts(COUNTS))
    assert [(word.start, word.end) for word in words] == places
    figure = next(word for word in words if word.text == "50")
    assert [(token.exact, token.extras) for token in figure.tokens] == [("50", ())]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("60 km/h", ["60 km/h"]),
        ("xe 60 km/h nhanh", ["xe", "60 km/h", "nhanh"]),
        ("1,5 KM/giờ", ["1.5 KM/giờ"]),
        ("sáu km/h", ["sáu", "km/h"]),
        ("km/h 60", ["km/h", "60"]),
        ("60 km/s", ["60", "km/s"]),
        ("60 xe km/h", ["60", "xe", "km/h"]),
        ("60 km", ["60", "km"]),
    ],
)
def test_a_figure_and_its_unit_an_hour_are_one_word(typed: str, read: list[str]) -> None:
    words = read_amounts(words_of(typed), CountedTexts({"xe": 1}))
    assert [word.text for word in words] == read
    places = [(word.start, word.end) for word in words]
    assert (places[0][0], places[-1][1]) == (0, len(typed))


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("50k", ["50 nghìn", "50 ngàn", "50000 đồng"]),
        ("50K", ["50 nghìn", "50 ngàn", "50000 đồng"]),
        ("50.000k", ["50000 nghìn", "50000 ngàn", "50000000 đồng"]),
        ("1,5k", ["1.5 nghìn", "1.5 ngàn"]),
        ("3tỷ", ["3 tỷ", "3 tỉ"]),
        ("1,5tr", ["1.5 triệu"]),
        ("1.234,5tr", ["1234.5 triệu"]),
        ("1,234.5tr", ["1234.5 triệu"]),
        ("1234,5tr", ["1234.5 triệu"]),
        ("50.000đ", ["50000 đồng"]),
        ("1.500.000vnđ", ["1500000 đồng"]),
        ("60km/h", ["60 km h", "60 km giờ", "60km h", "60km giờ"]),
        ("60,5 km / giờ", ["60.5 km h", "60.5 km giờ", "60.5km h", "60.5km giờ"]),
        ("nº5", ["số 5"]),
        ("N°12", ["số 12"]),
        ("50", []),
        ("k50", []),
        ("50kg", []),
    ],
)
def test_short_units_have_other_spellings(text: str, spellings: list[str]) -> None:
    assert [" ".join(words) for words in amount_spellings(text)] == spellings


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("50000", "đồng"), "50.000 đồng"),
        (("1234567", "nghìn"), "1.234.567 nghìn"),
        (("50", "nghìn"), "50 nghìn"),
        (("1.5", "tỷ"), "1.5 tỷ"),
        (("60", "km", "giờ"), "60 km/giờ"),
        (("60", "km", "h"), "60 km/h"),
        (("60km", "h"), "60km/h"),
        (("số", "5"), "số 5"),
    ],
)
def test_an_amount_is_shown_as_it_is_written(words: tuple[str, ...], shown: str) -> None:
    assert shown_amount(words) == shown
