"""The plan on paper is what the program computes, and grows as it should."""

from __future__ import annotations

from dataclasses import replace

from tests.bench.capacity_plan import Machines, PriceList, UnitCosts, plan, table
from tests.paths import ROOT

SIZES = [5_000_000, 100_000_000]


def test_the_readme_has_the_table_that_is_computed() -> None:
    lines = (ROOT / "indexer" / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in table(SIZES) if line not in lines] == []


def test_sizes_follow_from_the_unit_costs() -> None:
    costs = UnitCosts()
    rows = dict(plan(100_000_000, costs, PriceList(), Machines()))
    assert rows["index, a copy, merged"] == "570 GB"
    assert rows["catalogue"] == "270 GB"
    assert rows["processor time of a query of ten words, all counted"] == "120.0 s"
    free = PriceList(0, 0, 0, 0, 0)
    assert dict(plan(100_000_000, costs, free, Machines()))["a month, all"] == "0 $"
    larger = dict(plan(100_000_000, replace(costs, index=2 * costs.index), free, Machines()))
    assert larger["index, a copy, merged"] == "1,140 GB"
