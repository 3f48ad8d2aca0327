"""What an archive of many articles needs, on paper: sizes, nodes, hours and money from unit costs.

`python -m tests.bench.capacity_plan --articles 100000000` prints the table of `indexer/README.md`.
Change the unit costs or the prices to your own, and print it again.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass

GB = 1e9
HOURS_OF_MONTH = 730


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What one article costs, measured on two cores with 35,431 articles; bytes and milliseconds.

    Attributes:
        index: bytes in the index of a copy, merged.
        unmerged: the share that is on top of that before segments are merged.
        reading: of our own processor time: analysis, record, JSON.
        indexing: of the servers' processor time, replicas off.
        catalogue: bytes in PostgreSQL.
        original: bytes of a saved page in a WARC file.
        scanning: of the servers' processor time for a query of ten words of which any is enough,
            in microseconds, when every match is counted and scored.
    """

    index: float = 5700
    unmerged: float = 0.25
    reading: float = 2.1
    indexing: float = 7.3
    catalogue: float = 2700
    original: float = 20_000
    scanning: float = 1.2


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices in US dollars: stated, not asked of anybody; of the order of large clouds in 2026."""

    core_hour: float = 0.035
    memory_gb_hour: float = 0.0045
    disk_gb_month: float = 0.10
    object_gb_month: float = 0.023
    thousand_puts: float = 0.005


@dataclass(frozen=True, slots=True)
class Machines:
    """The machines that are assumed."""

    shard_gb: float = 30
    copies: int = 2
    node_cores: int = 16
    node_heap_gb: float = 31
    cached_share: float = 1 / 3
    largest_memory_gb: float = 96
    worker_cores: int = 64
    network_gb_second: float = 0.6
    merging_gb_second: float = 0.1


@dataclass(frozen=True)
class Fleet:
    """The data nodes that an index needs.

    Attributes:
        copy: GB of the merged index, once.
        disk: GB of all copies with what is not merged yet.
        memory: GB a node.
    """

    copy: float
    disk: float
    shards: int
    nodes: int
    memory: float


def plan_fleet(articles: int, costs: UnitCosts, machines: Machines) -> Fleet:
    """Return the nodes that hold the index, with the share of it in memory that pages need."""
    copy = articles * costs.index / GB
    cached = copy * machines.copies * machines.cached_share
    nodes = max(3, math.ceil(cached / (machines.largest_memory_gb - machines.node_heap_gb)))
    return Fleet(
        copy=copy,
        disk=copy * (1 + costs.unmerged) * machines.copies,
        shards=max(1, round(copy * (1 + costs.unmerged) / machines.shard_gb)),
        nodes=nodes,
        memory=machines.node_heap_gb + cached / nodes,
    )


def rebuild_hours(
    articles: int, costs: UnitCosts, machines: Machines, fleet: Fleet
) -> dict[str, float]:
    """Return the hours of a rebuild by what takes them; the first two go on at the same time."""
    reading, indexing = articles * costs.reading / 3.6e6, articles * costs.indexing / 3.6e6
    return {
        "reading and analysis": reading / machines.worker_cores,
        "the servers' indexing": indexing / (fleet.nodes * machines.node_cores),
        "merging": fleet.copy / machines.merging_gb_second / 3600 / fleet.nodes,
        "copying to the replicas": fleet.copy / machines.network_gb_second / 3600,
    }


def monthly_costs(
    articles: int, costs: UnitCosts, prices: PriceList, machines: Machines, fleet: Fleet
) -> dict[str, float]:
    """Return dollars a month by what is paid for."""

    def running(cores: int, memory: float) -> float:
        return HOURS_OF_MONTH * (cores * prices.core_hour + memory * prices.memory_gb_hour)

    rows = articles * costs.catalogue / GB
    return {
        "nodes": fleet.nodes * running(machines.node_cores, fleet.memory),
        "their disks": 2 * fleet.disk * prices.disk_gb_month,
        "PostgreSQL and its replica": 2 * (running(8, 64) + 2 * rows * prices.disk_gb_month),
        "two web hosts": 2 * running(8, 16),
        "originals": articles * costs.original / GB * prices.object_gb_month,
    }


def plan(
    articles: int, costs: UnitCosts, prices: PriceList, machines: Machines
) -> list[tuple[str, str]]:
    """Return the lines of the plan: what, and how much."""
    fleet = plan_fleet(articles, costs, machines)
    hours = rebuild_hours(articles, costs, machines, fleet)
    parallel, following = list(hours.values())[:2], list(hours.values())[2:]
    total = max(parallel) + sum(following)
    originals = articles * costs.original / GB
    pieces = math.ceil(originals * 1e9 / (64 << 20))
    month = monthly_costs(articles, costs, prices, machines, fleet)
    query = articles * costs.scanning / 1e6
    rebuild = machines.worker_cores * max(total, 1) * prices.core_hour
    requests = pieces / 1000 * prices.thousand_puts
    return [
        ("index, a copy, merged", f"{fleet.copy:,.0f} GB"),
        ("two copies with unmerged segments", f"{fleet.disk:,.0f} GB"),
        (
            "primary shards",
            f"{fleet.shards} of {articles / fleet.shards / 1e6:,.1f} million articles",
        ),
        ("data nodes", f"{fleet.nodes} of {machines.node_cores} cores, {fleet.memory:,.0f} GB"),
        ("disk of a node, with room to merge", f"{2 * fleet.disk / fleet.nodes:,.0f} GB"),
        ("catalogue", f"{articles * costs.catalogue / GB:,.0f} GB"),
        ("originals (saved pages), pieces", f"{originals:,.0f} GB, {pieces:,}"),
        *((f"rebuild: {name}", f"{value:,.1f} h") for name, value in hours.items()),
        ("rebuild, all", f"{total:,.1f} h"),
        ("processor time of a query of ten words, all counted", f"{query:,.1f} s"),
        *((f"a month: {name}", f"{value:,.0f} $") for name, value in month.items()),
        ("a month, all", f"{sum(month.values()):,.0f} $"),
        ("a rebuild's workers", f"{rebuild:,.0f} $"),
        ("shipping all originals once", f"{requests:,.2f} $ of requests"),
    ]


def table(sizes: list[int]) -> list[str]:
    """Return the plan for several sizes as a table in Markdown."""
    plans = [plan(size, UnitCosts(), PriceList(), Machines()) for size in sizes]
    lines = ["| | " + " | ".join(f"{size / 1e6:,.0f} million" for size in sizes) + " |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    for rows in zip(*plans, strict=True):
        lines.append("| " + " | ".join([rows[0][0], *(value for _, value in rows)]) + " |")
    return lines


def main() -> None:
    """Print the plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[5_000_000, 100_000_000])
    sys.stdout.write("\n".join(table(parser.parse_args().articles)) + "\n")


if __name__ == "__main__":
    main()
