"""Measure which misspelt words and names are repaired rightly: part of `make misspelling`.

    python -m tests.bench.repairs --scratch FOLDER --seed 2

100 everyday words and 100 names that the archive writes at least 20 times are misspelt in nine
ways, and 200 rare names (in one to three articles) are asked as they are. A repair is right if it
is what was misspelt; so is none where the words are found as they are typed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from indexer.analysis.fields import Field
from indexer.open_archive import OpenArchive
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.normalization import canonical, fold_canonical
from tests.bench.misspelling import Misspeller, with_edit, with_regional_onset, without_a_blank
from tests.bench.quality_sets import load_public_set
from tests.bench.quality_systems import open_filled_archive

TONES = "\u0300\u0301\u0303\u0309\u0323"
WORDS = Path(__file__).with_name("everyday_words.txt")
SAMPLE, RARE, OFTEN, ATTEMPTS = 100, 200, 20, 10


def with_other_tone(text: str, chance: random.Random) -> str:
    """Return the text with another tone on one syllable."""
    letters = list(unicodedata.normalize("NFD", text))
    places = [place for place, letter in enumerate(letters) if letter in TONES]
    if places:
        place = chance.choice(places)
        letters[place] = chance.choice(TONES.replace(letters[place], ""))
    return canonical("".join(letters))


def with_hoi_and_nga_swapped(text: str, chance: random.Random) -> str:
    """Return the text with hỏi for ngã on one syllable, or ngã for hỏi."""
    letters = list(unicodedata.normalize("NFD", text))
    places = [place for place, letter in enumerate(letters) if letter in "\u0303\u0309"]
    if places:
        place = chance.choice(places)
        letters[place] = "\u0303" if letters[place] == "\u0309" else "\u0309"
    return canonical("".join(letters))


def with_regional_final(text: str, chance: random.Random) -> str:
    """Return the text with n for ng, or c for t, at the end of one syllable."""
    swaps = (("ng", "n"), ("n", "ng"), ("c", "t"), ("t", "c"))
    places = [
        (match.start(), old, new)
        for old, new in swaps
        for match in re.finditer(rf"(?<=[^\W\d_bcdđghklmnpqrstvx]){old}\b", text)
    ]
    if not places:
        return text
    start, old, new = chance.choice(places)
    return text[:start] + new + text[start + len(old) :]


def with_a_bare_syllable(text: str, chance: random.Random) -> str:
    """Return the text with one syllable without its diacritics."""
    words = text.split()
    places = [place for place, word in enumerate(words) if not word.isascii()]
    if places:
        place = chance.choice(places)
        words[place] = fold_canonical(words[place])
    return " ".join(words)


WAYS: dict[str, Misspeller] = {
    "one edit": with_edit,
    "one blank missing": without_a_blank,
    "one regional onset": with_regional_onset,
    "one regional final": with_regional_final,
    "another tone": with_other_tone,
    "hỏi for ngã": with_hoi_and_nga_swapped,
    "one syllable bare": with_a_bare_syllable,
    "bare, one edit": lambda text, chance: with_edit(fold_canonical(text), chance),
    "bare, one blank missing": lambda text, chance: without_a_blank(fold_canonical(text), chance),
}
"""Name of a way to misspell -> the function that does it."""


def names_in(title: str) -> Iterator[str]:
    """Yield the runs of two to four capitalised words behind the first word of a title."""
    run: list[str] = []
    for place, word in enumerate([*re.findall(r"[^\W_]+|[^\w\s]", title), "."]):
        if place and len(word) > 1 and word[0].isupper() and word[1:].islower():
            run.append(word)
            continue
        if 2 <= len(run) <= 4:
            yield " ".join(run)
        run = []


def draw_samples(archive: OpenArchive, chance: random.Random) -> dict[str, list[str]]:
    """Return everyday words, common names and rare ones of an archive."""
    texts = [canonical(stored.title or stored.lead) for stored, _ in archive.store.articles()]
    chance.shuffle(texts)
    names = dict.fromkeys(name for text in texts for name in names_in(text))
    samples: dict[str, list[str]] = {"words": [], "names": [], "rare names": []}
    with archive.live_index.open_generation() as generation:
        statistics = TermStatistics(generation.engine)
        for name in names:
            words = fold_canonical(name).split()
            pairs = list(map(" ".join, zip(words, words[1:], strict=False)))
            count = min(statistics.document_frequencies(Field.PAIRS, pairs))
            kind = "names" if count >= OFTEN else "rare names" if 1 <= count <= 3 else ""
            if kind and len(samples[kind]) < (RARE if kind == "rare names" else SAMPLE):
                samples[kind].append(name)
        everyday = WORDS.read_text(encoding="utf-8").splitlines()
        counts = statistics.document_frequencies(Field.EXACT_PAIRS, everyday)
    known = [word for word, count in zip(everyday, counts, strict=True) if count >= OFTEN]
    samples["words"] = chance.sample(known, min(SAMPLE, len(known)))
    return samples


def judge(service: SearchService, typed: str, meant: str, way: str) -> str:
    """Return how a misspelt text is answered: right, wrong, suggested wrongly, or not at all."""
    page = service.search(SearchRequest(typed, size=1, grouped=False))
    notices = [note for note in page.notices if isinstance(note, RepairNotice | SuggestionNotice)]
    if not notices:
        faultless = service.search(SearchRequest(meant, size=1, grouped=False)).total_full
        share = 0.5 if way == "one syllable bare" else 0.8
        return "right" if page.total_full >= share * faultless else "none"
    text = canonical(notices[0].text)
    if fold_canonical(text) == fold_canonical(meant):
        return "right"
    return "wrong" if isinstance(notices[0], RepairNotice) else "suggested wrongly"


def measure(archive: OpenArchive, name: str, seed: int) -> Iterator[str]:
    """Yield the lines of one archive's table."""
    chance = random.Random(seed)
    samples = draw_samples(archive, chance)
    for kind in ("words", "names"):
        counts: Counter[str] = Counter()
        for meant in samples[kind]:
            for way, misspell in WAYS.items():
                attempts = (misspell(meant, chance) for _ in range(ATTEMPTS))
                typed = next((text for text in attempts if text.lower() != meant.lower()), "")
                if typed:
                    counts[judge(archive.search, typed, meant, way)] += 1
        total = sum(counts.values())
        shares = (counts[key] / total for key in ("right", "wrong", "suggested wrongly", "none"))
        yield f"| {name} | {kind} | {total} | {' | '.join(f'{share:.3f}' for share in shares)} |"
    changed = [
        rare
        for rare in samples["rare names"]
        for note in archive.search.search(SearchRequest(rare, size=1)).notices
        if isinstance(note, RepairNotice)
    ]
    yield f"| {name} | rare names repaired: {len(changed)} of {len(samples['rare names'])} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="repairs", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    sets = ("vims_clusters2016", "dantri_slugs")
    parser.add_argument("--set", dest="sets", action="append", choices=sets, help="only this set")
    parser.add_argument("--seed", type=int, default=1, help="of the samples and the faults")
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for the archives")
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    print("| set | what | queries | right | wrong | suggested wrongly | none |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name in options.sets or sets:
        chosen = load_public_set(name, options.shared.resolve())
        home = options.scratch / chosen.name.replace(" ", "-") / "home"
        with open_filled_archive(home, chosen.corpora) as archive:
            print("\n".join(measure(archive, name, options.seed)), flush=True)


if __name__ == "__main__":
    main()
