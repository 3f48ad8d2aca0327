"""An archive as large as is wanted, grown out of a real one so that its words grow too.

`python -m tests.bench.grown_corpus CORPUS.jsonl 1000000 > grown.jsonl` writes the articles of a
corpus, and then others: the sentences of two articles in turn, on a day drawn at random. Cloned
articles would leave the vocabulary as it is, and with it everything that depends on the number of
words. So words that the corpus hardly has give way to words that nobody has written before, as
often as Heaps' law (V = K·n^β, fitted to the corpus) asks for, and else to those already made.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

_RARE: Final = 3
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")
_EDGES: Final = "\"'“”‘’()[]{}.,:;!?…-–"
_ONSETS: Final = "b c ch d đ g h k kh l m n ng nh ph q r s t th tr v x st br z j w".split()
_RHYMES: Final = "a e i o u an en in on un ang er is ov ita ao ia ôn ươn ết ấp ình uyên".split()
_FIRST_DAY: Final = date(2000, 1, 1)
_DAYS: Final = 9_800


@dataclass(frozen=True)
class HeapsLaw:
    """The number of different words among n words: V = K·n^β."""

    factor: float
    exponent: float

    def words(self, tokens: int) -> float:
        """Return the number of different words that so many words have."""
        return self.factor * tokens**self.exponent


def fit_heaps_law(texts: Sequence[str]) -> HeapsLaw:
    """Return the law that goes through the vocabulary of half of the texts and of all."""
    seen: set[str] = set()
    tokens, points = 0, []
    for number, text in enumerate(texts, start=1):
        words = [word_of(token) for token in text.split()]
        seen.update(words)
        tokens += len(words)
        if number in (max(1, len(texts) // 2), len(texts)):
            points.append((tokens, len(seen)))
    (half, few), (whole, many) = points
    exponent = math.log(many / few) / math.log(whole / half)
    return HeapsLaw(many / whole**exponent, exponent)


def word_of(token: str) -> str:
    """Return a word as the vocabulary counts it: small letters, no signs around it."""
    return token.strip(_EDGES).lower()


@dataclass
class Vocabulary:
    """The words of the articles so far, of which the law says when a new one is due."""

    law: HeapsLaw
    rng: Random
    known: set[str]
    tokens: int
    coined: list[str] = field(default_factory=list)

    def rare_word(self) -> str:
        """Return a new word where one is due, else one of those that were made before."""
        if len(self.known) < self.law.words(self.tokens) or not self.coined:
            return self._coin()
        # The newest are the likeliest, as names in the news are.
        place = int(len(self.coined) * self.rng.random() ** 0.5)
        return self.coined[place]

    def _coin(self) -> str:
        while True:
            parts = [
                self.rng.choice(_ONSETS) + self.rng.choice(_RHYMES)
                for _ in range(self.rng.randint(2, 3))
            ]
            word = "".join(parts) if self.rng.random() < 0.8 else str(self.rng.randrange(10**7))
            if word not in self.known:
                self.known.add(word)
                self.coined.append(word)
                return word


@dataclass(frozen=True)
class _Sentence:
    """The words of a sentence, and which of them are rare."""

    tokens: tuple[str, ...]
    rare: tuple[int, ...]

    def write(self, vocabulary: Vocabulary) -> str:
        """Return the sentence with other rare words."""
        tokens = list(self.tokens)
        for place in self.rare:
            word = vocabulary.rare_word()
            tokens[place] = word.capitalize() if tokens[place][:1].isupper() else word
        vocabulary.tokens += len(tokens)
        return " ".join(tokens)


class GrownCorpus:
    """Articles that a corpus has, and then as many others like them as are wanted."""

    def __init__(self, records: Sequence[dict[str, Any]], seed: int = 20) -> None:
        """Fit the law, and find the rare words of every sentence."""
        self._records, self._rng = records, Random(seed)  # noqa: S311
        texts = [_text_of(record) for record in records]
        counts = Counter(word_of(token) for text in texts for token in text.split())
        self.law = fit_heaps_law(texts)
        self.vocabulary = Vocabulary(self.law, self._rng, set(counts), counts.total())
        self._titles = [_sentence(record["title"], counts) for record in records]
        self._bodies = [
            _split(f"{record.get('summary') or ''} {record.get('body') or ''}", counts)
            for record in records
        ]

    def articles(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield this number of articles, first those of the corpus itself."""
        yield from self._records[:count]
        for number in range(len(self._records), count):
            yield self._grow(number)

    def _grow(self, number: int) -> dict[str, Any]:
        rng, vocabulary = self._rng, self.vocabulary
        first, second = number % len(self._records), rng.randrange(len(self._records))
        own, other = self._bodies[first], self._bodies[second]
        sentences = [
            (other[place] if place % 2 and place < len(other) else sentence).write(vocabulary)
            for place, sentence in enumerate(own)
        ]
        day = _FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
        title = _join_halves(self._titles[first], self._titles[second])
        return {
            "id": f"grown{number}",
            "url": f"https://grown.example/{number}.html",
            "title": title.write(vocabulary),
            "date": day.isoformat(),
            "summary": " ".join(sentences[:1]),
            "body": "\n\n".join(
                " ".join(sentences[place : place + 4]) for place in range(1, len(sentences), 4)
            ),
        }


def _text_of(record: dict[str, Any]) -> str:
    return " ".join(record.get(key) or "" for key in ("title", "summary", "body"))


def _split(text: str, counts: Counter[str]) -> list[_Sentence]:
    """Return the sentences of a text."""
    return [_sentence(each, counts) for each in _SENTENCE_END.split(text.strip()) if each]


def _sentence(text: str, counts: Counter[str]) -> _Sentence:
    tokens = tuple(map(sys.intern, text.split()))
    rare = (place for place, token in enumerate(tokens) if counts[word_of(token)] <= _RARE)
    return _Sentence(tokens, tuple(rare))


def _join_halves(first: _Sentence, second: _Sentence) -> _Sentence:
    """Return the first half of a sentence with the second half of another: no title twice."""
    middle, begin = -(-len(first.tokens) // 2), len(second.tokens) // 2
    rare = [place for place in first.rare if place < middle]
    rare += [place - begin + middle for place in second.rare if place >= begin]
    return _Sentence(first.tokens[:middle] + second.tokens[begin:], tuple(rare))


def main() -> None:
    """Write articles as JSON lines to standard output, and the law to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    with options.corpus.open() as file:
        corpus = GrownCorpus([json.loads(line) for line in file], options.seed)
    for record in corpus.articles(options.count):
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    vocabulary = corpus.vocabulary
    sys.stderr.write(
        f"V = {corpus.law.factor:.1f} n^{corpus.law.exponent:.3f}; "
        f"{vocabulary.tokens} words, {len(vocabulary.known)} different ones\n"
    )


if __name__ == "__main__":
    main()
