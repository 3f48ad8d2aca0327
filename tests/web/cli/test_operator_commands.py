"""A removal walked from the command to page, index, completions, feed, export and backup."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from archive.catalogue.operations import OperatorNote
from archive.store import Store
from indexer.open_archive import open_archive
from tests.factories import client_of
from web.app import create_app
from web.cli.main import main

RECORDS = [
    {
        "id": f"a{number}",
        "url": f"https://bao.vn/{number}",
        "title": f"Lễ hội đua thuyền {place}",
        "body": f"Lễ hội đua thuyền ở {place} đông vui. {extra} " * 3,
        "date": f"2023-0{number}-05",
        "category": category,
    }
    for number, place, extra, category in (
        (1, "Quảng Bình", "Dân làng hò reo.", "Văn hóa"),
        (2, "Lệ Thủy", "Thuyền trưởng Khuất Duy Mịch kể chuyện.", "Thể thao"),
        (3, "Kiến Giang", "Dân làng hò reo.", "Văn hóa"),
    )
]


def run(home: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lines = tmp_path / "records.jsonl"
    records = (json.dumps(record, ensure_ascii=False) for record in RECORDS)
    lines.write_text("\n".join(records), encoding="utf-8")
    home = tmp_path / "home"
    assert run(home, "add", str(lines)).exit_code == 0
    return home


def identifier_of(home: Path, name: str) -> str:
    return str(json.loads(run(home, "show", "--json", name).stdout)["identifier"])


def places(client: FlaskClient, identifier: str) -> dict[str, str]:
    """Return the addresses where an archive may show something of the second article."""
    harvest, name = "/oai?metadataPrefix=oai_dc&verb=", f"oai:localhost:{identifier}"
    others = client.get("/api/v1/search?q=title:quang+binh").get_json()["hits"]
    (sitemap,) = re.findall("<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
    return {
        "search": "/api/v1/search?q=khuat+duy+mich",
        "browse": "/?year=2023",
        "front page": "/",
        "feed": "/feed.atom?q=dua+thuyen",
        "csv": "/export.csv?q=dua+thuyen",
        "jsonl": "/export.jsonl?q=dua+thuyen",
        "facets": "/api/v1/facets?q=dua+thuyen&column=category",
        "filters": "/values/category",
        "trends": "/trends.csv?q=khuat+duy+mich&by=month",
        "similar": f"/article/{others[0]['id']}",
        "calendar": "/calendar/2023-02-05",
        "sitemap": sitemap.removeprefix("http://localhost"),
        "harvest": f"{harvest}ListRecords",
        "record": f"{harvest}GetRecord&identifier={name}",
        "list": f"/list?id={identifier}",
        "article": f"/article/{identifier}",
        "version": f"/article/{identifier}?version=1",
        "original": f"/article/{identifier}/original",
        "original version": f"/article/{identifier}/original?version=1",
        "cite": f"/article/{identifier}/cite.bib",
        "api": f"/api/v1/articles/{identifier}",
        "versions": f"/api/v1/articles/{identifier}/versions",
    }


NAMED_BY_NUMBER = ("harvest", "record", "list")
"""Places that may say by its number that there was such an article."""


def shown_parts(client: FlaskClient, addresses: dict[str, str], identifier: str) -> list[str]:
    """Name the places where an archive still shows something of the second article."""
    shown = []
    for name, path in addresses.items():
        answer = client.get(path)
        words = any(word in answer.text for word in ("Lệ Thủy", "Mịch", "Thể thao", "mich,1,"))
        is_named = name not in NAMED_BY_NUMBER and identifier in answer.text
        if answer.status_code == 200 and (words or is_named):
            shown.append(name)
    return shown


def walk_withdrawal(home: Path, command: str, *options: str) -> None:
    """Withdraw the second article by a command; it is nowhere any more, and comes not back."""
    identifier = identifier_of(home, "a2")
    with open_archive(home) as archive:
        client = create_app(archive).test_client()
        addresses = places(client, identifier)
        assert shown_parts(client, addresses, identifier) == list(addresses)
        tags = {path: client.get(path).headers.get("ETag", "") for path in addresses.values()}
        before = archive.store.last_sequence()
        words = ("https://bao.vn/2", "--reason", "theo yêu cầu", "--by", "Lan", *options)
        done = run(home, command, *words)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        assert shown_parts(client, addresses, identifier) == []
        # Nobody is told that what a browser or a proxy kept is still right.
        for path, tag in tags.items():
            assert client.get(path, headers={"If-None-Match": tag}).status_code != 304, path
        for path in ("", "?version=1", "/original", "/changes", "/cite.bib"):
            assert client.get(f"/article/{identifier}{path}").status_code == 410
        assert client.get("/url/https://bao.vn/2").status_code == 410
        assert client.get("/id/a2").status_code == 410
        page = client.get(f"/article/{identifier}").text
        assert ("theo yêu cầu" in page) == (command == "remove")
        problem = client.get(f"/api/v1/articles/{identifier}")
        assert (problem.status_code, problem.mimetype) == (410, "application/problem+json")
        (change,) = client.get(f"/api/v1/changes?since={before}").get_json()["changes"]
        assert (change["id"], change["kind"]) == (identifier, "deleted")
        assert 'status="deleted"' in client.get(addresses["record"]).text
    for words in (("export", "jsonl"), ("export", "bib"), ("list",)):
        assert identifier not in run(home, *words).stdout
    assert run(home, "search", "khuat duy mich", "--match", "full").exit_code == 1


@pytest.mark.parametrize("command", ["remove", "hide"])
def test_what_is_withdrawn_is_gone_everywhere_at_once(home: Path, command: str) -> None:
    walk_withdrawal(home, command)
    assert run(home, "verify").exit_code == 0
    again = run(home, "add", str(home.parent / "records.jsonl"))
    assert (again.exit_code, "skipped 1" in again.stdout) == (0, True), again.output
    assert "theo yêu cầu" in again.stderr
    assert run(home, "rebuild", "--reparse").exit_code == 0
    assert json.loads(run(home, "status", "--json").stdout)["indexed"] == 2
    assert " by Lan: theo yêu cầu" in run(home, "log", "--operations").stdout


def test_an_older_backup_brings_nothing_back_unasked(home: Path, tmp_path: Path) -> None:
    identifier = identifier_of(home, "a2")
    copy = tmp_path / "copies" / "copy.zip"
    copy.parent.mkdir()
    assert run(home, "backup", str(copy)).exit_code == 0
    assert run(home, "remove", identifier, "--reason", "x", "--destroy").exit_code == 0
    restored = run(tmp_path / "other", "restore", str(copy))
    assert restored.exit_code == 0, restored.output
    assert "withheld again, as since the backup: 1" in restored.stderr
    assert run(tmp_path / "other", "show", identifier).exit_code == 1
    assert run(tmp_path / "other", "search", "khuat duy mich", "--match", "full").exit_code == 1
    assert run(tmp_path / "other", "verify").exit_code == 0
    assert run(tmp_path / "asked", "restore", "--with-removed", str(copy)).exit_code == 0
    assert run(tmp_path / "asked", "show", identifier).exit_code == 0


def test_a_hidden_article_comes_back_when_its_date_has_come(home: Path) -> None:
    identifier = identifier_of(home, "a2")
    later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"
    run(home, "hide", identifier, "--reason", "chờ", "--until", later)
    assert run(home, "update").exit_code == 0
    assert run(home, "show", identifier).exit_code == 1
    assert run(home, "show-again", identifier, "--reason", "xong").exit_code == 0
    assert run(home, "show", identifier).exit_code == 0
    with Store(home) as store, store.operator_batch() as batch:
        batch.hide(identifier, OperatorNote("chờ", "Lan", due="2020-01-01T00:00:00+00:00"))
    assert run(home, "show", identifier).exit_code == 1
    assert "hidden articles whose date has come: 1" in run(home, "update").stderr
    assert run(home, "show", identifier).exit_code == 0
    assert run(home, "search", "khuat duy mich", "--match", "full").exit_code == 0


def test_an_embargo_ends_by_the_clock_of_the_archive(home: Path) -> None:
    (home / "settings.toml").write_text('[site]\nzone = "America/New_York"\n')
    run(home, "hide", "a2", "--reason", "chờ", "--until", "2999-01-01")
    with Store(home) as store:
        (hidden,) = store.operator_state().articles.values()
    assert hidden.note.due == "2999-01-01T05:00:00+00:00"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_days_are_vietnams_wherever_the_machine_is(
    home: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        run(home, "hide", "a2", "--reason", "chờ", "--until", "2999-01-01")
        with Store(home) as store:
            (hidden,) = store.operator_state().articles.values()
        assert hidden.note.due == "2998-12-31T17:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_corrections_are_searched_and_outlive_reading_again(home: Path) -> None:
    identifier = identifier_of(home, "a2")
    words = ["--set", "authors=Đinh Thị Sen; Lò Văn Pá", "--set", "category=Lễ hội"]
    done = run(home, "edit", "a2", *words, "--reason", "sai tên")
    assert done.exit_code == 0, done.output
    assert run(home, "search", 'tác giả:"Đinh Thị Sen"').exit_code == 0
    for _ in range(2):
        assert run(home, "rebuild", "--reparse").exit_code == 0
        article = json.loads(run(home, "show", "--json", identifier).stdout)
        assert article["authors"] == ["Đinh Thị Sen", "Lò Văn Pá"]
        assert article["category"] == "Lễ hội"
    assert run(home, "verify").exit_code == 0


REFUSED = [
    (["remove", "a2"], 2, "--reason"),
    (["remove", "a2", "--reason", " "], 2, "--reason"),
    (["remove", "nothing", "--reason", "x"], 1, "nothing"),
    (["remove", "a2", "--version", "9", "--reason", "x"], 1, "no version 9"),
    (["show-again", "e" * 20, "--reason", "x"], 1, "e" * 20),
    (["edit", "a2", "--reason", "x"], 2, "--set"),
    (["edit", "a2", "--set", "digest=x", "--reason", "x"], 2, "title"),
    (["edit", "a2", "--set", "published=mai", "--reason", "x"], 1, "published: mai"),
    (["edit", "a2", "--set", "published=20230205", "--reason", "x"], 1, "published: 20230205"),
    (["edit", "a2", "--set", "published=2023-W05", "--reason", "x"], 1, "published: 2023-W05"),
    (["edit", "a2", "--set", "published=2023-02-30", "--reason", "x"], 1, "published: 2023-02-30"),
    (["edit", "a2", "--set", "published=2023-02-05T25:00", "--reason", "x"], 1, "published:"),
    (["edit", "a2", "--set", "category=Thể thao", "--reason", "x"], 1, "nothing would change"),
    (["edit", "a2", "--set", "published=2023-02-05", "--reason", "x"], 1, "nothing would change"),
    (["edit", "a2", "--lift", "title", "--reason", "x"], 1, "title"),
    (["edit", "a2", "--set", "title=A", "--lift", "lead", "--reason", "x"], 1, "lead"),
    (["edit", "a2", "--set", "title=A", "--reason", "x", "--by", " "], 2, "--by"),
    (["remove", "a2", "--reason", "x", "--by", "x" * 201], 2, "--by"),
    (["show-again", "a2", "--reason", "x"], 1, "neither hidden nor removed"),
    (["log", "nothing"], 1, "nothing"),
    (["show", "a2", "--version", "9"], 1, "no version 9"),
    (["edit", "a2", "--set", "url=bao.vn/bai-2", "--reason", "x"], 1, "bao.vn/bai-2"),
    (["edit", "a2", "--set", "url=javascript:alert(1)", "--reason", "x"], 1, "javascript"),
    (["edit", "a2", "--set", "language=tiếng Việt", "--reason", "x"], 1, "tiếng Việt"),
    (["edit", "a2", "--set", "language=vi_VN", "--reason", "x"], 1, "vi_VN"),
    (["edit", "a2", "--set", "title=A", "--set", "title=B", "--reason", "x"], 2, "title"),
    (["edit", "a2", "--set", "title=A", "--lift", "title", "--reason", "x"], 2, "title"),
    (["hide", "a2", "--until", "mai", "--reason", "x"], 2, "mai"),
    (["hide", "a2", "--until", "2020-01-01", "--reason", "x"], 2, "--until"),
    (["hide", "a2", "--until", "0001-01-01", "--reason", "x"], 2, "--until"),
]


@pytest.mark.parametrize(("words", "status", "part"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_done_is_said_and_changes_nothing(
    home: Path, words: list[str], status: int, part: str
) -> None:
    before = run(home, "log").stdout
    result = run(home, *words)
    assert (result.exit_code, part in result.stderr) == (status, True), result.output
    assert run(home, "log").stdout == before


WITHDRAWALS = [
    ["remove", "a2", "--reason", "x"],
    ["remove", "a2", "--reason", "x", "--destroy"],
    ["hide", "a2", "--reason", "x"],
    ["hide", "https://bao.vn/2", "--reason", "x", "--until", "2999-01-01"],
]


@pytest.mark.parametrize("words", WITHDRAWALS, ids=" ".join)
def test_what_is_done_is_not_done_again_and_its_names_are_known(
    home: Path, words: list[str]
) -> None:
    assert run(home, *words).exit_code == 0
    history = run(home, "log").stdout
    repeated = run(home, *words)
    assert (repeated.exit_code, "since" in repeated.stderr) == (1, True), repeated.output
    assert run(home, "log").stdout == history
    assert len(run(home, "log", "a2").stdout.splitlines()) == 2
    assert "since" in run(home, "show", "https://bao.vn/2").stderr
    result = run(home, "show-again", "a2", "--reason", "y")
    assert result.exit_code == 0, result.output


def test_what_is_withdrawn_can_be_withdrawn_further(home: Path) -> None:
    for words in (
        ["hide", "a2", "--reason", "x"],
        ["hide", "a2", "--reason", "x", "--until", "2999-01-01"],
        ["hide", "a2", "--reason", "y", "--until", "2999-01-01"],
        ["remove", "a2", "--reason", "y"],
        ["remove", "a2", "--reason", "y", "--destroy"],
    ):
        result = run(home, *words)
        assert result.exit_code == 0, result.output
    assert run(home, "verify").exit_code == 0


def test_a_removal_that_was_interrupted_is_finished_when_it_is_asked_for_again(home: Path) -> None:
    identifier = identifier_of(home, "a2")
    with Store(home) as store, store.operator_batch() as batch:
        batch.remove(identifier, OperatorNote("x", "Lan"))
    assert json.loads(run(home, "status", "--json").stdout)["indexed"] == 3
    assert run(home, "remove", "a2", "--reason", "x").exit_code == 1
    assert json.loads(run(home, "status", "--json").stdout)["indexed"] == 2
    assert run(home, "verify").exit_code == 0


def test_a_correction_that_is_lifted_comes_back_as_the_remark_says(home: Path) -> None:
    assert run(home, "edit", "a2", "--set", "title=Khác", "--reason", "x").exit_code == 0
    lifted = run(home, "edit", "a2", "--lift", "title", "--reason", "y")
    (command,) = re.findall("`tangthu ([^`]+)`", lifted.stderr)
    assert run(home, *command.split()).exit_code == 0
    title = json.loads(run(home, "show", "--json", "a2").stdout)["title"]
    assert title == "Lễ hội đua thuyền Lệ Thủy"
    assert run(home, "edit", "a2", "--lift", "title", "--reason", "y").exit_code == 1


def test_a_removed_passage_comes_back_when_that_is_asked_for(home: Path, tmp_path: Path) -> None:
    identifier, records = identifier_of(home, "a2"), str(tmp_path / "records.jsonl")
    reason = ["--reason", "nhầm"]
    assert run(home, "remove", identifier, "--passage", "s1.1", *reason).exit_code == 0
    refused = run(home, "add", records)
    assert f"version 1 of {identifier} was removed on " in refused.stderr
    assert "nhầm; `tangthu show-again` lets its text be added again" in refused.stderr
    lifted = run(home, "show-again", identifier, *reason)
    assert lifted.stdout.startswith(f"what was removed of {identifier} may come back")
    (command,) = re.findall("`tangthu (rebuild [^`]+)`", lifted.stderr)
    assert "Khuất Duy Mịch" not in run(home, "show", identifier).stdout
    assert run(home, *command.split()).exit_code == 0
    assert "Khuất Duy Mịch" in run(home, "show", identifier).stdout
    assert run(home, "verify").exit_code == 0
    assert run(home, "show-again", identifier, *reason).exit_code == 1
    with open_archive(home) as archive:
        client = client_of(archive)
        assert client.get(f"/article/{identifier}/original").status_code == 200
        page = client.get(f"/article/{identifier}?version=1&lang=en")
        assert (page.status_code, "Version 1 was removed" in page.text) == (410, True)
        assert client.get("/api/v1/search?q=khuat+duy+mich").get_json()["total"] == 1


def test_a_removed_version_comes_back_when_that_is_asked_for(home: Path, tmp_path: Path) -> None:
    identifier, first = identifier_of(home, "a2"), tmp_path / "records.jsonl"
    second = tmp_path / "second.jsonl"
    second.write_text(json.dumps(RECORDS[1] | {"body": "Lễ hội đã tan. " * 9}), encoding="utf-8")
    assert run(home, "add", str(second)).exit_code == 0
    reason = ["--reason", "nhầm"]
    assert run(home, "remove", identifier, "--version", "1", *reason).exit_code == 0
    assert "was removed on" in run(home, "add", str(first)).stderr
    backup = tmp_path / "after.zip"
    assert run(home, "backup", str(backup)).exit_code == 0
    assert run(home, "show-again", identifier, *reason).exit_code == 0
    assert "changed 1" in run(home, "add", str(first)).stdout
    assert "Khuất Duy Mịch" in run(home, "show", identifier).stdout
    assert run(home, "verify").exit_code == 0
    restored = tmp_path / "restored"
    assert run(restored, "restore", str(backup)).exit_code == 0
    assert "changed 1" in run(restored, "add", str(first)).stdout
