"""The main job from end to end: the first article goes in, and every door finds it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.open_archive import open_archive
from tests.factories import client_of
from tests.paths import ROOT
from web.cli.main import main

SAMPLE = ROOT / "archive" / "sample" / "first-article.txt"

FINDING = [
    "cong an nhan dan",
    "Công an nhân dân",
    unicodedata.normalize("NFD", "Công an nhân dân"),
    "dien bien ma tuy",
    "hoa binh",
    "dam bao",
    '"Hội nghị Công an toàn quốc lần thứ 78"',
    "sy quan",
    "sĩ quan",
    "=hòa",
    'người:"Ngô Thanh Bình" ma túy',
    "coong an nhaan daan",
    "1.088",
    "16.67",
    "an ninh mang va phong chong toi pham",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    run = CliRunner().invoke(main, ["--home", str(home), "add", str(SAMPLE)])
    assert run.exit_code == 0, run.output
    assert "added 1, changed 0, unchanged 0, skipped 0, failed 0" in run.output
    return home


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[FlaskClient]:
    with open_archive(home) as archive:
        yield client_of(archive)


def shown(home: Path, *command: str, status: int = 0) -> str:
    run = CliRunner().invoke(main, ["--home", str(home), *command])
    assert run.exit_code == status, run.output
    return run.stdout


@pytest.mark.parametrize("query", FINDING)
def test_every_door_finds_it(home: Path, client: FlaskClient, query: str) -> None:
    printed = json.loads(shown(home, "search", "--json", query))
    answered = client.get("/api/v1/search", query_string={"q": query}).get_json()
    for page in (printed, answered):
        assert page["total"] == 1
        assert page["hits"][0]["title"].startswith("Nêu cao trách nhiệm")
    assert printed["hits"] == answered["hits"]
    form = client.get("/", query_string={"q": query})
    assert form.status_code == 200
    assert f"/article/{printed['hits'][0]['id']}" in form.text
    assert "<mark>" in form.text


def test_a_word_that_is_not_there_finds_nothing_and_says_so(
    home: Path, client: FlaskClient
) -> None:
    assert json.loads(shown(home, "search", "--json", "khủnglong", status=1))["total"] == 0
    run = CliRunner().invoke(main, ["--home", str(home), "search", "khủnglong"])
    assert (run.exit_code, "No article was found." in run.output) == (1, True)
    assert "Không tìm thấy" in client.get("/?q=khủnglong").text


def test_the_article_is_read_whole(home: Path) -> None:
    hit = json.loads(shown(home, "search", "--json", "cong an"))["hits"][0]
    article = json.loads(shown(home, "show", "--json", hit["id"]))
    assert article["published"] == "2022-12-19T17:02:00+07:00"
    assert article["authors"] == ["Nhóm PV"]
    assert [caption["text"] for caption in article["captions"]] == [
        "Ý kiến của các đại biểu gửi tới Hội nghị Công an toàn quốc lần thứ 78"
    ]
    assert len(article["sections"]) == 9
    assert all(section["heading"] and section["speaker"] for section in article["sections"])
    assert article["lead"].startswith("Đó là quyết tâm chung của lãnh đạo Công an")


def test_the_article_page_has_anchors_and_marks(home: Path, client: FlaskClient) -> None:
    hit = json.loads(shown(home, "search", "--json", "ma tuy dien bien"))["hits"][0]
    assert hit["section"]["speaker"] == "Ngô Thanh Bình"
    page = client.get(f"/article/{hit['id']}?q=ma+tuy")
    assert f'id="{hit["section"]["anchor"]}"' in page.text
    assert re.search(r'<mark id="h\d+">ma tuý</mark>', page.text)


def test_status_and_verify_agree(home: Path) -> None:
    status = json.loads(shown(home, "status", "--json"))
    expected = {
        "articles": 1,
        "indexed": 1,
        "sequence": 1,
        "index_sequence": 1,
        "generation": "000001",
        "analyzer": "vi-3",
    }
    # The keys may grow; these stay.
    assert expected.items() <= status.items()
    assert json.loads(shown(home, "verify", "--json"))["problems"] == []


def test_a_run_file_is_written_for_retrieval_tests(home: Path, tmp_path: Path) -> None:
    queries, run = tmp_path / "q.jsonl", tmp_path / "run"
    queries.write_text('{"qid": "1", "text": "cong an khunglong"}\n{"qid": "2", "text": "zzz"}\n')
    shown(home, "search", "--queries", str(queries), "-n", "100", "--run", str(run))
    (line,) = run.read_text().splitlines()
    qid, zero, _, rank, score, tag = line.split()
    assert (qid, zero, rank, tag) == ("1", "Q0", "1", "tangthu")
    assert float(score) > 0
