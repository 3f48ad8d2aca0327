"""Audits of the index: damage is found."""

from __future__ import annotations

import pytest

from archive.store import Store
from indexer.generations.generations import Generations
from indexer.indexing.index_audit import verify_index
from indexer.indexing.index_builder import IndexBuilder


@pytest.fixture
def store(numbered_store: Store) -> Store:
    return numbered_store


def test_damage_to_an_index_is_found(store: Store) -> None:
    IndexBuilder(store).update()
    current = Generations(store.home / "index").current()
    victim = max(current.folder.iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    assert victim.name in [problem.subject for problem in verify_index(store).problems]
