"""Shared phrases: the reason for which one article is called similar to another.

Bigrams cut words in two, so a reason is a name, or at least four syllables of which all
neighbours are interesting: in Vietnamese those are whole words far more often than not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from archive.records import Article
from indexer.vietnamese.name_words import FUNCTION_WORDS
from indexer.vietnamese.normalization import canonical

MOST_PHRASES = 3
"""Phrases that are named as a reason."""

_LONGEST_TEXT = 40_000
"""Characters of an article that are compared."""

_LEAST_WORDS, _MOST_WORDS = 4, 6
"""Syllables of a phrase that is no name."""

_RUN = re.compile(r"\w+(?: \w+)+")
"""Words in a row, without punctuation between them."""

_Joins = Callable[[str, str], bool]


def shared_phrases(article: Article, other: Article, terms: Sequence[str]) -> tuple[str, ...]:
    """Return phrases that two articles share, as the first one writes them, the best first.

    Args:
        article: the one that is read.
        other: the one that is called similar.
        terms: the interesting bigrams of the first one, the most interesting first.
    """
    text, other_text = _text(article), f" {_spaced(_text(other))} "
    ranks = {term: rank for rank, term in enumerate(terms) if f" {term} " in other_text}

    def is_interesting(one_word: str, next_word: str) -> bool:
        return f"{one_word} {next_word}".lower() in ranks

    def is_name(one_word: str, next_word: str) -> bool:
        # `Hà Nội` and `Mầm non`, not `Ngày 28` and `TÒA ÁN`.
        return one_word.istitle() and (next_word.istitle() or is_interesting(one_word, next_word))

    chains = (words for words in _chains(text, is_interesting) if len(words) >= _LEAST_WORDS)
    names = _ranked(
        (words for words in _chains(text, is_name) if len(words) > 1 and words[1].istitle()), ranks
    )
    long_phrases = _ranked((words[:_MOST_WORDS] for words in chains), ranks)
    chosen: list[str] = []
    for phrase in (*names, *long_phrases):
        is_shared = f" {phrase.lower()} " in other_text
        if is_shared and not any(_overlap(phrase, one) for one in chosen):
            chosen.append(phrase)
    return tuple(chosen[:MOST_PHRASES])


def _chains(text: str, is_joined: _Joins) -> Iterator[list[str]]:
    """Yield words in a row of which all neighbours are joined, without function words at the ends.

    Those belong to the sentence: `Tại Hà Nội`.
    """
    for run in _RUN.findall(text):
        chain: list[str] = []
        for word in run.split():
            if chain and not is_joined(chain[-1], word):
                yield _without_function_words(chain)
                chain = []
            chain.append(word)
        yield _without_function_words(chain)


def _ranked(chains: Iterator[list[str]], ranks: dict[str, int]) -> list[str]:
    """Return chains as phrases, by the best rank of their neighbours; without a rank none."""
    found: dict[str, int] = {}
    for words in chains:
        pairs = (
            f"{one} {next_one}".lower() for one, next_one in zip(words, words[1:], strict=False)
        )
        best = min((ranks[pair] for pair in pairs if pair in ranks), default=-1)
        if best >= 0:
            found.setdefault(" ".join(words), best)
    return sorted(found, key=lambda phrase: (found[phrase], -len(phrase)))


def _without_function_words(words: list[str]) -> list[str]:
    """Return words without the function words at both ends, a capital at the beginning or not."""
    while words and words[0].lower() in FUNCTION_WORDS:
        words = words[1:]
    while words and words[-1] in FUNCTION_WORDS:
        words = words[:-1]
    return words


def _overlap(one_phrase: str, other_phrase: str) -> bool:
    """Tell whether two phrases have a word in common."""
    return not set(one_phrase.lower().split()).isdisjoint(other_phrase.lower().split())


def _text(article: Article) -> str:
    paragraphs = (text for section in article.sections for text in section.paragraphs)
    return canonical("\n".join((article.title, article.lead, *paragraphs))[:_LONGEST_TEXT])


def _spaced(text: str) -> str:
    """Return the words of a text in small letters, with one blank between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
