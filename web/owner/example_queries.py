"""The examples on the first page: drawn from the archive, and none that finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext, lazy_gettext, lazy_pgettext
from flask_babel.speaklater import LazyString

from indexer.engine.queries import Column
from indexer.search.completion import Suggestion
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.normalization import fold
from web.languages.content_languages import shown_language

MOST_TITLES = 5
"""Newest titles whose words lead to phrases."""

_TITLE_WORDS = 12
_SUGGESTIONS = 8
_FEW_ARTICLES = 10
_COMMON_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A query that finds something, and what it shows; the owner's own have no explanation."""

    text: str
    meaning: str = ""

    @property
    def language(self) -> str:
        """The language that its words show, `vi`, or empty."""
        return shown_language(self.text)


class ExampleMemory:
    """The examples of one state of the archive, so that they are drawn once, not for every page.

    Safe to share between threads: at worst two of them draw the same.
    """

    def __init__(self) -> None:
        self._state: Hashable = None
        self._examples: dict[str, list[ExampleQuery]] = {}

    def examples(
        self, state: Hashable, language: str, draw: Callable[[], list[ExampleQuery]]
    ) -> list[ExampleQuery]:
        """Return the examples of a state in a language, drawn now if they are not remembered."""
        if state != self._state:
            self._state, self._examples = state, {}
        examples = self._examples
        if language not in examples:
            examples[language] = draw()
        return examples[language]


def draw_examples(search: SearchService, page: ResultPage) -> list[ExampleQuery]:
    """Return queries from the archive's own phrases, people, publishers and months.

    Args:
        search: the archive's search.
        page: the newest articles, with the values of columns in the whole archive.
    """
    return [example for example in _candidates(search, page) if finds_something(search, example)]


def chosen_examples(search: SearchService, queries: tuple[str, ...]) -> list[ExampleQuery]:
    """Return those of the owner's own examples that find something."""
    examples = map(ExampleQuery, queries)
    return [example for example in examples if finds_something(search, example)]


def finds_something(search: SearchService, example: ExampleQuery) -> bool:
    """Tell whether an article matches an example fully."""
    request = SearchRequest(example.text, size=1, match=MatchMode.FULL)
    return search.search(request).total > 0


def _candidates(search: SearchService, page: ResultPage) -> Iterator[ExampleQuery]:
    phrase = _common_phrase(search, page)
    if phrase:
        yield ExampleQuery(fold(phrase).lower(), gettext("all the words, with any diacritics"))
        yield ExampleQuery(f'"{phrase}"', gettext("the words in a row"))
        marked = [word for word in phrase.split() if fold(word) != word.lower()]
        if marked:
            yield ExampleQuery(f"={marked[0]}", gettext("the diacritics as typed"))
        first, *others = phrase.split()
        yield ExampleQuery(f"{first} -{others[-1]}", gettext("without a word"))
    for column, write, meaning in _FIELDS:
        value = _commonest(page, column)
        if value:
            yield ExampleQuery(write(value), str(meaning))


def _common_phrase(search: SearchService, page: ResultPage) -> str:
    """Return a phrase that begins like a word of the newest titles: rather a name, the commonest.

    One with diacritics shows most; an archive in English has none.

    What is no name and stands in many articles (cho biết) is no subject that anybody looks for.
    """
    titles = [hit.title.strip("[]… ").split()[:_TITLE_WORDS] for hit in page.hits[:MOST_TITLES]]
    words = dict.fromkeys(word for title in titles for word in (*title[1:], *title[:1]))
    phrases = [
        suggestion
        for word in words
        if word.isalpha()
        for suggestion in search.suggest(f"{word} ", _SUGGESTIONS)
        if 2 <= len(suggestion.text.split()) <= 3
    ]
    common = max(_FEW_ARTICLES, page.total * _COMMON_SHARE)

    def rank(phrase: Suggestion) -> tuple[bool, bool, bool, int]:
        is_marked = fold(phrase.text).lower() != phrase.text.lower()
        is_name = all(word[0].isupper() for word in phrase.text.split())
        return is_marked, is_name, is_name or phrase.documents <= common, phrase.documents

    best = max(phrases, key=rank, default=None)
    return best.text if best else _name_in(titles)


def _name_in(titles: list[list[str]]) -> str:
    """Return the two words with capitals in a row that most titles have inside, or nothing."""
    pairs = [pair for title in titles for pair in set(pairwise(title[1:]))]
    names = [" ".join(pair) for pair in pairs if all(map(_is_capitalised, pair))]
    return max(names, key=names.count, default="")


def _is_capitalised(word: str) -> bool:
    return word.isalpha() and word.istitle()


def _commonest(page: ResultPage, column: Column) -> str:
    """Return the commonest value of a column; of the months the newest."""
    values = {value: count for value, count in page.facets.get(column, {}).items() if value}
    if column is Column.MONTH:
        return max(values, default="")
    return max(values, key=lambda value: values[value], default="")


def _quoted(field: LazyString) -> Callable[[str], str]:
    return lambda value: f'{field}:"{value.replace(chr(34), "")}"'


def _month(value: str) -> str:
    year, _, month = value.partition("-")
    return f"{_DATE}:{int(month)}/{year}" if month.isdecimal() else f"{_DATE}:{year}"


_DATE = lazy_pgettext("a field of a query", "date")


_FIELDS: tuple[tuple[Column, Callable[[str], str], LazyString], ...] = (
    (
        Column.PERSON,
        _quoted(lazy_pgettext("a field of a query", "person")),
        lazy_gettext("inside what one person says"),
    ),
    (
        Column.PUBLISHER,
        _quoted(lazy_pgettext("a field of a query", "publisher")),
        lazy_gettext("from one publisher"),
    ),
    (Column.MONTH, _month, lazy_gettext("by day, month, year or a range")),
)
