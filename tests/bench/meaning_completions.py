"""Measure how many completions are right, judged by a count over the articles themselves.

    python -m tests.bench.meaning_completions HOME [--prefixes 100] [--seed 1]

A prefix is the first one to three syllables of a phrase of a headline, or the first letters of
one, without its diacritics half of the time. The first line offered is right if at least three
articles hold it, no one word goes on from it or stands before it in most of them, and most write
it with these capitals within sentences. It is false if no article holds it, if one and the same
word mostly stands before it, or if it tells a crime of a person.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.generations.generations import Generations
from indexer.search.completion import PhraseCompleter, Suggestion
from indexer.vietnamese.normalization import canonical, fold
from indexer.vietnamese.person_names import CRIME_WORDS, person_start

LEAST_ARTICLES = 3
MOST_SHARE = 0.5

_WORD = re.compile(r"[^\W_]+(?:[.,/\-–'’&+%]+[^\W_]+)*")
_INNER = set(" ,;()[]'/&%")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the articles say of one first line."""

    prefix: str
    offered: str
    documents: int
    faults: tuple[str, ...]

    @property
    def is_false(self) -> bool:
        """Whether it says what the archive does not."""
        return bool({"unknown", "left", "crime"} & set(self.faults))


@dataclass(frozen=True, slots=True)
class CompletionQuality:
    """Shares of the first lines of some prefixes."""

    verdicts: tuple[Verdict, ...]
    milliseconds: float

    @property
    def right(self) -> float:
        """Return the share that is right."""
        return sum(not verdict.faults for verdict in self.verdicts) / max(1, len(self.verdicts))

    @property
    def false(self) -> int:
        """Return the number of false ones."""
        return sum(verdict.is_false for verdict in self.verdicts)


def measure_completions(home: Path, prefixes: int = 100, seed: int = 1) -> CompletionQuality:
    """Complete prefixes of an archive's headlines and judge the first lines."""
    with Store(home) as store:
        articles = [article for article, _ in store.articles()]
    completer = PhraseCompleter(Generations(home / "index").current().folder)
    analyzer, times = Analyzer(), list[float]()
    first_lines: dict[str, Suggestion] = {}
    for prefix in _draw_prefixes(articles, seed):
        if len(first_lines) == prefixes:
            break
        started = time.process_time()
        suggestions = completer.complete(analyzer, prefix, 8)
        times.append((time.process_time() - started) * 1000)
        if suggestions:
            first_lines[prefix] = suggestions[0]
    texts = [_spaced_text(article) for article in articles]
    verdicts = tuple(
        _judge(texts, prefix, suggestion.text) for prefix, suggestion in first_lines.items()
    )
    return CompletionQuality(verdicts, statistics.median(times))


def _draw_prefixes(articles: Sequence[Article], seed: int) -> Iterator[str]:
    chosen = random.Random(seed)
    while True:
        article = chosen.choice(articles)
        words = (article.title or article.lead).split()
        if len(words) < 4:
            continue
        start = chosen.randrange(len(words) - 2)
        phrase = " ".join(words[start : start + 3]).strip(" .,:;!?\"'“”()[]").lower()
        syllables = phrase.split()
        if not all(map(str.isalpha, syllables)) or len(syllables) < 3:
            continue
        if chosen.random() < 0.5:
            prefix = " ".join(syllables[: chosen.randint(1, 2)])
            prefix += " " + syllables[len(prefix.split())][: chosen.randint(0, 2)]
        else:
            prefix = phrase[: chosen.randint(2, 6)].rstrip()
        yield fold(prefix) if chosen.random() < 0.5 else prefix


def _spaced_text(article: Article) -> str:
    """Return the words of an article with one blank between, and marks for punctuation."""
    lines = [article.title]
    lines += [article.lead] if article.lead != article.title else []
    for section in article.sections:
        lines += [section.heading_line, *section.paragraphs]
    pieces = ["|"]
    for line in lines:
        end = 0
        for match in _WORD.finditer(canonical(line)):
            gap = line[end : match.start()]
            if end and gap.strip():
                pieces.append("," if set(gap) <= _INNER else "|")
            pieces.append(match.group())
            end = match.end()
        pieces.append("|")
    return f" {' '.join(pieces)} "


def _judge(texts: Sequence[str], prefix: str, offered: str) -> Verdict:
    pattern = re.compile(rf"(?<= )(\S+) ({re.escape(offered)}) (?=(\S+))", re.IGNORECASE)
    lowered = f" {offered.lower()} "
    documents, left, right, written = 0, Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        if lowered not in text.lower():
            continue
        matches = list(pattern.finditer(text))
        documents += bool(matches)
        left.update({match[1].lower() for match in matches} - {",", "|"})
        right.update({match[3].lower() for match in matches} - {",", "|"})
        written.update({match[2] for match in matches if match[1] != "|"})
    words = offered.split()
    is_common = documents >= LEAST_ARTICLES
    conditions = {
        "unknown": not documents,
        "rare": not is_common,
        "left": is_common and max(left.values(), default=0) > MOST_SHARE * documents,
        "right": is_common and max(right.values(), default=0) > MOST_SHARE * documents,
        "capitals": bool(written) and written[offered] < max(written.values()),
        "crime": person_start(words) is not None
        and bool({word for word in words if word.islower()} & CRIME_WORDS),
    }
    faults = tuple(fault for fault, is_so in conditions.items() if is_so)
    return Verdict(prefix, offered, documents, faults)


def main() -> None:
    """Measure an archive and print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--prefixes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    quality = measure_completions(arguments.home, arguments.prefixes, arguments.seed)
    for verdict in quality.verdicts:
        if verdict.faults:
            print(
                f"{verdict.prefix!r}: {verdict.offered!r} ({verdict.documents}), {verdict.faults}"
            )
    print(
        f"{len(quality.verdicts)} prefixes: {quality.right:.0%} right, {quality.false} false, "
        f"median {quality.milliseconds:.2f} ms of the processor"
    )


if __name__ == "__main__":
    main()
