"""The writer of the catalogue's rows: states with what waits, and a number for each change."""

from __future__ import annotations

from archive.catalogue_writer import ArticleState, CatalogueWriter
from archive.migrations import open_catalogue
from archive.records import Change, ChangeKind
from archive.store import Store
from tests.factories import article


def test_states_are_those_of_the_catalogue_and_of_what_waits(store: Store) -> None:
    kept = article("Một")
    added = store.add(b"1", kept)
    engine = open_catalogue(store.home, store.location)
    with engine.connect() as connection:
        writer = CatalogueWriter(lambda: connection)
        writer.look_up([kept.identifier, "unknown"])
        assert writer.state("unknown") is None
        state = writer.state(kept.identifier)
        assert state is not None
        assert (state.version, state.sequence, state.is_deleted) == (1, added.sequence, False)
        assert writer.next_sequence() == 2
        writer.add_tombstone(Change(2, kept.identifier, 1, ChangeKind.DELETED))
        assert writer.state(kept.identifier) == ArticleState(1, 2, "", is_deleted=True)
        assert writer.next_sequence() == 3
    engine.dispose()
    assert store.count_articles() == 1
