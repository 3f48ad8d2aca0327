"""Validators of pages: a date is never before the content it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from flask import Flask

from archive.store import Store
from tests.factories import ArchiveFactory, article, client_of
from web.http import validators
from web.http.originals_watch import OriginalsState, OriginalsWatch
from web.http.validators import Validators, _client_has, _round_up


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 999_999])
def test_a_date_of_http_is_never_before_its_moment(microsecond: int) -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, microsecond, tzinfo=UTC)
    rounded = _round_up(moment)
    assert rounded.microsecond == 0
    assert timedelta(0) < rounded - moment <= timedelta(seconds=1)


NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "modified", "expected"),
    [
        ({}, NOON, False),
        ({"If-Modified-Since": "Fri, 27 Nov 2026 12:00:00 GMT"}, NOON, True),
        ({"If-Modified-Since": "Fri, 27 Nov 2026 12:00:01 GMT"}, NOON, True),
        ({"If-Modified-Since": "Fri, 27 Nov 2026 11:59:59 GMT"}, NOON, False),
        # No time dates an answer of articles that are newer than the index.
        ({"If-Modified-Since": "Fri, 27 Nov 2099 12:00:00 GMT"}, None, False),
        ({"If-Modified-Since": "yesterday"}, NOON, False),
        ({"If-None-Match": 'W/"tag"'}, NOON, True),
        ({"If-None-Match": '"other", W/"tag"'}, None, True),
        # A tag decides before a date.
        (
            {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 27 Nov 2099 12:00:00 GMT"},
            NOON,
            False,
        ),
    ],
)
def test_a_client_has_an_answer_by_its_tag_or_its_date(
    headers: dict[str, str], modified: datetime | None, expected: bool
) -> None:
    with Flask(__name__).test_request_context("/", headers=headers):
        assert _client_has(Validators("tag", modified)) is expected


@pytest.mark.parametrize(("later", "is_dated"), [(0, True), (1, False), (-1, False)])
def test_an_index_dates_the_state_that_it_has_and_no_other(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch, later: int, is_dated: bool
) -> None:
    archive = archive_of(article("Một", "Tin."))
    sequence = archive.store.last_sequence()
    # A home that was brought back from a backup may be behind its index.
    monkeypatch.setattr(Store, "last_sequence", lambda _: sequence + later)
    answer = client_of(archive).get("/?q=tin")
    assert ("Last-Modified" in answer.headers) is is_dated


def test_a_page_is_another_while_originals_are_away_and_only_then(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(archive_of(article("Một", "Tin.")))
    tags = {}
    for state in OriginalsState:
        monkeypatch.setattr(OriginalsWatch, "state", lambda _, state=state: state)
        tags[state] = client.get("/?q=tin").headers["ETag"]
    # That originals were shipped changes nothing on a page.
    assert tags[OriginalsState.HOME] == tags[OriginalsState.OK] != tags[OriginalsState.AWAY]


def test_a_page_is_another_on_the_next_day(
    archive_of: ArchiveFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(archive_of(article("Một", "Tin.")))
    tags = []
    for moment in ("2026-11-27T00:00:00", "2026-11-27T23:59:59", "2026-11-28T00:00:00"):
        now = datetime.fromisoformat(f"{moment}+07:00")
        clock = Mock(wraps=datetime, now=lambda zone, now=now: now.astimezone(zone))
        monkeypatch.setattr(validators, "datetime", clock)
        # `hôm qua` is a search word.
        tags.append(client.get("/?q=tin").headers["ETag"])
    assert tags[0] == tags[1] != tags[2]
