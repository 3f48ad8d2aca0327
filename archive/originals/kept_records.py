"""The WARC records that the catalogue names: of versions, origins, containers and crawls."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Table, func, inspect, select, tuple_, union

from archive.catalogue import tables
from archive.catalogue.catalogue_rows import (
    KeptRecord,
    StatedAnswer,
    StatedHead,
    record_of_capture,
    record_of_container,
    record_of_origin,
    record_of_version,
    to_version,
)
from archive.catalogue.change_log import ChangeLog
from archive.catalogue.lookup_keys import identifiers_of_address
from archive.catalogue.operations import find_withdrawal
from archive.catalogue.origins import (
    ArticleOrigin,
    count_origins,
    find_origins,
    is_origin_as_kept,
    to_origin,
)
from archive.originals.captures import CapturedResource, find_captures, to_captured
from archive.originals.container_files import MEMBER_SIGN
from archive.records import Version, WarcLocation

START = ("", -1)
"""The place (WARC file, offset) before every record."""

_PAGE = 5000
_MOST_VERSIONS = (1 << 31) - 1
_COLUMNS = ("warc_file", "warc_offset", "warc_length", "captured")


def present_record_tables(connection: Connection) -> list[Table]:
    """Return the tables that name records; an older catalogue that is only read has one."""
    present = set(inspect(connection).get_table_names())
    return [table for table in tables.RECORD_TABLES if table.name in present]


def last_locations(connection: Connection) -> dict[str, WarcLocation]:
    """Return the last catalogued record of each WARC file."""
    last: dict[str, WarcLocation] = {}
    for table in present_record_tables(connection):
        c = table.c
        # The index by place gives the last offsets; a row is read for each file alone.
        offsets = (
            select(c.warc_file, func.max(c.warc_offset).label("offset"))
            .group_by(c.warc_file)
            .subquery()
        )
        is_last = (c.warc_file == offsets.c.warc_file) & (c.warc_offset == offsets.c.offset)
        query = (
            select(c.warc_file, c.warc_offset, func.max(c.warc_length))
            .join(offsets, is_last)
            .group_by(c.warc_file, c.warc_offset)
        )
        for name, offset, length in connection.execute(query):
            if name not in last or offset > last[name].offset:
                last[name] = WarcLocation(name, int(offset), int(length))
    return last


@dataclass(frozen=True, slots=True)
class KeptContainer:
    """A container or message that is kept whole: its source, SHA-256 and record."""

    source: str
    digest: str
    location: WarcLocation


class KeptRecords(ChangeLog):
    """The part of a store that names WARC records, in the order of the files."""

    def origins(self, identifier: str) -> list[ArticleOrigin]:
        """Return the origins of an article, in the order of versions and of capture.

        Those of a version that was removed are left out.

        Raises:
            WithdrawnError: the operator withdrew the article.
        """
        self.refuse_withdrawn(identifier)
        return self._read(lambda connection: _shown_origins(connection, identifier))

    def all_origins(self) -> Iterator[tuple[str, ArticleOrigin]]:
        """Yield every origin with the identifier of its article."""
        if self._has_table(tables.origins):
            o = tables.origins.c
            for row in self._pages(select(tables.origins), (o.origin_key,), ("",), _PAGE):
                yield row.identifier, to_origin(row)

    def has_digest(self, digest: str) -> bool:
        """Tell whether an original with a SHA-256 is kept, or withheld."""
        o = tables.origins.c
        if not self._has_table(tables.origins):
            return False
        return bool(self._rows(select(o.version).where(o.digest == digest).limit(1)))

    def kept_containers(self, message_types: Sequence[str]) -> Iterator[KeptContainer]:
        """Yield the containers that are kept whole, and the messages, whose members are others.

        Args:
            message_types: The media types of originals that have members.
        """
        for table in (tables.containers, tables.origins):
            if not self._has_table(table):
                continue
            c, (key, *_) = table.c, table.primary_key.columns
            query = select(table).where(c.media_type.in_(message_types))
            if table is tables.containers:
                query = select(table).where(c.record_digest == c.digest)
            for row in self._pages(query, (key,), ("",), _PAGE):
                location = WarcLocation(row.warc_file, row.warc_offset, row.warc_length)
                yield KeptContainer(row.source, row.digest, location)

    def answers(self) -> Iterator[CapturedResource]:
        """Yield what crawls captured with status 200, each content of an address once."""
        r, last = tables.captured_resources.c, ("", "")
        if not self._has_table(tables.captured_resources):
            return
        key = (r.address_key, r.captured, r.digest)
        query = select(tables.captured_resources).where(r.status == 200)
        seen = set[tuple[str, str]]()
        for row in self._pages(query, key, ("", "", ""), _PAGE):
            if row.address_key != last[0]:
                seen.clear()
            last = (row.address_key, row.digest)
            if last not in seen:
                seen.add(last)
                yield to_captured(row)

    def captures(self, address: str, limit: int = 1000) -> list[CapturedResource]:
        """Return what crawls captured at an address, in the order of time.

        What the operator withholds is left out, so that nobody is shown it.
        """
        return self.captures_of([address], limit).get(address, [])

    def captures_of(
        self, addresses: Collection[str], limit: int = 1000
    ) -> dict[str, list[CapturedResource]]:
        """Return what crawls captured at addresses, in one round trip; as `captures`."""
        state = self.operator_state()
        shown = [
            address
            for address in addresses
            if not any(state.is_withheld(name, "") for name in identifiers_of_address(address))
        ]
        captures = self._read(lambda connection: find_captures(connection, shown, limit))
        return {
            address: [capture for capture in each if capture.digest not in state.digests]
            for address, each in captures.items()
        }

    def count_origins(self) -> int:
        """Return the number of origins of all articles."""
        return self._read(count_origins)

    def count_originals(self, place: tuple[str, int] = START) -> int:
        """Return the number of records after a place (WARC file, offset), shared ones once."""
        queries = []
        for table in self._read(present_record_tables):
            columns = (table.c.warc_file, table.c.warc_offset)
            queries.append(select(*columns).distinct().where(tuple_(*columns) > place))
        places = union(*queries).subquery()
        return int(self._scalar(select(func.count()).select_from(places)) or 0)

    def has_original(self, place: tuple[str, int]) -> bool:
        """Tell whether a record that is named begins at a place (WARC file, offset)."""
        for table in self._read(present_record_tables):
            here = tuple_(table.c.warc_file, table.c.warc_offset) == place
            if self._rows(select(table.c.warc_length).where(here).limit(1)):
                return True
        return False

    def versions_by_location(self, place: tuple[str, int] = START) -> Iterator[tuple[str, Version]]:
        """Yield every version after a place (WARC file, offset), in the order of the WARC files."""
        v = tables.versions.c
        query = select(*(column for column in v if column.name != "content"))
        order, last = (v.warc_file, v.warc_offset, v.version), (*place, _MOST_VERSIONS)
        for row in self._pages(query, order, last, _PAGE):
            yield row.identifier, to_version(row)

    def records_by_location(self, place: tuple[str, int] = START) -> Iterator[KeptRecord]:
        """Yield every record after a place, in the order of the WARC files.

        One that is several versions' comes once for each of them.
        """
        streams = [self._records_of(table, place) for table in self._read(present_record_tables)]
        for _, named in groupby(heapq.merge(*streams, key=lambda one: one.place), _place_of):
            subjects: dict[tuple[str, str], KeptRecord] = {}
            heads, answers = dict[StatedHead, None](), dict[StatedAnswer, None]()
            for record in named:
                subjects.setdefault((record.subject, record.digest), record)
                heads |= dict.fromkeys(record.heads)
                answers |= dict.fromkeys(record.answers)
            moments = tuple(sorted({record.captured for record in subjects.values()}))
            for record in subjects.values():
                yield replace(record, moments=moments, heads=tuple(heads), answers=tuple(answers))

    def changed_origins(self) -> Iterator[tuple[str, str]]:
        """Yield the origins that do not say what they said when they were kept.

        Each with `identifier version` and its source; what the operator emptied is none of them.
        """
        if not self._has_table(tables.origins):
            return
        operated = set[str]()
        if self._has_table(tables.operations):
            operated |= {row[0] for row in self._rows(select(tables.operations.c.identifier))}
        key = tables.origins.c.origin_key
        for row in self._pages(select(tables.origins), (key,), ("",), _PAGE):
            is_erased = not row.source and not row.place and row.identifier in operated
            if not is_erased and not is_origin_as_kept(row):
                yield f"{row.identifier} {row.version}", row.source

    def changed_containers(self) -> Iterator[tuple[str, str]]:
        """Yield the containers, and their sources, that none of their members came out of.

        What the operator emptied may have come out of any.
        """
        if not self._has_table(tables.containers):
            return
        f, o = tables.containers.c, tables.origins.c
        rows = self._pages(select(f.digest, f.source), (f.digest,), ("",), _PAGE)
        sources, strangers = {row.digest: row.source for row in rows}, set[str]()
        known = set[str]()
        query = select(o.origin_key, o.parent, o.source).where(o.parent != "")
        for row in self._pages(query, (o.origin_key,), ("",), _PAGE):
            if row.parent in sources and row.parent not in known:
                start = f"{sources[row.parent]}{MEMBER_SIGN}"[: tables.SOURCE_LIMIT]
                is_member = not row.source or row.source.startswith(start)
                (known if is_member else strangers).add(row.parent)
        for digest in sorted(strangers - known):
            yield f"container {digest}", sources[digest]

    def _records_of(self, table: Table, place: tuple[str, int]) -> Iterator[KeptRecord]:
        """Yield the records that a table names after a place, in order."""
        if table is tables.versions:
            for identifier, version in self.versions_by_location(place):
                yield record_of_version(identifier, version)
            return
        # Of several rows that share a record, the first capture is the date of the record.
        keys = list(dict.fromkeys((table.c.captured, *table.primary_key.columns)))
        columns = {table.c[name] for name in _COLUMNS} | set(keys)
        columns |= {table.c[name] for name in _NAMES[table.name]}
        order = (table.c.warc_file, table.c.warc_offset, *keys)
        # Keys are never empty: this is before every record at the next offset.
        last: tuple[str | int, ...] = (place[0], place[1] + 1, *("" for _ in keys))
        query = select(*sorted(columns, key=lambda column: column.name))
        for row in self._pages(query, order, last, _PAGE):
            yield _record_in(table, row)


def _shown_origins(connection: Connection, identifier: str) -> list[ArticleOrigin]:
    """Return the origins of an article but for those of versions that were removed."""
    origins = find_origins(connection, identifier)
    removed = {
        number
        for number in {origin.version for origin in origins}
        if find_withdrawal(connection, identifier, number)
    }
    return [origin for origin in origins if origin.version not in removed]


_NAMES = {
    tables.origins.name: ("identifier", "version", "digest", "media_type", "parent"),
    tables.containers.name: ("digest", "record_digest", "media_type", "size"),
    tables.captured_resources.name: ("digest", "address", "media_type", "status"),
}
"""The columns that say what a record is, beside its place."""


def _record_in(table: Table, row: Row[Any]) -> KeptRecord:
    if table is tables.origins:
        return record_of_origin(row)
    if table is tables.containers:
        return record_of_container(row)
    return record_of_capture(row)


def _place_of(record: KeptRecord) -> tuple[str, int]:
    return record.place
