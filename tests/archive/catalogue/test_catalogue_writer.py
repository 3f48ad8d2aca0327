"""The writer of the catalogue's rows: states with what waits, and a number for each change."""

from __future__ import annotations

from dataclasses import replace

from archive.catalogue.catalogue_writer import ArticleState, CatalogueWriter, KnownPlace
from archive.catalogue.migrations import open_catalogue
from archive.records import Change, ChangeKind, sha256
from archive.store import Store
from archive.writing.prepared_article import OriginDescription, prepare
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


def test_one_name_is_looked_up_as_well_as_many(store: Store) -> None:
    kept = replace(article("Một", " ".join(f"chữ{number}" for number in range(60))), identifier="")
    prepared = prepare(b"1", kept, OriginDescription("place:a", "text/plain", "lxml 6.0"))
    with store.batch() as batch:
        batch.add_prepared([prepared])
    with store.engine.connect() as connection:
        writer = CatalogueWriter(lambda: connection)
        assert writer.place("place:a") == KnownPlace(prepared.identifier, prepared.digest)
        assert writer.place("") is None
        assert writer.article_of_words(prepared.words) == prepared.identifier
        (origin,) = writer.origins(prepared.digest)
        assert (origin.identifier, origin.version, origin.place) == (
            prepared.identifier,
            1,
            "place:a",
        )
        assert writer.origins("0" * 64) == []


def test_later_versions_carry_the_origins_of_one_article_along(store: Store) -> None:
    earlier_name, later_name = (store.add(text, article("Một")).identifier for text in (b"1", b"2"))
    carried_name = store.add(b"1", article("Hai", external_id="2")).identifier
    digest = sha256(b"1")
    with store.engine.connect() as connection:
        writer = CatalogueWriter(lambda: connection)
        assert {origin.identifier for origin in writer.origins(digest)} >= {
            earlier_name,
            carried_name,
        }
        writer.carry_origins(carried_name, 1, 2)
        versions = {(origin.identifier, origin.version) for origin in writer.origins(digest)}
        assert (carried_name, 2) in versions
        assert (carried_name, 1) not in versions
        assert {version for name, version in versions if name != carried_name} == {1}
    assert earlier_name == later_name


def test_an_origin_whose_text_is_back_takes_the_place_of_the_earlier_one(store: Store) -> None:
    old_text, new_text = article("Một", "a", external_id="1"), article("Một", "b", external_id="1")
    numbers = [
        store.add(original, read).version for original, read in ((b"1", old_text), (b"2", new_text))
    ]
    assert [*numbers, store.add(b"1", old_text).version] == [1, 2, 3]
    versions = [(origin.version, origin.digest) for origin in store.origins(old_text.identifier)]
    assert versions == [(2, sha256(b"2")), (3, sha256(b"1"))]


def test_a_reading_is_noted_at_its_record_and_articles_are_counted_once(store: Store) -> None:
    kept = [store.add(b"%d" % number, article(f"Bài {number}")) for number in range(2)]
    read = store.get(kept[1].identifier)
    (version,) = store.versions(kept[1].identifier)
    with store.batch() as batch:
        batch.note_reading(version, read, "lxml 7.0")
        batch.enrich_record(version, replace(read, category="Xã hội"))
        batch.add(b"3", article("Bài 3"))
        batch.note_reading(version, read, "lxml 8.0")
        batch.add(b"4", article("Bài 4"))
    libraries = [store.origins(change.identifier)[0].libraries for change in kept]
    assert libraries == ["", "lxml 8.0"]
    assert [store.get(change.identifier).category for change in kept] == ["", "Xã hội"]
    assert store.count_articles() == 4
    assert not store.recount()
