"""Dates of WARC records are UTC wherever the machine is; older ones are corrected beside."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from archive.backups.backup import backup, restore
from archive.originals.warc_dates import CORRECTIONS_FILE, find_date_difference, warc_date
from archive.store import Store
from archive.upkeep.fixity_rounds import check_share, read_position
from archive.writing import prepared_article
from tests.factories import article
from web.cli.main import main

pytestmark = pytest.mark.usefixtures("both_catalogues")

CAPTURED = datetime(2026, 11, 26, 0, 8, 52, tzinfo=UTC)
HANOI = timezone(timedelta(hours=7))


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Asia/Kathmandu"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def old(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store whose two articles an older program added in Vietnam."""

    def in_local_time(captured: datetime) -> str:
        return captured.astimezone(HANOI).strftime("%Y-%m-%dT%H:%M:%SZ")

    with monkeypatch.context() as patch:
        patch.setattr(prepared_article, "warc_date", in_local_time)
        store.add(b"1", article("Một", captured=CAPTURED))
        store.add(b"2", article("Hai", captured=CAPTURED))
    store.add(b"3", article("Ba", captured=CAPTURED))
    return store


def dates(home: Path) -> list[str]:
    """The dates that another program reads."""
    (path,) = (home / "originals").glob("tangthu-*.warc.gz")
    with path.open("rb") as file:
        records = list(ArchiveIterator(file))
    return [
        record.rec_headers.get_header("WARC-Date")
        for record in records
        if record.rec_type == "resource"
    ]


@pytest.mark.usefixtures("_zone")
def test_dates_are_utc_wherever_the_machine_is(store: Store) -> None:
    store.add(b"1", article("Một", captured=CAPTURED))
    store.add(b"2", article("Hai", captured=CAPTURED.astimezone(HANOI)))
    assert dates(store.home) == ["2026-11-26T00:08:52Z"] * 2
    assert store.verify().problems == ()


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (datetime(2026, 1, 1, 1, tzinfo=HANOI), "2025-12-31T18:00:00Z"),
        (datetime(1, 1, 1, 1, tzinfo=HANOI), "0001-01-01T01:00:00Z"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=7))), "9999-12-31T23:00:00Z"),
    ],
)
def test_a_date_is_utc_to_the_second(captured: datetime, expected: str) -> None:
    assert warc_date(captured) == expected


def test_dates_in_local_time_are_named_and_corrected(old: Store) -> None:
    problems = old.verify().problems
    assert len(problems) == 2
    assert "verify --repair" in problems[0].reason
    content = old.originals.files()[0].read_bytes()
    assert old.correct_dates() == 2
    assert old.originals.files()[0].read_bytes() == content
    assert old.verify().problems == ()
    assert old.correct_dates() == 0
    # A second correction keeps the first.
    (old.originals.folder / CORRECTIONS_FILE).rename(old.home / "aside")
    assert old.correct_dates() == 2


def test_a_share_of_the_originals_knows_the_corrections_too(old: Store) -> None:
    position, _ = read_position(old)
    assert len(check_share(old, position, 1).problems) == 2
    old.correct_dates()
    assert check_share(old, position, 1).problems == ()


def test_corrections_are_metadata_that_others_read(old: Store) -> None:
    old.correct_dates()
    with (old.originals.folder / CORRECTIONS_FILE).open("rb") as file:
        records = [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(file)
        ]
    assert [kind for kind, _ in records] == ["warcinfo", "metadata"]
    lines = records[1][1].splitlines()
    assert len(lines) == 2
    assert b'"written":"2026-11-26T07:08:52Z","corrected":"2026-11-26T00:08:52Z"' in lines[0]


@pytest.mark.parametrize("corrected_before", [True, False])
def test_backups_of_such_archives_come_back_corrected(
    old: Store, tmp_path: Path, corrected_before: bool
) -> None:
    if corrected_before:
        old.correct_dates()
    backup(old, tmp_path / "bag")
    restore(tmp_path / "bag", tmp_path / "back")
    with Store(tmp_path / "back") as back:
        assert back.verify().problems == ()


@pytest.mark.parametrize(
    "date", ["", "x", "2026-11-26T00:00:00Z", "2026-11-26", "2020-01-01T00:08:52Z"]
)
def test_a_date_that_no_zone_explains_is_not_corrected(
    store: Store, monkeypatch: pytest.MonkeyPatch, date: str
) -> None:
    monkeypatch.setattr(prepared_article, "warc_date", lambda _: date)
    store.add(b"1", article("Một", captured=CAPTURED))
    assert store.correct_dates() == 0
    (problem,) = store.verify().problems
    assert "2026-11-26T00:08:52Z" in problem.reason


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"\x1f\x8b" + bytes(20)])
def test_damaged_corrections_correct_nothing(old: Store, content: bytes) -> None:
    (old.originals.folder / CORRECTIONS_FILE).write_bytes(content)
    assert len(old.verify().problems) == 2
    assert old.correct_dates() == 2
    assert old.verify().problems == ()


def test_verify_repairs_them(old: Store) -> None:
    home = str(old.home)
    runner = CliRunner()
    assert runner.invoke(main, ["--home", home, "update"]).exit_code == 0
    assert runner.invoke(main, ["--home", home, "verify"]).exit_code == 1
    repaired = runner.invoke(main, ["--home", home, "verify", "--repair"])
    assert repaired.exit_code == 0, repaired.output
    assert "2 dates of originals are corrected" in repaired.stderr
    assert runner.invoke(main, ["--home", home, "verify"]).exit_code == 0


def test_corrections_are_no_file_of_originals(old: Store) -> None:
    old.correct_dates()
    shutil.copy(old.originals.folder / CORRECTIONS_FILE, old.originals.folder / "z.warc.gz")
    old.add(b"4", article("Bốn"))
    assert len(old.originals.files()) == 1
    assert old.verify().records == 4


@pytest.mark.parametrize("hours", [-5, 0, 7])
def test_a_date_may_be_too_early_or_too_late(store: Store, hours: int) -> None:
    store.add(b"1", article("Một", captured=CAPTURED))
    (record,) = store.records_by_location()
    moment = datetime.fromisoformat(record.captured) + timedelta(hours=hours)
    difference = find_date_difference(record, warc_date(moment))
    assert (difference is None) == (hours == 0)
    if difference:
        assert difference.correction.corrected == warc_date(datetime.fromisoformat(record.captured))
