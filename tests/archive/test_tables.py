"""The tables of the catalogue: a newest state that fits no version or tombstone is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from archive.database import CATALOGUE_FILE
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
