"""The log of changes: of every article the newest change, and the whole history by pages."""

from __future__ import annotations

import pytest

from archive.catalogue import change_log
from archive.errors import NotFoundError
from archive.store import Store
from tests.factories import article, day, keep


@pytest.fixture
def changed(store: Store) -> list[str]:
    """Three articles in a store: the second changed, the third deleted."""
    first = article("Một", external_id="1", captured=day(2020, 1, 5))
    second = article("Hai", external_id="2", captured=day(2020, 2, 5))
    third = article("Ba", external_id="3", captured=day(2020, 2, 6))
    keep(store, first, second, third)
    keep(store, article("Hai lần hai", external_id="2", captured=day(2020, 3, 5)))
    store.delete(third.identifier)
    return [first.identifier, second.identifier, third.identifier]


def test_every_article_has_its_newest_change(store: Store, changed: list[str]) -> None:
    first, second, third = changed
    expected = {
        first: (1, 1, "added", False, "2020-01-05"),
        second: (4, 2, "changed", False, "2020-03-05"),
        third: (5, 1, "deleted", True, "2020-02-06"),
    }
    changes = store.newest_changes()
    assert [change.identifier for change in changes] == changed
    for change in (*changes, *(store.newest_change(identifier) for identifier in changed)):
        assert expected[change.identifier] == (
            change.sequence,
            change.version,
            change.kind,
            change.is_deleted,
            change.changed[:10],
        )
    assert [change.sequence for change in store.newest_changes(1, 1)] == [4]
    assert store.newest_changes(5) == []
    for days, sequences in {
        ("", "2020-01-05"): [1],
        ("2020-02-06", ""): [4, 5],
        ("2020-02-06", "2020-02-06"): [5],
        # A time may be written in another zone.
        ("2020-02-07", "2020-03-04"): [4, 5],
        ("2020-02-08", "2020-03-03"): [],
        ("0001-01-01", "9999-12-31"): [1, 4, 5],
    }.items():
        assert [change.sequence for change in store.newest_changes(days=days)] == sequences
    with pytest.raises(NotFoundError):
        store.newest_change("0" * 20)


def test_articles_are_counted_in_the_month_of_their_newest_version(
    store: Store, changed: list[str]
) -> None:
    first, second, _ = changed
    assert store.count_by_month() == {"2020-01": 1, "2020-03": 1}
    assert [name for name, _ in store.captured_in("2020-03", 0, 9)] == [second]
    assert store.captured_in("2020-02", 0, 9) == []
    assert [name for name, _ in store.captured_in("2020-01", 0, 1)] == [first]
    assert store.captured_in("2020-01", 1, 1) == []
    # A `%` in an address is no pattern.
    assert store.captured_in("2020%", 0, 9) == []


@pytest.mark.parametrize("page", [1, 2, 5, 1000])
def test_the_history_is_the_same_by_pages_of_any_size(
    store: Store, changed: list[str], page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "_PAGE", page)
    first, second, third = changed
    history = [
        (each.sequence, each.kind, each.identifier, each.version) for each in store.history()
    ]
    assert history == [
        (1, "added", first, 1),
        (2, "added", second, 1),
        (3, "added", third, 1),
        (4, "changed", second, 2),
        (5, "deleted", third, 0),
    ]
    of_one = [each.sequence for each in store.history(identifier=second)]
    assert of_one == [2, 4]
    assert [each.sequence for each in store.history(after=3)] == [4, 5]
    assert [each.source for each in store.history(identifier=third)] == ["tests", ""]


def test_records_of_an_article_come_newest_first(store: Store, changed: list[str]) -> None:
    assert [each.title for each in store.records_of(changed[1])] == ["Hai lần hai", "Hai"]
    assert list(store.records_of("0" * 20)) == []
