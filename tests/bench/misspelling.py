"""Measure how well misspelt queries are ranked: `make misspelling`.

    make misspelling                            both public sets, in the folder SHARED
    make misspelling ARGS="--set xquad_vi --seed 2"

Each query of a sample is asked as it is and misspelt in some way, by the form's own path. The
table has the mean reciprocal rank of each way as a share of that of the faultless queries.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import ir_measures
from ir_measures import RR

from indexer.vietnamese.normalization import canonical
from tests.bench.quality_sets import QuerySet, load_public_set
from tests.bench.quality_systems import Tangthu, open_filled_archive
from tests.bench.typing_forms import without_diacritics

SAMPLE = 150
"""Queries of each set."""

KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""The rows of keys of a QWERTY keyboard."""

REGIONAL_ONSETS = (
    ("s", "x"),
    ("x", "s"),
    ("ch", "tr"),
    ("tr", "ch"),
    ("l", "n"),
    ("n", "l"),
    ("gi", "d"),
    ("d", "gi"),
    ("r", "d"),
)
"""Onsets that are pronounced alike somewhere."""

FILLER = "cho tôi hỏi"
"""Words in front of a query that are not about anything."""

_WORD = re.compile(r"[^\W\d_]{3,}")

Misspeller = Callable[[str, random.Random], str]


def with_edit(text: str, chance: random.Random) -> str:
    """Return the text with one letter left out, doubled, swapped, or hit beside its key."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    position = chance.randrange(word.start() + 1, word.end() - 1)
    letter, following = text[position], text[position + 1]
    beside = _beside_on_keyboard(letter.lower(), chance)
    edited = chance.choice(["", letter * 2, following + letter, beside])
    end = position + 2 if edited == following + letter else position + 1
    return text[:position] + edited + text[end:]


def with_two_edits(text: str, chance: random.Random) -> str:
    """Return the text with two edits."""
    return with_edit(with_edit(text, chance), chance)


def without_a_blank(text: str, chance: random.Random) -> str:
    """Return the text with one of its blanks left out."""
    blanks = [match.start() for match in re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text)]
    if not blanks:
        return text
    position = chance.choice(blanks)
    return text[:position] + text[position + 1 :]


def with_regional_onset(text: str, chance: random.Random) -> str:
    """Return the text with one word's onset written as it is pronounced somewhere."""
    candidates = [
        (match.start(), old, new)
        for old, new in REGIONAL_ONSETS
        for match in re.finditer(rf"\b{old}(?=[^\W\d_bcdđghklmnpqrstvx])", text)
    ]
    if not candidates:
        return text
    start, old, new = chance.choice(candidates)
    return text[:start] + new + text[start + len(old) :]


def with_filler(text: str, chance: random.Random) -> str:
    """Return the text with three words in front that are not about anything."""
    return f"{FILLER} {text}"


WAYS: dict[str, Misspeller] = {
    "one edit": with_edit,
    "one blank missing": without_a_blank,
    "one regional consonant": with_regional_onset,
    "two edits": with_two_edits,
    "filler in front": with_filler,
}
"""Name of a way to misspell -> the function that does it."""


def _beside_on_keyboard(letter: str, chance: random.Random) -> str:
    for row in KEY_ROWS:
        position = row.find(letter)
        if position >= 0:
            return chance.choice(row[max(0, position - 1) : position + 2].replace(letter, ""))
    return letter * 2


def measure_rank(system: Tangthu, chosen: QuerySet, texts: dict[str, str]) -> float:
    """Return the mean reciprocal rank of queries, by their identifiers."""
    run: list[ir_measures.ScoredDoc] = []
    for qid, text in texts.items():
        names = [name for name, _ in system.rank(canonical(text), 100)]
        run += [ir_measures.ScoredDoc(qid, name, -rank) for rank, name in enumerate(names)]
    relevant = {qid: chosen.relevant[qid] for qid in texts}
    measured: float = ir_measures.calc_aggregate([RR @ 100], relevant, run)[RR @ 100]
    return measured


def measure_set(system: Tangthu, chosen: QuerySet, seed: int) -> list[str]:
    """Return the lines of one set's table."""
    chance = random.Random(seed)
    topics = chance.sample(chosen.topics, min(SAMPLE, len(chosen.topics)))
    lines: list[str] = []
    for bare in (False, True):
        texts = {
            topic.qid: without_diacritics(topic.text) if bare else canonical(topic.text)
            for topic in topics
        }
        faultless = measure_rank(system, chosen, texts)
        form = "without diacritics" if bare else "as written"
        lines.append(f"| {chosen.name} | {form} | faultless | {faultless:.3f} | |")
        for way, misspell in WAYS.items():
            chance = random.Random(seed)
            misspelt = {qid: misspell(text, chance) for qid, text in texts.items()}
            rank = measure_rank(system, chosen, misspelt)
            share = rank / faultless
            lines.append(f"| {chosen.name} | {form} | {way} | {rank:.3f} | {share:.3f} |")
        if all(text.isascii() for text in (topic.text for topic in topics)):
            break
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="misspelling", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    names = ("xquad_vi", "dantri_slugs")
    parser.add_argument("--set", dest="sets", action="append", choices=names, help="only this set")
    parser.add_argument("--seed", type=int, default=1, help="of the sample and the faults")
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for the archives")
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    print("| set | query | fault | MRR@100 | share |\n|---|---|---|---:|---:|")
    for name in options.sets or names:
        chosen = load_public_set(name, options.shared.resolve())
        folder = options.scratch / chosen.name.replace(" ", "-")
        with open_filled_archive(folder / "home", chosen.corpora) as archive:
            print("\n".join(measure_set(Tangthu(archive), chosen, options.seed)), flush=True)


if __name__ == "__main__":
    main()
