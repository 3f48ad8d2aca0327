"""Articles in one line, and the pages of an archive, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from archive.article_identifiers import identifier_of
from archive.records import Article, Change, Origin, Section
from archive.store import Store
from indexer.open_archive import OpenArchive
from indexer.vietnamese.dates import VIETNAM

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from web.access.user_file import Role, User

ORIGIN = Origin("tests", "test", 1)


def article(title: str, *paragraphs: str, **values: Any) -> Article:
    """Return an article with these paragraphs, and an identifier."""
    sections = (Section(paragraphs),) if paragraphs else ()
    unnamed = Article(
        title=title, origin=ORIGIN, **{"sections": sections, "language": "vi", **values}
    )
    return replace(unnamed, identifier=identifier_of(unnamed))


def keep(store: Store, *articles: Article) -> list[Change]:
    """Add articles, each with its title and text as the original."""
    with store.batch() as batch:
        return [batch.add(repr(article).encode(), article) for article in articles]


HitCounter = Callable[[str], int]
"""The fixture `count_hits`: called with a folded word, it returns how many articles have it."""


class ArchiveFactory(Protocol):
    """The fixture `archive_of`: each call makes an archive, which is closed after the tests."""

    def __call__(self, *articles: Article) -> OpenArchive:
        """Return an open archive of these articles, indexed; without articles it has no index."""
        ...


class _CompiledTemplates(BytecodeCache):
    """The compiled templates of all applications of this process: they take longest to make."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _CompiledTemplates()


def client_of(archive: OpenArchive, **settings: Any) -> FlaskClient:
    """Return a client of the pages of an archive.

    Args:
        archive: the archive that the pages show.
        settings: the fields of `web.settings.Settings` that differ from the defaults.
    """
    # Imported here: most tests need no pages.
    from web.app import create_app
    from web.settings import Settings

    app = create_app(archive, Settings(**settings))
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app.test_client()


def user_of(name: str, role: Role, password: str) -> User:
    """Return a user whose hash is made at once; that of `make_user` takes long, as it has to."""
    # Imported here: most tests need no pages.
    from werkzeug.security import generate_password_hash

    from web.access.user_file import User

    return User(name, role, generate_password_hash(password, "pbkdf2:sha256:1"))


def day(year: int, month: int, number: int) -> datetime:
    """Return noon of a day in Vietnam."""
    return datetime(year, month, number, 12, tzinfo=VIETNAM)
