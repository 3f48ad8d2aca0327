"""What asks and what begins a question is told apart from what the question is about."""

from __future__ import annotations

import pytest

from indexer.vietnamese.passing_words import passing_places


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ("iphone 8 giá bao nhiêu", "bao nhiêu"),
        ("iphone 8 gia bao nhieu tien", "bao nhieu tien"),
        ("nồng độ cồn bao nhiêu bị phạt", "bao nhiêu"),
        ("tổng thống pháp là ai", "là ai"),
        ("ai la tong thong phap", "ai la"),
        ("bitcoin là gì", "là gì"),
        ("hôm nay có mưa không", "có không"),
        ("hom nay co mua khong", "co khong"),
        ("lai suat ngan hang nao", "nao"),
        ("bệnh tiểu đường nên ăn gì", "gì"),
        ("cho tôi hỏi làm sao để đổi bằng lái", "cho tôi hỏi làm sao để"),
        ("vì sao trời lạnh", "vì sao"),
        ("đi xe máy không", "không"),
        ("xe không", ""),
        # Of what would leave one syllable every word is meant, and a bare temple is no question.
        ("vàng là gì", ""),
        ("là gì", ""),
        ("vi sao", ""),
        ("di le chua", ""),
        ("sao băng ở đâu đó", "ở đâu"),
        ("bảo lâu nghe may ngay", ""),
        ("giá vàng hôm nay", ""),
        ("", ""),
    ],
)
def test_what_passes_is_what_asks(typed: str, passing: str) -> None:
    words = typed.split()
    places = passing_places(words)
    assert " ".join(words[place] for place in sorted(places)) == passing
