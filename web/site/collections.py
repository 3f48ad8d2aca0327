"""The collections of an archive: articles that its owner chose, by identifiers or by a query.

`collections/NAME.toml` in the home has a `title`, a `description` in Markdown, and `articles`, a
list of identifiers, or `query`, the part of a search's address after its question mark. The files
are read once, when the application starts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from archive.files.plain_files import open_plain_file
from archive.settings.settings_file import SettingsError

FOLDER = "collections"

LARGEST_FILE = 1 << 20
"""Bytes of a collection's file."""

MOST_COLLECTIONS = 1000

MOST_ARTICLES = 10_000
"""Articles of a collection that are named one by one."""

COLLECTIONS = "tangthu.collections"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_KEYS = {"title": str, "description": str, "query": str, "articles": list}


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of articles.

    Attributes:
        name: its name in addresses.
        description: safe markup.
        query: a search, as in the address of its results; empty for none.
        identifiers: the articles in the order of the collection.
    """

    name: str
    title: str
    description: Markup = Markup()
    query: str = ""
    identifiers: tuple[str, ...] = ()


Collections = Mapping[str, Collection]
"""The collections by name, in the order of their titles."""


def read_collections(home: Path) -> Collections:
    """Read the collections in a home.

    Raises:
        SettingsError: one has another form, cannot be read, or there are too many.
    """
    paths = sorted((home / FOLDER).glob("*.toml"))
    if len(paths) > MOST_COLLECTIONS:
        raise SettingsError(home / FOLDER, "", f"more than {MOST_COLLECTIONS} collections")
    markdown = MarkdownIt("commonmark", {"html": False})
    collections = [_read_collection(path, markdown) for path in paths]
    return {each.name: each for each in sorted(collections, key=lambda each: each.title)}


def _read_collection(path: Path, markdown: MarkdownIt) -> Collection:
    if not _NAME.fullmatch(path.stem):
        raise SettingsError(path, "", "is to be named by a-z, 0-9 and hyphens, as in its address")
    values = _read_values(path)
    for key, value in values.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            raise SettingsError(path, key, f"is none of {', '.join(_KEYS)}, or of another type")
    articles = values.get("articles", [])
    if not all(isinstance(each, str) for each in articles) or len(articles) > MOST_ARTICLES:
        raise SettingsError(path, "articles", f"is no list of at most {MOST_ARTICLES} identifiers")
    if not values.get("title", "").strip() or not (articles or values.get("query", "").strip()):
        raise SettingsError(path, "", "needs a title, and articles or a query")
    description = Markup(markdown.render(values.get("description", "")))  # noqa: S704
    query = values.get("query", "").strip().lstrip("?")
    return Collection(path.stem, values["title"].strip(), description, query, tuple(articles))


def _read_values(path: Path) -> dict[str, Any]:
    try:
        with open_plain_file(path) as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise SettingsError(path, "", f"larger than {LARGEST_FILE} bytes")
        return tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(path, "", f"cannot be read as TOML in UTF-8: {error}") from error
