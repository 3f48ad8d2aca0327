"""A reader's own list of articles, which its address holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from werkzeug.datastructures import MultiDict

from archive.records import Article
from web.addresses.parameters import text_parameter
from web.services import current_archive

MOST_LISTED = 100
"""Articles of a reader's list: an address has no room for more."""

LONGEST_IDENTIFIER = 64
LONGEST_TITLE = 200

LISTED = text_parameter(
    "id",
    "The identifier of an article of the list.",
    lambda text: text[:LONGEST_IDENTIFIER],
    repeatable=True,
    most_values=MOST_LISTED,
    allowed=lambda text: len(text) <= LONGEST_IDENTIFIER,
)
LIST_TITLE = text_parameter(
    "title", "The title of the list.", lambda text: text.strip()[:LONGEST_TITLE]
)


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A reader's list: a title, and articles in their order.

    Attributes:
        identifiers: at most `MOST_LISTED`, each once.
    """

    title: str
    identifiers: tuple[str, ...]

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> ReadingList:
        """Read a list from its address."""
        identifiers = dict.fromkeys(filter(None, map(LISTED.parse, args.getlist(LISTED.name))))
        return cls(LIST_TITLE.read(args), tuple(identifiers)[:MOST_LISTED])

    @property
    def url(self) -> str:
        """The address of the list."""
        return self._address("collections.reading_list")

    def export_url(self, kind: str) -> str:
        """Return the address of the list as a file of a kind (`csv`, `jsonl`, `bib`, `ris`)."""
        return self._address("exports.export_list", kind)

    def articles(self) -> list[Article]:
        """Return the articles that are there, in the order of the list."""
        return articles_of(self.identifiers)

    def without(self, identifier: str) -> ReadingList:
        """Return the list without an article."""
        others = (each for each in self.identifiers if each != identifier)
        return replace(self, identifiers=tuple(others))

    def with_(self, identifiers: Sequence[str]) -> ReadingList:
        """Return the list with further articles at its end."""
        joined = dict.fromkeys((*self.identifiers, *identifiers))
        return replace(self, identifiers=tuple(joined)[:MOST_LISTED])

    def _address(self, endpoint: str, kind: str | None = None) -> str:
        title, identifiers = self.title or None, list(self.identifiers)
        return url_for(endpoint, kind=kind, title=title, id=identifiers)


def articles_of(identifiers: Sequence[str]) -> list[Article]:
    """Return the articles that are there, in this order."""
    articles = current_archive().store.get_many(list(identifiers))
    return [articles[each] for each in identifiers if each in articles]
