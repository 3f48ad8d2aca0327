"""Rows on their way into the catalogue: many are written by one statement.

Statements are made once, not for each article: building them anew took half of the time of keeping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from archive import tables
from archive.bulk_rows import insert_rows, refuse_long_texts, update_articles
from archive.records import Change, ChangeKind

_MOST_WAITING = 2000
_MOST_WAITING_BYTES = 32 << 20
_MOST_NAMES = 500

_a, _v = tables.articles.c, tables.versions.c
_SELECT_STATES = (
    select(
        _a.identifier,
        _a.version,
        _a.deleted,
        _a.sequence,
        _v.digest,
        _v.text_digest,
        _v.source,
    )
    .outerjoin(tables.versions, (_v.identifier == _a.identifier) & (_v.version == _a.version))
    .where(_a.identifier.in_(bindparam("names", expanding=True)))
)
_k = tables.article_keys.c
_SELECT_PLACES = (
    select(_k.lookup_key, _k.identifier, _k.version, _v.digest)
    .join(tables.versions, (_v.identifier == _k.identifier) & (_v.version == _k.version))
    .where(_k.lookup_key.in_(bindparam("names", expanding=True)))
    .order_by(_k.version)
)
_SELECT_NEWEST = select(func.max(_a.sequence))
_state = tables.archive_state
_COUNT = _state.update().values(articles=_state.c.articles + bindparam("added"))


@dataclass(frozen=True, slots=True)
class ArticleState:
    """The newest state of an article: of a deleted one, the version that was deleted."""

    version: int
    sequence: int
    digest: str
    is_deleted: bool
    text_digest: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """The article of a place, and the digest of the original that was found there last."""

    identifier: str
    digest: str


class CatalogueWriter:
    """A writer of the rows of one transaction, which wait until `write`, or until they are many.

    Args:
        connect: Returns the connection of the transaction that is under way.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._states: dict[str, ArticleState | None] = {}
        self._places: dict[str, KnownPlace | None] = {}
        self._changed: dict[str, Change] = {}
        self._new: set[str] = set()
        self._rows: dict[str, list[dict[str, Any]]] = {"versions": [], "keys": [], "tombstones": []}
        self._bytes = 0
        self._more_articles = 0
        self._last_sequence: int | None = None

    def look_up(self, identifiers: Iterable[str]) -> None:
        """Read the states of some articles at once, before `state` is asked for each."""
        names = list(dict.fromkeys(name for name in identifiers if name not in self._states))
        self._states |= dict.fromkeys(names)
        for start in range(0, len(names), _MOST_NAMES):
            chosen = {"names": names[start : start + _MOST_NAMES]}
            for row in self._connect().execute(_SELECT_STATES, chosen):
                self._states[row.identifier] = ArticleState(
                    row.version,
                    row.sequence,
                    row.digest or "",
                    row.deleted,
                    row.text_digest or "",
                    row.source or "",
                )

    def look_up_places(self, keys: Iterable[str]) -> None:
        """Read what is at some places at once, before `place` is asked for each."""
        names = list(dict.fromkeys(key for key in keys if key and key not in self._places))
        self._places |= dict.fromkeys(names)
        for start in range(0, len(names), _MOST_NAMES):
            chosen = {"names": names[start : start + _MOST_NAMES]}
            # Of several versions the last one counts.
            for row in self._connect().execute(_SELECT_PLACES, chosen):
                self._places[row.lookup_key] = KnownPlace(row.identifier, row.digest)

    def place(self, key: str) -> KnownPlace | None:
        """Return what is at a place, what waits included; None for an unknown one."""
        if key and key not in self._places:
            self.look_up_places([key])
        return self._places.get(key)

    def add_place(self, key: str, identifier: str, version: int, digest: str) -> None:
        """Add the place that a version was found at."""
        self._places[key] = KnownPlace(identifier, digest)
        row = {"lookup_key": key, "identifier": identifier, "version": version}
        self._rows["keys"].append(row)

    def state(self, identifier: str) -> ArticleState | None:
        """Return the newest state of an article, what waits included; None for an unknown one."""
        if identifier not in self._states:
            self.look_up([identifier])
        return self._states[identifier]

    def next_sequence(self) -> int:
        """Return the number of the next change."""
        if self._last_sequence is None:
            self._last_sequence = int(self._connect().execute(_SELECT_NEWEST).scalar() or 0)
        return self._last_sequence + 1

    def add_version(self, change: Change, row: dict[str, Any], keys: Sequence[str]) -> None:
        """Add a change that brings a version, with the row of the version and its keys.

        Raises:
            StoreError: a text in it is longer than its column.
        """
        refuse_long_texts(tables.versions, [row])
        self._change_state(change, row["digest"], row["text_digest"], row["source"])
        self._rows["versions"].append(row)
        self._rows["keys"] += [
            {"lookup_key": key, "identifier": change.identifier, "version": change.version}
            for key in keys
        ]
        self._bytes += len(row["content"])
        if self._bytes > _MOST_WAITING_BYTES or len(self._rows["versions"]) >= _MOST_WAITING:
            self.write()

    def renumber(self, change: Change, digest: str) -> None:
        """Give the newest state of an article, whose version stays, the number of a change."""
        self._change_state(change, digest)

    def add_tombstone(self, change: Change) -> None:
        """Add a deletion."""
        self._change_state(change, "")
        self._rows["tombstones"].append(
            {
                "sequence": change.sequence,
                "identifier": change.identifier,
                "version": change.version,
            }
        )

    def write(self) -> None:
        """Write the waiting rows into the transaction that is under way."""
        rows, self._rows = self._rows, {"versions": [], "keys": [], "tombstones": []}
        changed, self._changed = self._changed, {}
        new, self._new = self._new, set()
        self._bytes = 0
        connection = self._connect()
        # What others refer to comes first.
        new_rows = [_state_row(changed[name], "identifier") for name in sorted(new)]
        insert_rows(connection, tables.articles, new_rows)
        old_rows = [_state_row(changed[name], "name") for name in changed if name not in new]
        update_articles(connection, old_rows)
        insert_rows(connection, tables.versions, rows["versions"])
        insert_rows(connection, tables.article_keys, rows["keys"])
        insert_rows(connection, tables.tombstones, rows["tombstones"])
        if self._more_articles:
            connection.execute(_COUNT, {"added": self._more_articles})
            self._more_articles = 0

    def _change_state(
        self, change: Change, digest: str, text_digest: str = "", source: str = ""
    ) -> None:
        name, last_state = change.identifier, self.state(change.identifier)
        if last_state is None:
            self._new.add(name)
        self._changed[name] = change
        is_deleted = change.kind is ChangeKind.DELETED
        was_deleted = last_state is None or last_state.is_deleted
        self._more_articles += was_deleted - is_deleted
        self._states[name] = ArticleState(
            change.version, change.sequence, digest, is_deleted, text_digest, source
        )
        self._last_sequence = change.sequence


def _state_row(change: Change, name: str) -> dict[str, Any]:
    """Return the row of an article's newest state; its identifier goes by a name."""
    return {
        name: change.identifier,
        "version": change.version,
        "sequence": change.sequence,
        "kind": change.kind.value,
        "deleted": change.kind is ChangeKind.DELETED,
    }
