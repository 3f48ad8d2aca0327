"""Long lists of names have an index of first letters, whose links lead to where each begins."""

from __future__ import annotations

import re

import pytest

from tests.factories import ArchiveFactory, article, client_of
from web.pages.letter_index import LEAST_NAMES, letter_index


def first(name: str) -> str:
    return name[0]


def test_each_letter_has_the_page_and_the_place_of_its_first_name() -> None:
    names = ["a"] * 30 + ["b"] * 25 + ["đ"] * 45
    index = letter_index(names, 20, first)
    assert [(letter.letter, letter.page, letter.anchor) for letter in index] == [
        ("a", 1, "name-1"),
        ("b", 2, "name-11"),
        ("đ", 3, "name-16"),
    ]


@pytest.mark.parametrize(
    "names",
    [[], ["a", "b", "c"], ["a", "b"] * LEAST_NAMES, ["t"] * 200],
    ids=["none", "few names", "two letters", "months"],
)
def test_a_list_that_is_seen_at_once_or_begins_alike_has_none(names: list[str]) -> None:
    assert letter_index(sorted(names), 200, first) == []


def test_the_links_of_a_list_of_persons_lead_to_names_that_begin_so(
    archive_of: ArchiveFactory,
) -> None:
    authors = [f"{letter}n {number}" for letter in "AÂBDĐ" for number in range(50)]
    authors += ["Zô <b>", "漢字"]
    client = client_of(archive_of(article("Bài", "một", authors=tuple(authors))))
    index = client.get("/values/author").text.partition('<nav class="letters"')[2]
    links = re.findall('href="([^"]*)#(name-[0-9]+)">(.)', index.partition("</nav>")[0])
    assert [letter for _, _, letter in links] == [*"AÂBDĐZ", "<"]
    for address, anchor, letter in links[:-1]:
        page = client.get(address.replace("&amp;", "&")).text
        name = page.partition(f'id="{anchor}"')[2].partition("</a>")[0].rpartition(">")[2]
        assert name.startswith(letter)
    assert "#name-" not in client.get("/values/author?by=count").text
    assert "#name-" not in client.get("/values/author?find=zo").text
