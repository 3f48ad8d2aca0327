"""Measure whether the answers hold what was meant: `make meaning`.

    make meaning                       the public corpora, in the folder SHARED
    make meaning ARGS="--seed 2"       other words
    make meaning ARGS="--several 200"  random queries of one to four of the words

Everyday words of two syllables are drawn by a seed and searched newest first, with diacritics and
without. A hit counts if the article has the two syllables in a row with their diacritics: found by
reading the articles, with nothing of the product but the canonical spelling of tones. Random
queries are of words that some article holds, in any order: which of them are one unit is not told.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from archive.records import Article
from archive.store import Store
from indexer.engine.queries import Sort
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.normalization import canonical
from indexer.vietnamese.syllables import exact_form
from tests.bench.quality_sets import CORPORA, load_public_set
from tests.bench.quality_systems import open_filled_archive
from tests.bench.typing_forms import FORMS

WORD_LIST = Path(__file__).with_name("everyday_words.txt")
WORD_COUNT = 60
PAGE_SIZE = 10
LARGEST_EXPORT = 50_000
MOST_WORDS = 4
SETS = ("dantri_slugs", "vims_clusters2016")

_WORD = re.compile(r"[^\W_]+")


def spell(text: str) -> str:
    """Return the words of a text, in the spelling by which they are compared."""
    return " ".join(exact_form(word) for word in _WORD.findall(canonical(text)))


def article_text(article: Article) -> str:
    """Return the words of all that is searched of an article; a bar stands between its texts."""
    texts = [article.title, article.lead, *article.authors]
    texts += [caption.text for caption in article.captions]
    for section in article.sections:
        texts += [section.heading_line, *section.paragraphs]
    return " | ".join(f" {spell(text)} " for text in texts)


def find_holders(store: Store, words: Iterable[str]) -> dict[str, set[str]]:
    """Return for each word the identifiers of the articles that hold it, by reading them all."""
    spelled = {word: f" {spell(word)} " for word in words}
    holders: dict[str, set[str]] = {word: set() for word in spelled}
    for article, _ in store.articles():
        text = article_text(article)
        for word, needle in spelled.items():
            if needle in text:
                holders[word].add(article.identifier)
    return holders


def measure_form(service: SearchService, holders: dict[str, set[str]], form: str) -> list[float]:
    """Return precision at 10, export precision and recall, and full matches a word, on average."""
    precision: list[float] = []
    export_hits = export_rows = 0
    recall: list[float] = []
    for word, relevant in holders.items():
        text = FORMS[form](word)
        newest = SearchRequest(text, sort=Sort.NEWEST, size=PAGE_SIZE, grouped=False)
        hits = [hit.identifier for hit in service.search(newest).hits]
        precision.append(len(relevant.intersection(hits)) / max(1, min(PAGE_SIZE, len(relevant))))
        exported = {article.identifier for article in service.iterate_articles(newest)}
        export_rows += len(exported)
        export_hits += len(exported & relevant)
        recall.append(len(exported & relevant) / len(relevant))
    count = max(1, len(holders))
    shares = [sum(precision) / count, export_hits / max(1, export_rows), sum(recall) / count]
    return shares


def draw_several(holders: dict[str, set[str]], count: int, seed: int) -> dict[str, set[str]]:
    """Return queries of one to four words that an article holds, and the articles that hold all."""
    chance = random.Random(seed)
    words_of: dict[str, list[str]] = {}
    for word, names in sorted(holders.items()):
        for name in names:
            words_of.setdefault(name, []).append(word)
    queries: dict[str, set[str]] = {}
    for name in chance.choices(sorted(words_of), k=count):
        size = min(chance.randint(1, MOST_WORDS), len(words_of[name]))
        words = chance.sample(words_of[name], size)
        queries[" ".join(words)] = set.intersection(*(holders[word] for word in words))
    return queries


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="meaning", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--several", type=int, default=0, help="ask this many random queries")
    parser.add_argument("--set", dest="sets", action="append", choices=sorted(CORPORA))
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for the archives")
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    words = WORD_LIST.read_text(encoding="utf-8").split("\n")[:-1]
    print("| set | query | words | P@10 newest | export precision | recall |")
    print("|---|---|---:|---:|---:|---:|")
    for name in options.sets or SETS:
        chosen = load_public_set(name, options.shared.resolve())
        home = options.scratch / name / "home"
        with open_filled_archive(home, chosen.corpora) as archive:
            holders = find_holders(archive.store, words)
            held = sorted(word for word, names in holders.items() if len(names) >= PAGE_SIZE)
            if options.several:
                drawn = draw_several(holders, options.several, options.seed)
            else:
                words_drawn = random.Random(options.seed).sample(held, min(WORD_COUNT, len(held)))
                drawn = {word: holders[word] for word in words_drawn}
            for form in ("as written", "without diacritics"):
                figures = measure_form(archive.search, drawn, form)
                shares = " | ".join(f"{figure:.3f}" for figure in figures)
                print(f"| {name} | {form} | {len(drawn)} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
