"""Articles in one line, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.records import Article, Change, Origin, Section, identifier_of
from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.service import SearchService
from indexer.vietnamese.dates import VIETNAM

ORIGIN = Origin("tests", "test", 1)


def article(title: str, *paragraphs: str, **values: Any) -> Article:
    """An article with these paragraphs, and an identifier."""
    sections = (Section(paragraphs),) if paragraphs else ()
    made = Article(title=title, origin=ORIGIN, **{"sections": sections, **values})
    return Article(**{**_fields(made), "identifier": identifier_of(made)})


def keep(store: Store, *articles: Article) -> list[Change]:
    """Add articles, each with its title and text as the original."""
    with store.batch() as batch:
        return [batch.add(repr(one).encode(), one) for one in articles]


@contextmanager
def searching(home: Path, *articles: Article) -> Iterator[SearchService]:
    """What searches an archive of these articles, indexed, until the block ends."""
    with Store(home) as store:
        keep(store, *articles)
        IndexBuilder(store).update()
        live = LiveIndex(home / "index")
        yield SearchService(store, live)
        live.close()


def day(year: int, month: int, number: int) -> datetime:
    """Noon of a day in Vietnam."""
    return datetime(year, month, number, 12, tzinfo=VIETNAM)


def _fields(made: Article) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Article.__slots__}
