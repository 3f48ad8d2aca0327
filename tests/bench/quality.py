"""How well articles are ranked: `make quality` scores query sets with `ir-measures`.

    make quality                                      the public sets, in the folder SHARED
    make quality ARGS="--set dantri_slugs --no-baselines"
    make quality ARGS="--corpus a.jsonl.xz --queries q.jsonl --qrels q.tsv"

Every query is asked in three forms (as written, without marks, in Telex) of the product and of
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
from tests.bench.quality_sets import CORPORA, QuerySet, own_set, public_set, transformed
from tests.bench.quality_systems import System, opened_store, systems
from tests.bench.typing_forms import FORMS

MEASURES = {
    "MRR@100": RR @ 100,
    "MAP@100": AP @ 100,
    "nDCG@10": nDCG @ 10,
    "P@1": P @ 1,
    "success@10": Success @ 10,
}
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


def measured(system: System, chosen: QuerySet, form: str) -> Row:
    """Ask all queries of a set in one form and score the rankings."""
    run: list[ir_measures.ScoredDoc] = []
    times: list[float] = []
    for topic in chosen.topics:
        text = FORMS[form](topic.text)
        started = time.perf_counter()
        ranking = system.rank(canonical(text), DEPTH + 1)
        times.append((time.perf_counter() - started) * 1000)
        kept = [name for name, _ in ranking if name != topic.leave_out][:DEPTH]
        # Scores of equal value would be put into another order by the measures' library.
        run += [ir_measures.ScoredDoc(topic.qid, name, -at) for at, name in enumerate(kept)]
    found = ir_measures.calc_aggregate(list(MEASURES.values()), chosen.relevant, run)
    values = tuple(found[measure] for measure in MEASURES.values())
    cuts = statistics.quantiles(times, n=20)
    return Row(system.name, form, values, cuts[9], cuts[18])


def table(chosen: QuerySet, rows: Sequence[Row]) -> str:
    """The figures of one set as Markdown."""
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


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(prog="quality", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    add = parser.add_argument
    add("--set", dest="sets", action="append", choices=sorted(CORPORA), help="only this set")
    add("--form", dest="forms", action="append", choices=sorted(FORMS), help="only this form")
    add("--no-baselines", dest="baselines", action="store_false", help="only the product")
    add("--new-style", action="store_true", help="texts in the new tone style, 4 %% decomposed")
    add("--scratch", type=Path, default=scratch, help="folder for the archives")
    add("--shared", type=Path, default=Path(os.environ.get("TANGTHU_SHARED", "../shared")))
    add("--corpus", type=Path, action="append", help="articles of a set of your own")
    add("--queries", type=Path, help="its queries {qid, text}")
    add("--qrels", type=Path, help="its judgements: qid, article, relevance, with tabs")
    return parser.parse_args()


def chosen_sets(asked: argparse.Namespace) -> list[QuerySet]:
    """The sets to be measured."""
    if asked.corpus:
        corpora = tuple(path.resolve() for path in asked.corpus)
        sets = [own_set(asked.queries.stem, corpora, asked.queries, asked.qrels)]
    else:
        names = asked.sets or list(CORPORA)
        sets = [public_set(name, asked.shared.resolve()) for name in names]
    if asked.new_style:
        sets = [transformed(one, asked.scratch / "new-style") for one in sets]
    return sets


def different_forms(chosen: QuerySet, forms: Sequence[str]) -> list[str]:
    """The forms that differ for some query: text without marks has no others."""
    asked = {form: tuple(FORMS[form](topic.text) for topic in chosen.topics) for form in forms}
    return [form for at, form in enumerate(forms) if asked[form] not in list(asked.values())[:at]]


def main() -> None:
    """Measure and print."""
    asked = arguments()
    for chosen in chosen_sets(asked):
        folder = asked.scratch / chosen.name.replace(" ", "-")
        with opened_store(folder / "home", chosen.corpora) as store:
            beside = folder / f"beside-{ANALYZER}"
            found = systems(store, beside, asked.baselines)
            forms = different_forms(chosen, asked.forms or list(FORMS))
            rows = [measured(system, chosen, form) for form in forms for system in found]
        print(table(chosen, rows), flush=True)


if __name__ == "__main__":
    main()
