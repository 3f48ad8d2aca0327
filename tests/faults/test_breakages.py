"""The breakages that the harness is tried on still break the code."""

from __future__ import annotations

import ast

import pytest

from tests.faults.breakages import BREAKAGES, Breakage
from tests.paths import ROOT


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_breakage_changes_one_place_of_the_code(breakage: Breakage) -> None:
    content = (ROOT / breakage.file).read_text(encoding="utf-8")
    ast.parse(breakage.apply(content))
