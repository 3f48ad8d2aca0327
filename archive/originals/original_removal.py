"""The originals of what is removed: withheld from everybody, and destroyed where that is asked."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select, tuple_

from archive.catalogue import tables
from archive.catalogue.catalogue_rows import KeptRecord
from archive.catalogue.operations import find_withdrawal
from archive.errors import StoreError
from archive.originals.container_files import find_containers
from archive.originals.warc_tombstones import refuse_too_short


class OriginalRemoval:
    """The removal of originals within a batch.

    Args:
        connect: gives the connection of the batch.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._doomed: list[KeptRecord] = []

    def take_doomed(self) -> list[KeptRecord]:
        """Return the records that are to be destroyed, once, when the batch is durable."""
        doomed, self._doomed = self._doomed, []
        return doomed

    def withhold(self, records: list[KeptRecord], *, destroy: bool) -> None:
        """Withhold the digests of originals, and doom their records if they are to go."""
        connection, w = self._connect(), tables.withheld_originals
        for record in records:
            if destroy:
                self._refuse_shared(record, records)
                refuse_too_short(record)
            identifier, digest = record.identifier, record.digest
            same = (w.c.identifier == identifier) & (w.c.digest == digest)
            destroyed = bool(connection.execute(select(w.c.destroyed).where(same)).scalar())
            connection.execute(w.delete().where(same))
            connection.execute(
                w.insert().values(
                    identifier=identifier,
                    digest=digest,
                    withheld=True,
                    destroyed=destroy or destroyed,
                )
            )
            if destroy:
                self._doomed.append(record)

    def doom_containers(self, records: list[KeptRecord]) -> None:
        """Doom the files that originals were members of: the other members have their records.

        Raises:
            StoreError: an original is a part of another article's, which stays.
        """
        identifier = records[0].identifier
        o, w, connection = tables.origins, tables.withheld_originals, self._connect()
        going = {record.digest for record in records}
        parents = _parents_of(connection, going)
        for row in connection.execute(select(o).where(o.c.digest.in_(parents - going))):
            if not find_withdrawal(connection, row.identifier, row.version):
                raise StoreError(
                    f"{row.identifier} holds this original ({row.source}): remove it as well, "
                    "or keep the original"
                )
        for container in find_containers(connection, parents):
            self._doomed.append(container)
            own = (w.c.identifier == identifier) & (w.c.digest == container.digest)
            connection.execute(w.delete().where(own))
            values = {"withheld": False, "destroyed": True}
            connection.execute(
                w.insert().values(identifier=identifier, digest=container.digest, **values)
            )

    def _refuse_shared(self, record: KeptRecord, removed: list[KeptRecord]) -> None:
        """Refuse to destroy a record that something has which is not removed with it."""
        going = {each.subject for each in removed}
        for table in (tables.versions, tables.origins):
            place = (table.c.warc_file, table.c.warc_offset)
            query = select(table.c.identifier, table.c.version)
            for name in self._connect().execute(query.where(tuple_(*place) == record.place)):
                subject = f"{name.identifier} {name.version}"
                if subject in going or find_withdrawal(self._connect(), *name):
                    continue
                raise StoreError(
                    f"version {name.version} of {name.identifier} has the same original: "
                    "remove it as well, or keep the original"
                )


def _parents_of(connection: Connection, digests: set[str]) -> set[str]:
    """Return the digests of what originals are parts of, and of what that is a part of."""
    o, parents, new = tables.origins, set[str](), digests
    while new:
        query = select(o.c.parent).where(o.c.digest.in_(new), o.c.parent != "")
        new = set(connection.execute(query).scalars()) - parents - digests
        parents |= new
    return parents
