"""Validators of pages: a date is never before the content it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from flask import Flask

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.open_archive import open_archive
from indexer.vietnamese.dates import VIETNAM
from tests.factories import ArchiveFactory, article, client_of, keep
from web.http import validators
from web.http.originals_watch import OriginalsState, OriginalsWatch
from web.http.validators import AnsweredTags, Validators, _client_has, _round_up


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


def test_so_many_of_the_newest_tags_are_remembered() -> None:
    tags = AnsweredTags(2)
    assert not tags.has("a")
    tags.add("a")
    tags.add("b")
    # What is answered once more is new again.
    tags.add("a")
    tags.add("c")
    assert [tags.has(tag) for tag in "abc"] == [True, False, True]


@pytest.mark.parametrize(
    ("path", "method", "has_tag"),
    [
        ("/?q=tin", "GET", True),
        ("/?q=tin", "HEAD", True),
        ("/calendar", "GET", True),
        ("/trends?q=tin", "GET", True),
        ("/export.csv?q=tin", "GET", True),
        ("/feed.atom?q=tin", "GET", True),
        ("/opensearch.xml", "GET", True),
        ("/api/v1/facets?q=tin", "GET", True),
        ("/healthz", "GET", False),
        ("/metrics", "GET", False),
        ("/article/none", "GET", False),
    ],
)
def test_what_depends_on_the_archive_alone_has_a_tag(
    archive_of: ArchiveFactory, path: str, method: str, has_tag: bool
) -> None:
    client = client_of(archive_of(article("Một", "Tin.")))
    with client.open(path, method=method) as answer:
        tag = answer.headers.get("ETag")
        assert bool(tag) is has_tag
    if tag:
        assert tag.startswith('W/"')
        assert len(tag) == 36
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Last-Modified" in answer.headers
        with client.open(path, method=method, headers={"If-None-Match": tag}) as again:
            assert again.status_code == 304


def test_without_an_index_articles_have_a_tag_and_no_date(
    tmp_path: Path,
) -> None:
    kept = article("Một", "Tin.")
    with open_archive(tmp_path) as archive:
        client, path = client_of(archive), f"/article/{kept.identifier}"
        keep(archive.store, kept)
        answers = [client.get(path)]
        keep(archive.store, article("Hai", "Tin."))
        answers.append(client.get(path))
    assert all("Last-Modified" not in answer.headers for answer in answers)
    assert len({answer.headers["ETag"] for answer in answers}) == 2


@pytest.mark.parametrize(("program", "midnight", "switched"), [(3, 1, 2), (1, 3, 2), (1, 2, 3)])
def test_a_page_is_as_new_as_the_newest_of_what_it_depends_on(
    archive_of: ArchiveFactory,
    monkeypatch: pytest.MonkeyPatch,
    program: int,
    midnight: int,
    switched: int,
) -> None:
    client = client_of(archive_of(article("Một", "Tin.")))
    days = {
        number: datetime(2031, 5, number, tzinfo=VIETNAM)
        for number in (program, midnight, switched)
    }
    now = days[midnight] + timedelta(hours=7, minutes=8, seconds=9)
    clock = Mock(wraps=datetime, now=lambda zone: now.astimezone(zone))
    monkeypatch.setattr(validators, "datetime", clock)
    monkeypatch.setattr(LiveIndex, "switched_at", lambda _: days[switched])
    with client.application.test_request_context("/?q=tin"):
        installed = validators.InstalledProgram("x", days[program])
        modified = validators._validators(installed).modified
    # The times of files have parts of a second, those of HTTP have none.
    assert modified == days[3] + timedelta(seconds=switched == 3)
