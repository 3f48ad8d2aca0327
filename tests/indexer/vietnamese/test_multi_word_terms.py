"""Terms of figures and signs: which stand alone, and how phone numbers are parted."""

from __future__ import annotations

import pytest

from indexer.vietnamese.multi_word_terms import (
    joined_terms,
    leading_day,
    leading_phone,
    phone_groups,
    signed_term,
    stands_alone,
)


@pytest.mark.parametrize(
    ("chunk", "terms"),
    [
        ("30/4", ["30/4"]),
        ("05/09", ["5/9"]),
        ("45/2", ["45/2"]),
        ("30-4", ["30-4", "30/4"]),
        ("45-2", ["45-2"]),
        ("20–30", ["20-30"]),
        ("0-0", ["0-0"]),
        ("29/2/2024", ["2024-02-29", "2024-02", "29/2"]),
        ("29/2/2023", []),
        ("4/2018", ["2018-04"]),
        ("H&M", ["H&M"]),
        ("AT&T", ["AT&T"]),
        ("0912.345.678", ["0912345678"]),
        ("024-3826-1234", ["02438261234"]),
        ("V-League", ["VLeague"]),
        ("46/2016/NĐ-CP", ["46/2016/NĐ-CP"]),
        ("a/b", []),
    ],
)
def test_a_chunk_joins_into_its_terms(chunk: str, terms: list[str]) -> None:
    assert joined_terms(chunk) == terms


@pytest.mark.parametrize(
    ("word", "sign", "term"),
    [
        ("30", "%", "30%"),
        ("5.5", "%", "5.5%"),
        ("x", "%", ""),
        ("c", "++", "c++"),
        ("1", "++", ""),
        ("k", "+", "k+"),
        ("18", "+", "18+"),
        ("c", "#", "c#"),
        ("ab", "#", ""),
        ("1", "#", ""),
    ],
)
def test_a_sign_makes_a_term_of_some_words(word: str, sign: str, term: str) -> None:
    assert signed_term(word, sign) == term


@pytest.mark.parametrize(
    ("term", "alone"),
    [
        *((term, True) for term in ("30/4", "3-1", "30%", "2022-12-19", "h&m", "at&t", "k+")),
        *(
            (term, False)
            for term in ("2022-12", "vleague", "tphcm", "gd&đt", "covid19", "0912345678")
        ),
    ],
)
def test_figures_and_signs_stand_alone(term: str, alone: bool) -> None:
    assert stands_alone(term) is alone


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0912 345 678", 3),
        ("0912 345 678 ngày", 3),
        ("024 3826 1234", 3),
        ("09 12 34 56 78", 5),
        ("912 345 678", 0),
        ("0912 345", 0),
        ("0912 ba 678", 0),
        ("0 912345678", 0),
        ("", 0),
    ],
)
def test_groups_of_figures_are_a_phone_number(text: str, length: int) -> None:
    assert leading_phone(text.split())[0] == length


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19 tháng 12 năm 2022", (5, ("2022-12-19", "2022-12", "19/12"), 0)),
        ("ngày 19 tháng 12 năm 2022", (6, ("2022-12-19", "2022-12", "19/12"), 1)),
        ("30 thang 4 nay", (3, ("30/4",), 0)),
        ("3 tháng 10 ngày", None),
        ("31 tháng 2 năm 2022", None),
        ("42 tháng 4", None),
        ("tháng 4 năm 2022", None),
        ("ngày", None),
        ("", None),
    ],
)
def test_a_day_in_words_needs_no_word_before_it(
    text: str, day: tuple[int, tuple[str, ...], int] | None
) -> None:
    assert leading_day(text.split()) == day


def test_a_phone_number_is_parted_as_people_do() -> None:
    assert {"0912 345 678", "091 234 5678"} <= set(phone_groups("0912345678"))
    assert "024 3826 1234" in phone_groups("02438261234")
    assert phone_groups("1912345678") == phone_groups("0912") == []
