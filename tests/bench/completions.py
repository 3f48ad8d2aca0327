"""Measure how many completions are right, judged by reading the articles: `make completions`.

A prefix is the first letters or syllables of three words of a headline, without its diacritics
half of the time. The first line offered is right if at least three articles hold it, no one word
follows it or stands before it in most of them (prepositions and the like before it are told
apart), and most of them write it with these capitals within sentences, where it is no part of a
longer name (`công ty`, though `Công ty Cổ phần`). It is false if no article holds it, if a word
that belongs to it mostly stands before it, or if it tells a crime of a person.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.records import Article
from indexer.open_archive import OpenArchive
from indexer.search.readable_phrases import CRIME_WORDS, GOVERNING, PREPOSITIONS, person_start
from indexer.vietnamese.normalization import canonical, fold
from tests.bench.quality_sets import load_public_set
from tests.bench.quality_systems import open_filled_archive

LEAST_ARTICLES = 3
MOST_SHARE = 0.5
SETS = ("dantri_slugs", "vims_clusters2016")

_WORD = re.compile(r"[^\W_]+(?:[.,/\-–'’&+%]+[^\W_]+)*")
_INNER = set(" ,;()[]'/&%-–")
_FALSE = {"unknown", "left", "crime"}


@dataclass(frozen=True, slots=True)
class JudgedCompletion:
    """A first line, the articles that hold it, and what is wrong with it."""

    prefix: str
    offered: str
    documents: int
    faults: tuple[str, ...]

    @property
    def is_false(self) -> bool:
        """Whether it says what the archive does not."""
        return not _FALSE.isdisjoint(self.faults)


def draw_prefixes(articles: Sequence[Article], seed: int) -> Iterator[str]:
    """Yield beginnings of what stands in headlines, without end."""
    chosen = random.Random(seed)
    while True:
        article = chosen.choice(articles)
        words = (article.title or article.lead).split()
        if len(words) < 4:
            continue
        start = chosen.randrange(len(words) - 2)
        phrase = " ".join(words[start : start + 3]).strip(" .,:;!?\"'“”()[]").lower()
        syllables = phrase.split()
        if len(syllables) < 3 or not all(map(str.isalpha, syllables)):
            continue
        if chosen.random() < 0.5:
            prefix = " ".join(syllables[: chosen.randint(1, 2)])
            prefix += " " + syllables[len(prefix.split())][: chosen.randint(0, 2)]
        else:
            prefix = phrase[: chosen.randint(2, 6)].rstrip()
        yield fold(prefix) if chosen.random() < 0.5 else prefix


def draw_governed(articles: Sequence[Article], seed: int) -> Iterator[str]:
    """Yield prepositions of texts with the first letters of the next word, without end."""
    chosen = random.Random(seed)
    while True:
        article = chosen.choice(articles)
        texts = [text for section in article.sections for text in section.paragraphs[:3]]
        words = " ".join((article.lead, *texts)).split()
        places = [place for place, word in enumerate(words[:-1]) if word.lower() in GOVERNING]
        if not places:
            continue
        place = chosen.choice(places)
        following = words[place + 1].strip(".,;:!?\"'“”()").lower()
        if following.isalpha():
            prefix = f"{words[place].lower()} {following[: chosen.randint(1, 4)]}"
            yield fold(prefix) if chosen.random() < 0.5 else prefix


def spaced_text(article: Article) -> str:
    """Return the words of an article with one blank between, and signs for punctuation."""
    lines = [article.title]
    lines += [article.lead] if article.lead != article.title else []
    for section in article.sections:
        lines += [section.heading_line, *section.paragraphs]
    pieces = ["|"]
    for line in map(canonical, lines):
        end = 0
        for match in _WORD.finditer(line):
            gap = line[end : match.start()]
            if end and gap.strip():
                pieces.append("," if set(gap) <= _INNER and "(" not in gap else "|")
            pieces.append(match.group())
            end = match.end()
        pieces.append("|")
    return f" {' '.join(pieces)} "


def judge(texts: Sequence[tuple[str, str]], prefix: str, offered: str) -> JudgedCompletion:
    """Judge an offered phrase by the texts, each as it is and in small letters."""
    spaced = " ".join(
        word if index == 0 else f", {word}" if "-" in gap or "–" in gap else word
        for index, (gap, word) in enumerate(_gaps_and_words(offered))
    )
    needle = f" {spaced.lower()} "
    pattern = re.compile(rf"(?<= )(\S+) ({re.escape(spaced)}) (?=(\S+))", re.IGNORECASE)
    left, right = Counter[str](), Counter[str]()
    written, alone = Counter[str](), Counter[str]()
    documents = 0
    for text, lowered in texts:
        if needle not in lowered:
            continue
        documents += 1
        matches = list(pattern.finditer(text))
        left.update({match[1].lower() for match in matches} - {",", "|"})
        right.update({match[3].lower() for match in matches} - {",", "|"})
        within = [match for match in matches if match[1] != "|"]
        written.update({match[2] for match in within})
        alone.update({match[2] for match in within if not _is_part_of_name(match)})
    most = MOST_SHARE * documents
    before = {word for word, count in left.items() if count > most}
    words = offered.split()
    conditions = {
        "unknown": not documents,
        "rare": documents < LEAST_ARTICLES,
        "left": bool(before - PREPOSITIONS),
        "preposition": bool(before & PREPOSITIONS),
        "right": max(right.values(), default=0) > most,
        "capitals": (alone or written)[spaced] < max((alone or written).values(), default=0),
        "crime": person_start(words) is not None and not CRIME_WORDS.isdisjoint(words),
    }
    faults = tuple(fault for fault, is_so in conditions.items() if is_so)
    return JudgedCompletion(prefix, offered, documents, faults)


def _is_part_of_name(match: re.Match[str]) -> bool:
    """Tell whether a capital stands beside a phrase: the capitals are those of a longer name."""
    return match[1][:1].isupper() or match[3][:1].isupper()


def _gaps_and_words(offered: str) -> Iterator[tuple[str, str]]:
    end = 0
    for match in _WORD.finditer(offered):
        yield offered[end : match.start()], match.group()
        end = match.end()


def measure(
    archive: OpenArchive, prefixes: int, draw: Callable[[Sequence[Article]], Iterator[str]]
) -> tuple[list[JudgedCompletion], int, float]:
    """Return the first lines of some prefixes judged, the prefixes without one, and the time.

    The time is the median of the processor's milliseconds for eight lines.
    """
    articles = [article for article, _ in archive.store.articles()]
    drawn = draw(articles)
    times: list[float] = []
    first_lines: dict[str, str] = {}
    empty = 0
    for prefix in drawn:
        if len(first_lines) == prefixes:
            break
        started = time.process_time()
        suggestions = archive.search.suggest(prefix, 8)
        times.append((time.process_time() - started) * 1000)
        if suggestions:
            first_lines[prefix] = suggestions[0].text
        empty += not suggestions
    texts = [(text, text.lower()) for text in map(spaced_text, articles)]
    judged = [judge(texts, prefix, offered) for prefix, offered in first_lines.items()]
    return judged, empty, statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="completions", description=__doc__.splitlines()[0])
    scratch = Path(tempfile.gettempdir()) / "tangthu-quality"
    parser.add_argument("--scratch", type=Path, default=scratch, help="folder for the archives")
    shared = Path(os.environ.get("TANGTHU_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=shared)
    parser.add_argument("--set", dest="sets", action="append", choices=SETS)
    parser.add_argument("--prefixes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--governed", action="store_true", help="draw prepositions and beginnings")
    parser.add_argument("--misses", action="store_true", help="print what is wrong")
    options = parser.parse_args()
    drawing = draw_governed if options.governed else draw_prefixes
    print("| set | prefixes | right | right, prepositions let pass | false | empty | ms |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in options.sets or SETS:
        chosen = load_public_set(name, options.shared.resolve())
        with open_filled_archive(options.scratch / name / "home", chosen.corpora) as archive:
            judged, empty, milliseconds = measure(
                archive,
                options.prefixes,
                lambda articles: drawing(articles, options.seed),
            )
        right = sum(not completion.faults for completion in judged) / max(1, len(judged))
        lenient = sum(not set(completion.faults) - {"preposition"} for completion in judged)
        false = sum(completion.is_false for completion in judged)
        print(
            f"| {name} | {len(judged)} | {right:.2f} | {lenient / max(1, len(judged)):.2f} "
            f"| {false} | {empty} | {milliseconds:.1f} |"
        )
        for completion in judged if options.misses else []:
            if completion.faults:
                print(
                    f"{completion.prefix!r}: {completion.offered!r}",
                    completion.documents,
                    completion.faults,
                )


if __name__ == "__main__":
    main()
