"""Drawn pictures of what another host withheld are deleted by whichever request comes later."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from archive.catalogue.operations import OperatorNote
from archive.errors import StoreError
from archive.store import Store
from tests.factories import article, keep
from web.http import withheld_pictures
from web.http.withheld_pictures import WithheldPictures

NOTE = OperatorNote("nhầm người", "thủ thư")


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the clock, as the only one of a list."""
    times = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: times[0])
    monkeypatch.setattr(withheld_pictures, "time", clock)
    return times


@pytest.fixture
def discarded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles whose pictures were deleted."""
    names: list[str] = []
    monkeypatch.setattr(
        withheld_pictures.PictureCache, "discard", lambda cache, name: names.append(name)
    )
    return names


def hide(store: Store, identifier: str, discarded: list[str]) -> None:
    """Hide an article as another host does, which deletes its own pictures at once."""
    with store.operator_batch() as batch:
        batch.hide(identifier, NOTE)
    discarded.remove(identifier)


def test_they_are_looked_for_now_and_then_if_something_changed(
    store: Store, now: list[float], discarded: list[str]
) -> None:
    first, second = (change.identifier for change in keep(store, article("Một"), article("Hai")))
    pictures = WithheldPictures(store, 60.0)
    hide(store, first, discarded)
    for moment, expected in ((1059.9, []), (1060.0, [first]), (1061.0, [first]), (1120.0, [first])):
        now[0] = moment
        pictures.discard_if_due()
        assert discarded == expected, moment
    hide(store, second, discarded)
    now[0] = 1179.9
    pictures.discard_if_due()
    assert discarded == [first]
    now[0] = 1180.0
    pictures.discard_if_due()
    assert sorted(discarded) == sorted([first, first, second])


def test_what_cannot_be_looked_for_now_is_looked_for_later(
    store: Store,
    now: list[float],
    discarded: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (change,) = keep(store, article("Một"))
    pictures = WithheldPictures(store, 60.0)
    hide(store, change.identifier, discarded)

    def fail(store: Store) -> Any:
        raise StoreError("the catalogue is away")

    with monkeypatch.context() as context, caplog.at_level(logging.WARNING):
        context.setattr(Store, "operator_state", fail)
        now[0] = 1060.0
        pictures.discard_if_due()
    assert "the catalogue is away" in caplog.text
    assert discarded == []
    now[0] = 1120.0
    pictures.discard_if_due()
    assert discarded == [change.identifier]
