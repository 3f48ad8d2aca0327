"""Identifiers come from the address, else the external identifier, else the text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from archive.article_identifiers import identifier_of
from archive.records import IDENTIFIER_LENGTH, Article, Origin, Section
from tests.factories import article

PAGE = replace(
    article("Tin", "một", "hai", url="https://bao.vn/1", publisher="Báo"), external_id="7"
)


def with_values(**values: Any) -> Article:
    return replace(PAGE, **values)


@pytest.mark.parametrize(
    "values",
    [{"url": "http://bao.vn/1"}, {"external_id": "8"}, {"title": "Khác"}, {"publisher": "Khác"}],
)
def test_a_page_is_known_by_its_address_alone(values: dict[str, str]) -> None:
    assert identifier_of(with_values(**values)) == identifier_of(PAGE)
    assert len(identifier_of(PAGE)) == IDENTIFIER_LENGTH


@pytest.mark.parametrize(
    ("values", "is_same"),
    [
        ({"title": "Khác"}, True),
        ({"external_id": "8"}, False),
        ({"publisher": "Khác"}, False),
        ({"url": "https://bao.vn/1"}, False),
        ({"external_id": ""}, False),
    ],
)
def test_without_an_address_it_is_that_of_its_publisher(
    values: dict[str, str], is_same: bool
) -> None:
    named = with_values(url="")
    assert (identifier_of(replace(named, **values)) == identifier_of(named)) is is_same  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reader", "titled", "untitled"),
    [
        # A title that a reader once made up is that of a text without one.
        ("html", ("Dẫn", "Dẫn", ("một", "hai")), ("", "Dẫn", ("một", "hai"))),
        ("html", ("một", "", ("một", "hai")), ("", "", ("một", "hai"))),
        ("text", ("một", "", ("hai",)), ("", "", ("một", "hai"))),
        ("text", ("một", "", ()), ("", "", ("một",))),
    ],
)
def test_a_text_keeps_the_identifier_of_the_title_that_was_made_up(
    reader: str,
    titled: tuple[str, str, tuple[str, ...]],
    untitled: tuple[str, str, tuple[str, ...]],
) -> None:
    plain = with_values(url="", external_id="", origin=Origin("a", reader, 1))
    names = [
        identifier_of(
            replace(
                plain,
                title=title,
                lead=lead,
                sections=(Section(paragraphs),) if paragraphs else (),
            )
        )
        for title, lead, paragraphs in (titled, untitled, ("Khác", "", ("một", "hai")))
    ]
    assert names[0] == names[1] != names[2]
    assert identifier_of(replace(plain, title="", lead="", sections=()))
