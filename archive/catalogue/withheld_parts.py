"""The originals that hold another one which is withheld: no reader gets them either.

A message holds its attachments; whoever may not have an attachment may not have the message's
bytes, though the words of the message itself stay as they are.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select

from archive.catalogue import tables
from archive.catalogue.operations import OperationKind, find_withdrawal

_MOST_NAMES = 500
"""Names that one query asks for."""


def find_withheld_part(connection: Connection, identifier: str) -> str:
    """Return the article whose withheld original is a part of one of another article.

    Args:
        connection: to the catalogue.
        identifier: the article whose originals may hold it.

    Returns:
        The identifier of the part; empty where there is none.
    """
    o, w = tables.origins, tables.withheld_originals
    # A catalogue of schema 7 that is only read has none.
    if not all(inspect(connection).has_table(table.name) for table in (o, w)):
        return ""
    holders = _direct_holders(connection)
    if not holders:
        return ""
    level = holders
    while level:
        level = _holders_of(connection, level)
        level = {digest: part for digest, part in level.items() if digest not in holders}
        holders |= level
    digests = connection.execute(select(o.c.digest).where(o.c.identifier == identifier)).scalars()
    parts = (holders[digest] for digest in digests if digest in holders)
    return next((part for part in parts if part != identifier), "")


def _direct_holders(connection: Connection) -> dict[str, str]:
    """Return what withheld originals are parts of, each with the article of such a part."""
    o, w, p = tables.origins, tables.withheld_originals, tables.operations
    removed = (
        select(o.c.parent, w.c.identifier)
        .join(w, w.c.digest == o.c.digest)
        .where(w.c.withheld.is_(True), o.c.parent != "")
    )
    holders = {row.parent: row.identifier for row in connection.execute(removed)}
    hidden = (
        select(o.c.parent, o.c.identifier)
        .join(p, p.c.identifier == o.c.identifier)
        .where(p.c.kind == OperationKind.HIDDEN.value, o.c.parent != "")
    )
    for row in connection.execute(hidden.distinct()).all():
        if find_withdrawal(connection, row.identifier):
            holders.setdefault(row.parent, row.identifier)
    return holders


def _holders_of(connection: Connection, parts: dict[str, str]) -> dict[str, str]:
    """Return what some originals are parts of, each with the article that it is named for."""
    o, names, holders = tables.origins, sorted(parts), dict[str, str]()
    for start in range(0, len(names), _MOST_NAMES):
        some = o.c.digest.in_(names[start : start + _MOST_NAMES])
        query = select(o.c.digest, o.c.parent).where(some, o.c.parent != "")
        holders.update((row.parent, parts[row.digest]) for row in connection.execute(query))
    return holders
