"""Originals read again share by share: all in time, damage found, nothing lost between runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.store import Store
from archive.upkeep.fixity_rounds import (
    STATE_FILE,
    ShareReport,
    check_share,
    read_position,
    save_position,
)
from tests.factories import article, keep
from web.cli.main import main

pytestmark = pytest.mark.usefixtures("both_catalogues")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    # Files of one record or two: the order goes over many of them.
    with Store(tmp_path / "home", file_limit=700) as opened:
        yield opened


def fill(store: Store, first: int, count: int) -> None:
    keep(store, *(article(f"Bài {number}", "Đoạn.") for number in range(first, first + count)))


def run(store: Store, within: int) -> ShareReport:
    position, remark = read_position(store)
    assert remark == ""
    report = check_share(store, position, within)
    save_position(store.home, report.position)
    return report


def flip(store: Store, number: int) -> str:
    """Turn a bit inside an original; the article it belongs to."""
    identifier, version = list(store.versions_by_location())[number]
    path = store.home / "originals" / version.location.file
    content = bytearray(path.read_bytes())
    content[version.location.offset + version.location.length // 2] ^= 4
    path.write_bytes(content)
    return identifier


def command(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "verify", "--since-last", *words])


@pytest.mark.parametrize(
    ("originals", "within", "shares"),
    [
        (10, 4, [3, 3, 2, 2]),
        (3, 30, [1, 1, 1]),
        (7, 1, [7]),
        (12, 12, [1] * 12),
        (0, 5, [0]),
    ],
)
def test_every_original_is_read_once_a_round(
    store: Store, originals: int, within: int, shares: list[int]
) -> None:
    fill(store, 0, originals)
    for _ in range(2):
        reports = [run(store, within) for _ in shares]
        assert [report.read for report in reports] == shares
        assert [report.runs for report in reports] == list(range(1, len(shares) + 1))
        assert (reports[-1].round_read, reports[-1].originals) == (originals, originals)
        assert reports[-1].position.last_full_round
        assert reports[-1].position.runs == 0


@pytest.mark.parametrize("done", [0, 2, 4])
def test_a_flipped_bit_is_found_once_within_the_runs_whenever_it_falls(
    store: Store, done: int
) -> None:
    fill(store, 0, 11)
    for _ in range(done):
        run(store, 5)
    for number in range(0, 11, 2):
        damaged = flip(store, number)
        problems = [report for _ in range(5) for report in run(store, 5).problems]
        assert [report.subject for report in problems] == [f"{damaged} 1"]
        flip(store, number)


def test_additions_are_read_in_the_round_and_do_not_lengthen_it(store: Store) -> None:
    fill(store, 0, 8)
    reports = []
    for number in range(4):
        fill(store, 100 * (number + 1), 3)
        reports.append(run(store, 4))
    assert reports[-1].position.last_full_round
    assert sum(report.read for report in reports) == reports[-1].originals == 20
    assert all(report.position.last_full_round is None for report in reports[:-1])


def test_versions_that_share_an_original_count_once(store: Store) -> None:
    fill(store, 0, 4)
    identifier, version = next(store.versions_by_location())
    with store.batch() as batch:
        batch.add_reparsed(version, replace(store.get(identifier), title="Tựa mới"))
    reports = [run(store, 4) for _ in range(4)]
    assert [report.read for report in reports] == [1, 1, 1, 1]
    assert reports[-1].originals == 4
    flip(store, 0)
    assert len(run(store, 4).problems) == 2


def test_a_run_killed_before_it_remembers_is_repeated(store: Store) -> None:
    fill(store, 0, 6)
    run(store, 3)
    flip(store, 2)
    killed = check_share(store, read_position(store)[0], 3)
    (store.home / f".{STATE_FILE}.new").write_text('{"runs": 2, "fi')
    again = run(store, 3)
    assert again == killed
    assert len(again.problems) == 1
    assert run(store, 3).round_read == 6


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\x00",
        b"[1]",
        b"null",
        b'{"runs": "1"}',
        b'{"runs": -1}',
        b'{"runs": true}',
        b'{"offset": 1e99}',
        b'{"offset": 9223372036854775808}',
        b'{"file": null}',
        b'{"file": "\\ud800"}',
        b'{"file": "x.warc.gz", "offset": 5}',
        b'{"last_full_round": 5}',
        b'{"unknown": 1}',
        b"[" * 60_000,
    ],
)
def test_a_state_that_cannot_be_used_starts_over_with_a_remark(store: Store, text: bytes) -> None:
    fill(store, 0, 4)
    run(store, 2)
    (store.home / STATE_FILE).write_bytes(text)
    result = command(store.home, "--within", "2", "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("remark: ")
    assert "from the start" in result.stderr
    record = json.loads(result.stdout)
    assert (record["read"], record["round_read"], record["runs"]) == (2, 2, 1)
    assert read_position(store)[1] == ""


def test_the_command_goes_on_where_it_was_and_names_what_is_damaged(store: Store) -> None:
    fill(store, 0, 4)
    damaged = flip(store, 3)
    first: dict[str, Any] = json.loads(command(store.home, "--within", "2", "--json").stdout)
    assert first == {
        "read": 2,
        "round_read": 2,
        "originals": 4,
        "runs": 1,
        "within": 2,
        "last_full_round": None,
        "problems": [],
    }
    second = command(store.home, "--within", "2")
    assert second.exit_code == 1
    assert f"problem: {damaged} 1: " in second.stderr
    assert "read 2 originals, 4 of 4 in this round (run 2 of at most 2)" in second.stdout
    assert "1 problem\n" in second.stdout
    assert command(store.home, "--within", "2").exit_code == 0


@pytest.mark.parametrize("words", [("--repair",), ("--within", "0"), ("--within", "x")])
def test_options_that_make_no_sense_are_refused(store: Store, words: tuple[str, ...]) -> None:
    assert command(store.home, *words).exit_code == 2
