"""Names of authors and categories that a record only links to, from what is beside it.

Exports name them once for all records: JSON:API (Drupal) in `included`, Contentful in `includes`,
Ghost in tables of their own; WordPress has them in the record, under `_embedded`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_NAMES: Final = ("display_name", "name", "title", "fullName", "label")
_PERSONS: Final = ("user", "author", "person", "people", "writer", "contributor", "profile")
_SUBJECTS: Final = ("taxonomy", "categor", "section", "tag", "topic", "channel")
_MOST_NAMES: Final = 50


class LinkedNames:
    """The names of an export by the identifiers that its records link to."""

    def __init__(self, export: dict[str, Any]) -> None:
        """Index what an export holds beside its records."""
        self._names: dict[str, str] = {}
        included = export.get("included")
        groups = export.get("includes")
        groups = groups.values() if isinstance(groups, dict) else ()
        for entries in (included, export.get("entries"), *groups):
            for entry in _objects(entries):
                self._add(entry)
        self._links = {
            "author": _links(export, "posts_authors", "author_id", "users"),
            "primary_tag": _links(export, "posts_tags", "tag_id", "tags"),
        }

    def fill(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return a record with the names of its authors and category where it has only links."""
        found: dict[str, Any] = {}
        for field, links in self._links.items():
            if names := links.get(str(item.get("id"))):
                found[field] = names if field == "author" else names[0]
        for key, link in _related(item):
            if (names := self._names_of(link)) and (field := _field_of(key, link)):
                found.setdefault(field, names)
        if linked := {key: self._names_of(link) for key, link in _linked_fields(item)}:
            named = {key: names for key, names in linked.items() if names}
            found["fields"] = item["fields"] | named
            return item | found
        return item | {key: value for key, value in found.items() if not item.get(key)}

    def _add(self, entry: dict[str, Any]) -> None:
        """Add a name under each identifier of what has it."""
        fields = entry.get("attributes") or entry.get("fields")
        name = _name_in(fields) if isinstance(fields, dict) else ""
        if name and (identifier := _identifier(entry)):
            self._names[identifier] = name

    def _names_of(self, link: Any) -> list[str]:
        """Return the names of what a link, or a list of links, leads to."""
        links = _objects(link)[:_MOST_NAMES]
        return [name for one in links if (name := self._names.get(_identifier(one), ""))]


def embedded_names(item: dict[str, Any]) -> dict[str, Any]:
    """Return the authors and categories that a record of WordPress embeds."""
    embedded = item.get("_embedded")
    if not isinstance(embedded, dict):
        return {}
    authors = [_name_in(author) for author in _objects(embedded.get("author"))]
    groups = embedded.get("wp:term")
    lists = groups if isinstance(groups, list) else []
    terms = [term for group in lists for term in _objects(group)]
    sections = [_name_in(term) for term in terms if term.get("taxonomy") == "category"]
    names = {"author": authors, "categories": sections}
    return {key: list(filter(None, found)) for key, found in names.items() if any(found)}


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a value: itself, or those of a list."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def _name_in(fields: dict[str, Any]) -> str:
    """Return the name of a person or subject; of names by language, the first."""
    for key in _NAMES:
        value = fields.get(key)
        if isinstance(value, dict):
            value = next(iter(value.values()), "")
        if isinstance(value, str) and value:
            return value
    return ""


def _identifier(link: dict[str, Any]) -> str:
    """Return what a link and the object that it leads to have in common."""
    inner = link["sys"] if isinstance(link.get("sys"), dict) else link
    identifier = inner.get("id")
    return str(identifier) if isinstance(identifier, str | int) else ""


def _links(export: dict[str, Any], table: str, key: str, named: str) -> dict[str, list[str]]:
    """Return the names of each post by a table of links, in their order."""
    names = {str(row.get("id")): _name_in(row) for row in _objects(export.get(named))}
    links: dict[str, list[str]] = {}
    rows = _objects(export.get(table))
    for row in sorted(rows, key=lambda row: str(row.get("sort_order", "")).rjust(9)):
        if name := names.get(str(row.get(key))):
            links.setdefault(str(row.get("post_id")), []).append(name)
    return links


def _related(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the links of a record of JSON:API with their names."""
    related = item.get("relationships")
    for key, link in related.items() if isinstance(related, dict) else ():
        if isinstance(link, dict) and link.get("data"):
            yield key, link["data"]


def _linked_fields(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a record of Contentful that are links, with their names."""
    fields = item.get("fields")
    for key, value in fields.items() if isinstance(fields, dict) else ():
        for link in _by_language(value):
            if any(isinstance(one.get("sys"), dict) for one in _objects(link)):
                yield key, link


def _by_language(value: Any) -> list[Any]:
    """Return a value, or those that stand in it by language."""
    if isinstance(value, dict) and "sys" not in value:
        return list(value.values())
    return [value]


def _field_of(key: str, link: Any) -> str:
    """Return the field that a link is for, by its name and the type of what it leads to."""
    types = {str(one.get("type", "")) for one in _objects(link)}
    words = " ".join((key, *types)).lower()
    if key == "uid" or any(word in words for word in _PERSONS):
        return "author"
    return "category" if any(word in words for word in _SUBJECTS) else ""
