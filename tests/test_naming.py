"""Names say what they hold: few vague words, no twins, no riddles, every search term at home.

Nor is a change told twice, which merges of the changelog may do.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.naming import (
    PACKAGES,
    class_twins,
    file_twins,
    misplaced_tests,
    riddles,
    unknown_terms,
    vague_names,
)
from tests.paths import ROOT

MOST_VAGUE = 0.02
"""Share of the bound names of a package that may be vague."""


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_few_names_are_vague(package: str) -> None:
    vague, bindings = vague_names(package)
    assert len(vague) <= MOST_VAGUE * bindings, "\n".join(map(str, vague))


def test_no_class_is_named_twice() -> None:
    assert class_twins() == {}


def test_no_file_is_named_twice() -> None:
    assert file_twins() == {}


def test_every_test_file_mirrors_what_it_tests() -> None:
    assert misplaced_tests() == []


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_docstring_is_a_riddle(package: str) -> None:
    assert riddles(package) == []


def test_a_newcomers_search_finds_every_term() -> None:
    assert unknown_terms() == []


def test_no_change_is_told_twice() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    openings = Counter(line[:60] for line in text.splitlines() if line.startswith("- "))
    assert [opening for opening, count in openings.items() if count > 1] == []
