"""Cases of searching that people reported, asked by the interface of programs."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import ArchiveFactory, article, client_of
from tests.search_cases import ARTICLES, CASES, MARKED, NOTED, THREADS


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(*ARTICLES))


def ask(client: FlaskClient, typed: str, **parameters: str) -> dict[str, Any]:
    answer = client.get("/api/v1/search", query_string={"q": typed, "n": "100", **parameters})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_a_query_matches_what_was_meant(
    client: FlaskClient, typed: str, expected: set[str]
) -> None:
    for sort in ("relevance", "newest"):
        page = ask(client, typed, match="full", sort=sort)
        assert {hit["external_id"] for hit in page["hits"]} == expected
        assert page["total"] == page["total_full"] == len(expected)
        assert page["total_exact"] <= page["total_full"] <= page["total_folded"]


@pytest.mark.parametrize(("typed", "kinds"), NOTED)
def test_what_was_read_otherwise_is_said(client: FlaskClient, typed: str, kinds: list[str]) -> None:
    assert [note["kind"] for note in ask(client, typed)["notes"]] == kinds


@pytest.mark.parametrize(("typed", "marked"), MARKED)
def test_what_was_meant_is_marked_whole(client: FlaskClient, typed: str, marked: list[str]) -> None:
    hit = ask(client, typed)["hits"][0]
    spans = [span for snippet in hit["snippets"] for span in snippet] or hit["title_spans"]
    assert [span["text"] for span in spans if span["marked"]] == marked


def test_every_reported_thread_is_held_by_rows() -> None:
    rows = {typed for typed, _ in (*CASES, *NOTED, *MARKED)}
    assert [name for name, typed in THREADS.items() if not typed or not rows >= set(typed)] == []


def test_exact_forms_come_first(client: FlaskClient) -> None:
    hits = ask(client, "tiếng Việt", match="partial")["hits"]
    assert [hit["external_id"] for hit in hits[:2]] == ["tiếng Việt", "tiếng viết"]


@pytest.mark.parametrize("typed", ['"mới về"', "mới về", '"mới về" OR "bò mở"'])
def test_the_exact_switch_holds_for_phrases(client: FlaskClient, typed: str) -> None:
    hits = ask(client, typed, exact="1")["hits"]
    assert [hit["external_id"] for hit in hits] == ["new about"]


@pytest.mark.parametrize(
    ("typed", "together", "apart"),
    [
        ("b?nh viện", "Bệnh viện mới mở.", "Viện trưởng tên Bình rất vui."),
        ("chứng kh*n", "Thị trường chứng khoán.", "Giấy chứng nhận, khôn khéo, khan hàng."),
        ("tr?ờng mầm non", "Trường mầm non xa.", "Mầm non xanh trước trường."),
        ("gi?i bóng", "Giải bóng trẻ.", "Bóng bay quanh giải."),
    ],
)
@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_a_wildcard_stands_beside_its_neighbour(
    shared_archive_of: ArchiveFactory, typed: str, together: str, apart: str, sort: str
) -> None:
    texts = {"together": together, "apart": apart}
    articles = (article(text, external_id=name) for name, text in texts.items())
    client = client_of(shared_archive_of(*articles))
    page = ask(client, typed, sort=sort, match="full")
    assert [hit["external_id"] for hit in page["hits"]] == ["together"]
    if sort == "relevance":
        hits = ask(client, typed, match="partial")["hits"]
        assert [hit["external_id"] for hit in hits] == ["together", "apart"]
