"""Whatever a person types gives an answer or a note with its position, at every door."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from tests.browsing import SAMPLE, serve_app
from tests.factories import ArchiveFactory, client_of
from web.cli.main import main

CONTROLS = "".join(map(chr, [*range(1, 32), 127, *range(128, 160)]))

RUBBISH = {
    "100,000 letters": "a" * 100_000,
    "100,000 words": "công an " * 12_500,
    "100,000 letters with marks": "ộ" * 100_000,
    "100,000 quotes": '"' * 100_000,
    "control characters": CONTROLS,
    "control characters in words": f"công{CONTROLS}an",
    "nothing": "",
    "blanks": " \t\n\u00a0\u3000 ",
    "no width": "\u200b\u200d\ufeff\u2060",
    "1,000 brackets": "(" * 1000,
    "1,000 closing brackets": ")" * 1000,
    "1,000 pairs of brackets": "(" * 500 + "công" + ")" * 500,
    "unbalanced quotes": '"công an nhân dân',
    "a quote alone": '"',
    "quotes and brackets crossed": '("công) an"',
    "only minus": "-",
    "only excluded": "-công -an",
    "minus upon minus": "--" * 500 + "an",
    "only OR": "OR OR OR",
    "1,000 ORs": " OR ".join(["an"] * 1000),
    "AND NOT": "AND NOT OR ()",
    "a leading star": "*an",
    "only stars": "* ** ***",
    "one letter and a star": "a*",
    "a star inside": "c*ng",
    "question marks": "c?ng ???",
    "an unknown field": "nothing:công",
    "a field without a word": "title: người: =",
    "fields upon fields": "title:" * 500 + "an",
    "a bad date": "date:2022-13-45 ngày:32/13/2022 date:..",
    "a date backwards": "date:2023..2022",
    "a year too far": "date:99999999999999999999",
    "equals upon equals": "=" * 1000 + "hòa",
    "tilde and caret": "an~2^4 [a TO b] {c} \\",
    "an expression": "/.*(a+)+$/",
    "markup": "<script>alert(1)</script> &lt; ]]> --> {{7*7}} {% x %}",
    "SQL": "'; DROP TABLE articles; --",
    "a path": "../../../../etc/passwd %00 %2e%2e",
    "emoji and rare scripts": "👩‍👩‍👧‍👦 𝕮ông 汉字 العربية ไทย \U0010ffff",
    "marks without letters": "\u0301\u0302\u0323" * 1000,
    "many marks on a letter": "a" + "\u0301\u0323\u0302" * 1000,
    "half a pair": "c\udcff\ud800ng",
    "right to left": "\u202ecông an\u202c",
    "numbers": "1" * 5000 + " 1.088.000,5 -1 1e400 ٣",
    "every sign": "".join(chr(code) for code in range(33, 127)) * 20,
}


@dataclass(frozen=True)
class Doors:
    home: Path
    client: FlaskClient
    port: int


@pytest.fixture(scope="module")
def doors(shared_archive_of: ArchiveFactory) -> Iterator[Doors]:
    archive = shared_archive_of()
    ingest(archive.store, [str(SAMPLE)])
    IndexBuilder(archive.store).update()
    client = client_of(archive)
    with serve_app(client.application) as port:
        yield Doors(archive.store.home, client, port)


@pytest.mark.parametrize("name", RUBBISH)
def test_the_form_answers(doors: Doors, name: str) -> None:
    page = doors.client.get("/", query_string={"q": sendable(RUBBISH[name])})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert 'name="q"' in page.text


@pytest.mark.parametrize("name", RUBBISH)
def test_the_api_answers_and_its_notes_say_where(doors: Doors, name: str) -> None:
    typed = sendable(RUBBISH[name])
    answer = doors.client.get("/api/v1/search", query_string={"q": typed})
    assert answer.status_code == 200
    check(answer.get_json(), typed)


@pytest.mark.parametrize("name", RUBBISH)
def test_the_command_line_answers(doors: Doors, name: str) -> None:
    typed = RUBBISH[name]
    words = ["--home", str(doors.home), "search", "--json", "--", typed]
    run = CliRunner().invoke(main, words)
    page = json.loads(run.stdout)
    # Nothing found is status 1, for scripts.
    assert run.exit_code == (0 if page["hits"] else 1)
    assert run.exception is None or isinstance(run.exception, SystemExit)
    check(page, typed)


def sendable(text: str) -> str:
    """What an address can carry: half a pair of surrogates cannot be sent."""
    return text.encode("utf-8", "replace").decode()


def check(page: dict[str, Any], typed: str) -> None:
    assert page["total"] >= len(page["hits"]) >= 0
    for note in page["notes"]:
        assert note["message"]
        assert 0 <= note["start"] <= note["end"] <= len(typed) + 1


NOTED = ["100,000 letters", "unbalanced quotes", "1,000 brackets", "a leading star", "a bad date"]


@pytest.mark.parametrize("name", NOTED)
def test_what_was_left_out_of_a_query_is_said_with_its_place(doors: Doors, name: str) -> None:
    query = {"q": RUBBISH[name]}
    notes = doors.client.get("/api/v1/search", query_string=query).get_json()["notes"]
    assert any(note["end"] > 0 for note in notes)
    assert 'class="note"' in doors.client.get("/", query_string=query).text


ODD_ADDRESSES = [
    "/?q=%",
    "/?q=%ff%fe",
    "/?q=%00",
    "/?q=c%C3",
    "/?q[]=a&q=b&q=c",
    "/?page=-1&q=an",
    "/?page=99999999999999999999&q=an",
    "/?page=%D9%A3&q=an",
    "/?sort=wrong&q=an",
    "/?exact=maybe&raw=2&q=an",
    "/api/v1/search",
    "/api/v1/search?q=an&n=0",
    "/api/v1/search?q=an&n=1e9",
    "/api/v1/search?q=%ff&page=x",
    "/article/%00",
    "/article/%ff",
    "/article/..%2f..%2fetc",
    "/article/" + "a" * 5000,
    "/api/v1/articles/%F0%9F%92%A9",
    "/" + "x/" * 2000,
]


@pytest.mark.parametrize("address", ODD_ADDRESSES, ids=lambda address: address[:30])
def test_odd_addresses_are_answered(doors: Doors, address: str) -> None:
    status, _ = fetched(doors.port, address)
    assert status in (200, 400, 404, 414)


@pytest.mark.parametrize("name", RUBBISH)
def test_the_real_server_never_fails(doors: Doors, name: str) -> None:
    status, body = fetched(doors.port, "/?q=" + quote(sendable(RUBBISH[name])))
    # An address longer than a server takes is refused before it is read; never a failure.
    assert status in (200, 414, 431)
    assert body


def fetched(port: int, address: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_bytes_that_are_no_request_close_the_connection(doors: Doors) -> None:
    for data in (b"\x00" * 100 + b"\r\n\r\n", b"GET /?q=\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", doors.port), timeout=30) as connection:
            connection.sendall(data)
            assert b" 500 " not in connection.recv(100)
