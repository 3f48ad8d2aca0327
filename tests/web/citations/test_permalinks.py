"""Original addresses and identifiers lead to the article, or say that it was removed."""

from __future__ import annotations

import pytest

from archive.catalogue.operations import OperatorNote
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of

FIRST = article("Một", url="https://www.bao.vn/mot.html?id=7&utm_source=x", external_id="T-1")
TWINS = [
    article(f"Bản {number}", url=f"https://b.vn/{number}", external_id="K9") for number in (1, 2)
]


@pytest.fixture
def archive(archive_of: ArchiveFactory) -> OpenArchive:
    return archive_of(FIRST, *TWINS)


@pytest.mark.parametrize(
    "path",
    [
        "/url/https://www.bao.vn/mot.html?id=7",
        "/url/http:/bao.vn/mot.html?id=7",
        "/url/bao.vn/mot.html?id=7",
        "/id/T-1",
        "/id/t-1",
        f"/id/{FIRST.identifier}",
    ],
)
def test_they_lead_to_the_article(archive: OpenArchive, path: str) -> None:
    answer = client_of(archive).get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/article/{FIRST.identifier}"


def test_several_are_listed_and_none_is_404(archive: OpenArchive) -> None:
    client = client_of(archive)
    assert client.get("/id/K9").headers["Location"].startswith("/?q=id:")
    for path in ("/id/nothing", "/url/https://bao.vn/other", "/url/x", "/id/%00"):
        assert client.get(path).status_code == 404


def test_what_was_removed_says_so(archive: OpenArchive) -> None:
    with archive.store.operator_batch() as batch:
        batch.remove(FIRST.identifier, OperatorNote("toà án", "x"))
    client = client_of(archive)
    for path in ("/url/bao.vn/mot.html?id=7", "/id/T-1", f"/id/{FIRST.identifier}"):
        answer = client.get(path)
        assert (answer.status_code, "toà án" in answer.text) == (410, True)
