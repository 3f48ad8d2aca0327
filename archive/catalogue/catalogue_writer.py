"""Rows on their way into the catalogue: many are written by one statement.

Statements are made once, not for each article: building them anew took half of the time of keeping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select

from archive.catalogue import tables
from archive.catalogue.bulk_rows import insert_rows, refuse_long_texts, update_articles
from archive.catalogue.origins import renew_origin_keys
from archive.records import Article, Change, ChangeKind, Version, WarcLocation

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
_SELECT_WORDS = (
    select(_k.lookup_key, _k.identifier)
    .join(tables.articles, (_a.identifier == _k.identifier) & (_a.version == _k.version))
    .where(_k.lookup_key.in_(bindparam("names", expanding=True)))
    .order_by(_k.lookup_key, _a.sequence.desc())
)
_o = tables.origins.c
_SELECT_ORIGINS = select(tables.origins).where(_o.digest.in_(bindparam("names", expanding=True)))
_r, _f = tables.captured_resources.c, tables.containers.c
_SELECT_CAPTURES = select(tables.captured_resources).where(_r.address_key == bindparam("name"))
_SELECT_CONTAINER = select(_f.digest).where(_f.digest == bindparam("name"))
_SELECT_NEWEST = select(func.max(_a.sequence))
_state = tables.archive_state
_COUNT = _state.update().values(articles=_state.c.articles + bindparam("added"))
_CARRY_ORIGINS = (
    tables.origins.update()
    .where(_o.identifier == bindparam("name"), _o.version == bindparam("earlier"))
    .values(version=bindparam("later"))
)


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


@dataclass(frozen=True, slots=True)
class KnownOrigin:
    """An original that is in the catalogue, of which article and version, and its record."""

    identifier: str
    version: int
    source: str
    place: str
    location: WarcLocation

    @property
    def key(self) -> str:
        """The key of the origin, but for the bytes that are looked up by it."""
        return f"{self.identifier} {self.place or self.source}"

    @property
    def erased_key(self) -> str:
        """The key that it would have if what it says of its place were emptied."""
        return f"{self.identifier} "


class CatalogueWriter:
    """A writer of the rows of one transaction, which wait until `write`, or until they are many.

    Args:
        connect: Returns the connection of the transaction that is under way.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._states: dict[str, ArticleState | None] = {}
        self._places: dict[str, KnownPlace | None] = {}
        self._words: dict[str, str] = {}
        self._words_of_article = defaultdict[str, set[str]](set)
        self._origins: dict[str, list[KnownOrigin]] = {}
        self._captures: dict[str, dict[tuple[str, str], WarcLocation]] = {}
        self._containers = set[str]()
        self._changed: dict[str, Change] = {}
        self._new: set[str] = set()
        self._rows = defaultdict[str, list[dict[str, Any]]](list)
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

    def look_up_words(self, keys: Iterable[str]) -> None:
        """Read which articles say something at once, before `article_of_words` is asked."""
        names = list(dict.fromkeys(key for key in keys if key not in self._words))
        self._words |= dict.fromkeys(names, "")
        for start in range(0, len(names), _MOST_NAMES):
            chosen = {"names": names[start : start + _MOST_NAMES]}
            for row in self._connect().execute(_SELECT_WORDS, chosen):
                self._add_words(row.lookup_key, row.identifier)

    def article_of_words(self, keys: Sequence[str]) -> str:
        """Return the article whose newest version says something; empty where none does."""
        if any(key not in self._words for key in keys):
            self.look_up_words(keys)
        return next(filter(None, (self._words[key] for key in keys)), "")

    def look_up_origins(self, digests: Iterable[str]) -> None:
        """Read the origins with some bytes at once, before `origins` is asked for each."""
        names = list(dict.fromkeys(name for name in digests if name not in self._origins))
        self._origins |= {name: [] for name in names}
        for start in range(0, len(names), _MOST_NAMES):
            chosen = {"names": names[start : start + _MOST_NAMES]}
            for row in self._connect().execute(_SELECT_ORIGINS, chosen):
                location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
                self._origins[row.digest].append(
                    KnownOrigin(row.identifier, row.version, row.source, row.place, location)
                )

    def origins(self, digest: str) -> list[KnownOrigin]:
        """Return the origins with the bytes of a digest, what waits included."""
        if digest not in self._origins:
            self.look_up_origins([digest])
        return self._origins[digest]

    def add_origin(self, row: dict[str, Any]) -> None:
        """Add an origin of a version."""
        location = WarcLocation(row["warc_file"], row["warc_offset"], row["warc_length"])
        origin = KnownOrigin(
            row["identifier"], row["version"], row["source"], row["place"], location
        )
        origins = self.origins(row["digest"])
        if any(earlier.key in (origin.key, origin.erased_key) for earlier in origins):
            # An older version was read from the same bytes there, and the text is back.
            self.write()
            self._connect().execute(tables.origins.delete().where(_at_its_place(row)))
        self._origins[row["digest"]] = [each for each in origins if each.key != origin.key]
        self._origins[row["digest"]].append(origin)
        self._rows["origins"].append(row)

    def captures(self, key: str) -> dict[tuple[str, str], WarcLocation]:
        """Return the records of the captures of an address by time and digest."""
        if key not in self._captures:
            rows = self._connect().execute(_SELECT_CAPTURES, {"name": key})
            self._captures[key] = {
                (row.captured, row.digest): WarcLocation(
                    row.warc_file, row.warc_offset, row.warc_length
                )
                for row in rows
            }
        return self._captures[key]

    def find_capture(self, keys: Iterable[str], digest: str) -> WarcLocation | None:
        """Return the record of some content that was captured at one of some addresses."""
        known = (pair for key in keys if key for pair in self.captures(key).items())
        return next((place for (_, captured), place in known if captured == digest), None)

    def add_capture(self, row: dict[str, Any]) -> None:
        """Add a captured resource."""
        location = WarcLocation(row["warc_file"], row["warc_offset"], row["warc_length"])
        self.captures(row["address_key"])[row["captured"], row["digest"]] = location
        self._rows["captures"].append(row)

    def has_container(self, digest: str) -> bool:
        """Tell whether a container is kept, what waits included."""
        if digest in self._containers:
            return True
        is_kept = bool(self._connect().execute(_SELECT_CONTAINER, {"name": digest}).first())
        if is_kept:
            self._containers.add(digest)
        return is_kept

    def add_container(self, row: dict[str, Any]) -> None:
        """Add a container."""
        self._containers.add(row["digest"])
        self._rows["containers"].append(row)

    def carry_origins(self, identifier: str, earlier: int, later: int) -> None:
        """Let a later version have the origins of an earlier one, whose originals it shares."""
        for digest, origins in self._origins.items():
            self._origins[digest] = [
                replace(origin, version=later)
                if (origin.identifier, origin.version) == (identifier, earlier)
                else origin
                for origin in origins
            ]
        self._rows["carried"].append({"name": identifier, "earlier": earlier, "later": later})

    def note_reading(self, version: Version, article: Article, libraries: str) -> None:
        """Note which reader read the original of a version last, and with which libraries."""
        place, origin = version.location, article.origin
        where = (_o.identifier == article.identifier) & (_o.version == version.number)
        where &= (_o.warc_file == place.file) & (_o.warc_offset == place.offset)
        values = {"reader": origin.reader, "reader_version": origin.reader_version}
        self.write()
        self._connect().execute(
            tables.origins.update().where(where).values(**values, libraries=libraries)
        )
        renew_origin_keys(self._connect(), where)

    def enrich_record(self, version: Version, record: Article) -> None:
        """Write the record of a version anew, which says the same and more."""
        where = (_v.identifier == record.identifier) & (_v.version == version.number)
        content = tables.pack_article(record)
        self.write()
        self._connect().execute(tables.versions.update().where(where).values(content=content))

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
        for key in self._words_of_article.pop(change.identifier, ()):
            self._words[key] = ""
        for key in keys:
            self._add_words(key, change.identifier)
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
        rows, self._rows = self._rows, defaultdict(list)
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
        insert_rows(connection, tables.origins, rows["origins"])
        insert_rows(connection, tables.containers, rows["containers"])
        insert_rows(connection, tables.captured_resources, rows["captures"])
        if rows["carried"]:
            connection.execute(_CARRY_ORIGINS, rows["carried"])
        insert_rows(connection, tables.tombstones, rows["tombstones"])
        if self._more_articles:
            connection.execute(_COUNT, {"added": self._more_articles})
            self._more_articles = 0

    def _add_words(self, key: str, identifier: str) -> None:
        if not self._words.get(key):
            self._words[key] = identifier
            self._words_of_article[identifier].add(key)

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


def _at_its_place(row: dict[str, Any]) -> ColumnElement[bool]:
    """Return the condition of the earlier row of an original that was found at the same place.

    One that was removed says no place, but has the key of what it said.
    """
    name = "place" if row["place"] else "source"
    names = ("identifier", "digest", name)
    is_there = and_(*(_o[each] == row[each] for each in names))
    return or_(is_there, _o.origin_key == row["origin_key"])


def _state_row(change: Change, name: str) -> dict[str, Any]:
    """Return the row of an article's newest state; its identifier goes by a name."""
    return {
        name: change.identifier,
        "version": change.version,
        "sequence": change.sequence,
        "kind": change.kind.value,
        "deleted": change.kind is ChangeKind.DELETED,
    }
