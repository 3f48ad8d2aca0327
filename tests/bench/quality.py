"""Measure how well articles are ranked: `make quality` scores query sets with `ir-measures`.

    make quality                                      the public sets, in the folder SHARED
    make quality ARGS="--set dantri_slugs --no-baselines"
    make quality ARGS="--corpus a.jsonl.xz --queries q.jsonl --qrels q.tsv"

Every query is asked in three forms (as written, without diacritics, in Telex) of the product and of
four plain ways of searching. The archives are kept in a scratch folder, so that a change to how
queries are understood is measured without indexing again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import AP, RR, P, Success, nDCG

from indexer.analysis.analyzer import ANALYZER
from indexer.vietnamese.normalization import canonical
from tests.bench.quality_sets import (
    CORPORA,
    SHORTENED,
    QuerySet,
    convert_to_new_style,
    load_own_set,
    load_public_set,
)
from tests.bench.quality_systems import System, open_filled_archive, open_systems
from tests.bench.typing_forms import FORMS

MEASURES = {
    "MRR@100": RR @ 100,
    "MAP@100": AP @ 100,
    "nDCG@10": nDCG @ 10,
    "P@1": P @ 1,
    "success@10": Success @ 10,
}
PUBLIC_SETS = (*CORPORA, *SHORTENED)
"""Names of the public sets."""

DEPTH = 100
"""Articles of each ranking that are scored."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; milliseconds of a query at the median and the 95th percentile."""

    system: str
    form: str
    values: tuple[float, ...]
    p50: float
    p95: float


def measure(system: System, chosen: QuerySet, form: str) -> Row:
    """Ask all queries of a set in one form and score the rankings."""
    run: list[ir_measures.ScoredDoc] = []
    times: list[float] = []
    for topic in chosen.topics:
        text = FORMS[form](topic.text)
        started = time.perf_counter()
        ranking = system.rank(canonical(text), DEPTH + 1)
        times.append((time.perf_counter() - started) * 1000)
        names = [name for name, _ in ranking if name != topic.leave_out][:DEPTH]
        # Scores of equal value would be put into another order by the measures' library.
        run += [ir_measures.ScoredDoc(topic.qid, name, -rank) for rank, name in enumerate(names)]
    scores = ir_measures.calc_aggregate(list(MEASURES.values()), chosen.relevant, run)
    values = tuple(scores[measure] for measure in MEASURES.values())
    cuts = statistics.quantiles(times, n=20)
    return Row(system.name, form, values, cuts[9], cuts[18])


def format_table(chosen: QuerySet, rows: Sequence[Row]) -> str:
    """Return the figures of one set as Markdown."""
    heads = ["system", "query", *MEASURES, "ms p50", "ms p95"]
    lines = [
        f"\n**{chosen.name}** ({len(chosen.topics)} queries)\n",
        "| " + " | ".join(heads) + " |",
        "|---|---|" + "---:|" * (len(heads) - 2),
    ]
    for row in rows:
        values = [f"{value:.3f}" for value in row.values] + [f"{row.p50:.1f}", f"{row.p95:.1f}"]
        lines.append("| " + " | ".join([row.system, row.form, *values]) + " |")
    return "\n".join(lines)


def parse_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="quality", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    add = parser.add_argument
    add("--set", dest="sets", action="append", choices=PUBLIC_SETS, help="only this set")
    add("--form", dest="forms", action="append", choices=sorted(FORMS), help="only this form")
    add("--no-baselines", dest="baselines", action="store_false", help="only the product")
    add("--new-style", action="store_true", help="texts in the new tone style, 4 %% decomposed")
    add("--scratch", type=Path, default=scratch, help="folder for the archives")
    add("--shared", type=Path, default=Path(os.environ.get("TANGTHU_SHARED", "../shared")))
    add("--corpus", type=Path, action="append", help="articles of a set of your own")
    add("--queries", type=Path, help="its queries {qid, text}")
    add("--qrels", type=Path, help="its judgements: qid, article, relevance, with tabs")
    return parser.parse_args()


def select_sets(options: argparse.Namespace) -> list[QuerySet]:
    """Return the sets to be measured."""
    if options.corpus:
        corpora = tuple(path.resolve() for path in options.corpus)
        sets = [load_own_set(options.queries.stem, corpora, options.queries, options.qrels)]
    else:
        names = options.sets or PUBLIC_SETS
        sets = [load_public_set(name, options.shared.resolve()) for name in names]
    if options.new_style:
        sets = [
            convert_to_new_style(query_set, options.scratch / "new-style") for query_set in sets
        ]
    return sets


def distinct_forms(chosen: QuerySet, forms: Sequence[str]) -> list[str]:
    """Return the forms that differ for some query: text without diacritics has no others."""
    distinct: dict[tuple[str, ...], str] = {}
    for form in forms:
        distinct.setdefault(tuple(FORMS[form](topic.text) for topic in chosen.topics), form)
    return list(distinct.values())


def main() -> None:
    """Measure and print."""
    options = parse_options()
    for chosen in select_sets(options):
        # A set made of another has the same archive.
        folder = options.scratch / SHORTENED.get(chosen.name, chosen.name).replace(" ", "-")
        with open_filled_archive(folder / "home", chosen.corpora) as archive:
            systems = open_systems(archive, folder / f"baselines-{ANALYZER}", options.baselines)
            forms = distinct_forms(chosen, options.forms or list(FORMS))
            rows = [measure(system, chosen, form) for form in forms for system in systems]
            for system in systems:
                system.close()
        print(format_table(chosen, rows), flush=True)


if __name__ == "__main__":
    main()
