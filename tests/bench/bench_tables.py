"""Print the tables of `make bench` as Markdown on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tests.bench.bench_measure import Cost, Times

MB = 1 << 20


def print_heading(text: str) -> None:
    """Print the heading of a part of the report."""
    print(f"\n## {text}\n", flush=True)


def print_line(text: str) -> None:
    """Print a sentence of the report."""
    print(text, flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table whose first column is text and the others are figures."""
    print("| " + " | ".join(columns) + " |")
    print("|---" + "|---:" * (len(columns) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def print_costs(costs: Mapping[str, Cost]) -> None:
    """Print the cost of every index."""
    columns = ("index", "seconds", "processor seconds", "size, MB", "peak memory, MB")
    print_table(
        columns,
        (
            (name, f"{c.seconds:.1f}", f"{c.cpu:.1f}", f"{c.size / MB:.1f}", f"{c.memory / MB:.0f}")
            for name, c in costs.items()
        ),
    )


def time_rows(kind: str, measured: Mapping[str, Times]) -> Iterable[Sequence[str]]:
    """Yield the rows of one kind of query; ratios are of medians, to the first engine."""
    base = next(iter(measured.values()))
    for name, times in measured.items():
        ratio = times.p50 / base.p50
        yield kind, name, f"{times.p50:.3f}", f"{times.p95:.3f}", f"{ratio:.2f}"
