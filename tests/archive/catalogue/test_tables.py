"""The tables of the catalogue: a newest state that fits no version or tombstone is named."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from archive.catalogue import tables
from archive.catalogue.database import CATALOGUE_FILE
from archive.catalogue.migrations import SCHEMA_VERSION
from archive.catalogue.tables import has_account, pack_article, unpack_article
from archive.document_account import DocumentAccount
from archive.errors import DamagedError
from archive.records import sha256
from archive.store import Store
from tests.factories import article, keep


@pytest.mark.parametrize(
    ("change", "contradicted"),
    [
        ("UPDATE articles SET kind = kind", 0),
        ("UPDATE articles SET deleted = 1 WHERE kind = 'added'", 1),
        ("UPDATE articles SET deleted = 0 WHERE kind = 'deleted'", 1),
        ("UPDATE articles SET kind = 'deleted' WHERE NOT deleted", 1),
        ("UPDATE articles SET kind = 'added' WHERE deleted", 1),
        ("UPDATE articles SET sequence = sequence + 10 WHERE NOT deleted", 1),
        ("UPDATE articles SET sequence = sequence + 10 WHERE deleted", 1),
        ("UPDATE articles SET version = 2 WHERE NOT deleted", 1),
        ("DELETE FROM tombstones", 1),
        ("UPDATE tombstones SET version = 2", 1),
        ("UPDATE tombstones SET version = 0", 1),
    ],
)
def test_a_state_that_nothing_backs_is_a_contradiction(
    store: Store, change: str, contradicted: int
) -> None:
    first, _ = keep(store, article("Một"), article("Hai"))
    store.delete(first.identifier)
    with closing(sqlite3.connect(store.home / CATALOGUE_FILE)) as catalogue:
        catalogue.execute(change)
        catalogue.commit()
    reasons = [problem.reason for problem in store.verify().problems]
    assert len([reason for reason in reasons if "fits none of its versions" in reason]) == (
        contradicted
    )


def test_a_record_is_kept_whole_or_named_as_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = article("Một", "đoạn " * 500)
    content = pack_article(stored)
    assert unpack_article(content) == stored
    for damaged in (
        b"",
        b"x",
        content[:-5],
        content[1:],
        zlib.compress(b"[]"),
        zlib.compress(b"{"),
    ):
        with pytest.raises(DamagedError):
            unpack_article(damaged)
    size = len(zlib.decompress(content))
    monkeypatch.setattr(tables, "CONTENT_LIMIT", size)
    assert unpack_article(content) == stored
    monkeypatch.setattr(tables, "CONTENT_LIMIT", size - 1)
    with pytest.raises(DamagedError, match="cut or too large"):
        unpack_article(content)


def test_the_first_bytes_of_a_record_tell_whether_it_has_an_account() -> None:
    stored = article("Một", "đoạn")
    assert not has_account(pack_article(stored))
    assert has_account(pack_article(replace(stored, account=DocumentAccount(prose=5))))
    for damaged in (b"", b"x", zlib.compress(b"{"), zlib.compress(b'{"account":{')[:-7]):
        assert not has_account(damaged)


def test_the_tables_of_a_version_of_the_schema_never_change() -> None:
    """A change of them needs a version of its own, and a migration that brings old ones to it."""
    columns = [
        f"{column} {column.type.compile(dialect)} {column.nullable} {column.primary_key}"
        for table in tables.METADATA.sorted_tables
        for column in table.columns
        for dialect in (postgresql.dialect(), sqlite.dialect())
    ]
    indexes = [
        f"{index.name} {[column.name for column in index.columns]} {index.unique}"
        for table in tables.METADATA.sorted_tables
        for index in table.indexes
    ]
    digest = sha256("\n".join([*columns, *sorted(indexes)]).encode())
    assert (SCHEMA_VERSION, digest) == (
        10,
        "8802cac8a3b86b52240b5993a8512c9de66d419574b951d57dd95c29784d2f3f",
    )
