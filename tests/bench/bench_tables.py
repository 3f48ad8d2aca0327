"""The tables of `make bench`, as Markdown on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tests.bench.bench_measure import Cost, Times

MB = 1 << 20


def heading(text: str) -> None:
    """Begin a part of the report."""
    print(f"\n## {text}\n", flush=True)


def say(text: str) -> None:
    """A sentence of the report."""
    print(text, flush=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose first column is text and the others are figures."""
    print("| " + " | ".join(columns) + " |")
    print("|---" + "|---:" * (len(columns) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def costs(made: Mapping[str, Cost]) -> None:
    """What indexing took."""
    columns = ("index", "seconds", "processor seconds", "size, MB", "peak memory, MB")
    table(
        columns,
        (
            (name, f"{c.seconds:.1f}", f"{c.cpu:.1f}", f"{c.size / MB:.1f}", f"{c.memory / MB:.0f}")
            for name, c in made.items()
        ),
    )


def times(kind: str, measured: Mapping[str, Times]) -> Iterable[Sequence[str]]:
    """Rows of one kind of query; ratios are of the medians, to the first engine."""
    base = next(iter(measured.values()))
    for name, each in measured.items():
        ratio = each.p50 / base.p50
        yield kind, name, f"{each.p50:.3f}", f"{each.p95:.3f}", f"{ratio:.2f}"
