"""Stored forms: how articles write a phrase within their sentences, with capitals and punctuation.

The phrase table knows the capitals of titles and leads alone; a few articles that hold a phrase
say the rest (`iPhone`, `31/5`), and whether punctuation parts its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.records import Article
from archive.store import Store
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Phrase, Term
from indexer.engine.records import EngineQuery
from indexer.search.readable_phrases import PREPOSITIONS

LEAST_ARTICLES: Final = 3
"""Articles that an offered phrase has to be in."""

MOST_READ: Final = 12
"""Articles that are looked at for a phrase."""

_MOST_SHARE: Final = 0.6
_MOST_SHARE_OF_ALL: Final = 0.5
_LONGEST_WORD: Final = 24
_BEFORE: Final = re.compile(r"[^\W_]+ $")
_AFTER: Final = re.compile(r"^ [^\W_]+")

_MOST_OCCURRENCES: Final = 6
_MOST_REMEMBERED: Final = 20_000
_PLAIN: Final = re.compile(r" |[/.\-&+’'–]| ?- ?| ?– ?|-? ?")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:;…\"“”«\n•*]|[-–]) ?$")


class StoredForms:
    """The stored forms of the phrases of one generation; safe to share between threads."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, ...], str | None] = {}

    def is_known(self, exact_forms: Sequence[str]) -> bool:
        """Tell whether the articles of a phrase were read already."""
        return tuple(exact_forms) in self._forms

    def find(self, exact_forms: Sequence[str], engine: Engine, store: Store) -> str | None:
        """Return how articles mostly write a phrase; None if they part its words, or none has it.

        Args:
            exact_forms: those of its words.
            engine: reads the index of the generation.
            store: keeps the articles.
        """
        key = tuple(exact_forms)
        if key not in self._forms:
            if len(self._forms) >= _MOST_REMEMBERED:
                self._forms = {}
            query = Phrase(Field.EXACT, key) if len(key) > 1 else Term(Field.EXACT, key[0])
            hits = engine.search(EngineQuery(query, limit=MOST_READ)).hits
            articles = store.get_many([hit.identifier for hit in hits]).values()
            self._forms[key] = _commonest_form(key, articles)
        return self._forms[key]


def _commonest_form(exact_forms: Sequence[str], articles: Iterable[Article]) -> str | None:
    """Return the form that most articles have; None if they part its words, or are too few.

    A word that stands beside the phrase in most of the articles belongs to it, so that the phrase
    is none: of a rare one, which the phrase table may not know, these are all articles.
    """
    words = r"([^\w]{1,3})".join(map(re.escape, exact_forms))
    pattern = re.compile(rf"(?<![^\W_]){words}(?![^\W_])", re.IGNORECASE)
    within, first = Counter[str](), Counter[str]()
    before, after = Counter[str](), Counter[str]()
    holders = parted = 0
    for article in articles:
        matches = list(_occurrences(pattern, article))
        plain = [found for found in matches if all(map(_PLAIN.fullmatch, found[1].groups()))]
        holders += bool(plain)
        parted += len(plain) < len(matches)
        before.update({_word(_BEFORE, text[: match.start()]) for text, match in plain})
        after.update({_word(_AFTER, text[match.end() :]) for text, match in plain})
        for text, match in plain:
            is_first = _SENTENCE_START.search(text, max(0, match.start() - 2), match.start())
            (first if is_first or text.isupper() else within)[match[0]] += 1
    before[""] = after[""] = 0
    commonest = max(*before.values(), *after.values())
    share = _MOST_SHARE if holders == MOST_READ else _MOST_SHARE_OF_ALL
    if holders < LEAST_ARTICLES or parted > holders or commonest > share * holders:
        return None
    # Words that begin a sentence have a capital there whatever they are.
    counts = within or Counter({_decapitalized(form): count for form, count in first.items()})
    return max(counts, key=lambda form: (counts[form], form), default=None)


def _word(pattern: re.Pattern[str], text: str) -> str:
    """Return the word beside a phrase in small letters; an empty text for a preposition or none."""
    match = pattern.search(text[-_LONGEST_WORD:] if pattern is _BEFORE else text[:_LONGEST_WORD])
    word = match[0].strip().lower() if match else ""
    return "" if pattern is _BEFORE and word in PREPOSITIONS else word


def _occurrences(pattern: re.Pattern[str], article: Article) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield some occurrences in the running text of an article, title last."""
    texts = [article.lead if article.lead != article.title else ""]
    texts += [text for section in article.sections for text in section.paragraphs]
    count = 0
    for text in (*texts, article.title):
        for match in pattern.finditer(text):
            yield text, match
            count += 1
            if count == _MOST_OCCURRENCES:
                return


def _decapitalized(form: str) -> str:
    """Return a form without the capital of its first word, unless the next word has one too."""
    first, blank, rest = form.partition(" ")
    is_name = rest[:1].isupper() or first.isupper() or not first[1:].islower()
    return form if is_name else first.lower() + blank + rest
