"""Passages are known by their digests, at places that an operator can name."""

from __future__ import annotations

import pytest

from archive.passages import passage_digest, passages_at, without_passages
from archive.records import Caption, Section
from tests.factories import article

ONE = article(
    "Tựa",
    lead="Lời dẫn",
    sections=(Section(("một", "hai")), Section(("ba", "hai"), heading="Đầu mục")),
    captions=(Caption("ảnh"),),
)


@pytest.mark.parametrize(
    ("place", "texts"),
    [
        ("s1", ("một", "hai")),
        ("s2", ("Đầu mục", "ba", "hai")),
        ("s2.1", ("ba",)),
        ("lead", ("Lời dẫn",)),
        ("caption1", ("ảnh",)),
        *((place, ()) for place in ("", "s0", "s3", "s2.9", "s2.0", "caption0", "caption2", "x")),
        ("s99999999999", ()),
    ],
)
def test_a_place_is_named_as_on_the_page(place: str, texts: tuple[str, ...]) -> None:
    assert passages_at(ONE, place) == texts


def test_a_passage_is_taken_out_wherever_it_stands() -> None:
    left = without_passages(ONE, {passage_digest(text) for text in ("hai", "Lời\n dẫn ", "ảnh")})
    assert [section.paragraphs for section in left.sections] == [("một", "[…]"), ("ba", "[…]")]
    assert (left.lead, left.captions) == ("", ())
    assert without_passages(ONE, set()) is ONE
    # What is gone is at no place any more, and what is empty is no passage.
    assert passages_at(left, "s1") == ("một",)
    assert passages_at(left, "s2") == ("Đầu mục", "ba")
    assert without_passages(ONE, {passage_digest("")}).sections == ONE.sections
    odd = article("Tựa", "(hết)", "[…]", "2. Hai")
    assert passages_at(odd, "s1") == ("(hết)", "2. Hai")
