"""The access log: a line a request in a file of its own, with the milliseconds that it took."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response

from tests.factories import ArchiveFactory, article, client_of
from web.http import access_log
from web.http.access_log import LOGGER, log_to
from web.http.client_accounts import Allowance


@pytest.fixture
def log_path(tmp_path: Path) -> Iterator[Path]:
    """A file that the access log of this process is written to, until the test ends."""
    log = logging.getLogger(LOGGER)
    before = log.level, log.propagate, list(log.handlers)
    log_to(str(tmp_path / "access.log"))
    yield tmp_path / "access.log"
    for handler in log.handlers[len(before[2]) :]:
        handler.close()
    log.level, log.propagate, log.handlers[:] = before


def test_a_request_is_a_line_with_its_milliseconds_and_nowhere_else(
    archive_of: ArchiveFactory, log_path: Path
) -> None:
    client = client_of(archive_of(article("Bài", "nội dung")), access_log=True)
    for _ in range(2):
        client.get("/healthz", buffered=True)
    lines = log_path.read_text().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert '"GET /healthz' in line
        assert 0 <= float(line.rpartition(" ")[2]) < 60_000
    # What goes on to other handlers would be written twice.
    assert not logging.getLogger(LOGGER).propagate


@pytest.mark.parametrize(
    "long", ["A" * 9000, "\x9b" * 2000, "ộ" * 2000, '"' * 5000, "\x1b[2J" * 99]
)
def test_no_line_is_longer_than_a_kilobyte(
    archive_of: ArchiveFactory, log_path: Path, long: str
) -> None:
    client = client_of(archive_of(article("Bài", "nội dung")), access_log=True)
    sent = long.encode().decode("latin-1")
    client.open(
        f"/{long}",
        query_string={"q": long},
        method=sent,
        headers={"Referer": sent, "User-Agent": sent},
        environ_overrides={"SERVER_PROTOCOL": sent, "REMOTE_ADDR": sent},
        buffered=True,
    )
    (line,) = log_path.read_text(encoding="ascii").splitlines()
    assert len(line) < 1000
    assert line.isprintable()


def test_the_surplus_of_one_client_is_left_out_and_warned_of_once(
    archive_of: ArchiveFactory,
    log_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # In windows so long that none ends within the test.
    monkeypatch.setattr(access_log, "CLIENT_BYTES", Allowance(300, 10**6))
    monkeypatch.setattr(access_log, "_ONE_WARNING", Allowance(1, 10**6))
    client = client_of(archive_of(article("Bài", "nội dung")), access_log=True)
    for address in ("10.0.0.1", "10.0.0.2"):
        for _ in range(9):
            client.get("/healthz", buffered=True, environ_overrides={"REMOTE_ADDR": address})
    lines = log_path.read_text().splitlines()
    counts = [sum(line.startswith(f"10.0.0.{last} ") for line in lines) for last in (1, 2)]
    assert counts[0] == counts[1]
    assert 1 <= counts[0] < 9
    warnings = [record.getMessage() for record in caplog.records if record.name == "tangthu"]
    assert [message for message in warnings if message.startswith("access log")] == [
        f"access log: further lines of 10.0.0.{last} are left out in this minute" for last in (1, 2)
    ]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application whose one page takes 12.5 ms, and counts how often it is asked."""
    now = [50.0]
    monkeypatch.setattr(access_log, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    app = Flask("small")

    def answer(name: str) -> Response:
        now[0] += 0.0125
        # The length of what is sent in blocks is not known before.
        return Response(iter(["x"]) if name == "blocks" else "x" * 7, 201)

    app.add_url_rule("/tin/<path:name>", "page", view_func=answer)
    return app


@pytest.mark.parametrize(
    ("path", "headers", "environ", "line"),
    [
        (
            "/tin/a%20b%22?q=c%20d",
            {"Referer": "http://bao.vn/a b", "User-Agent": 'Máy "1"'},
            {"REMOTE_ADDR": "192.0.2.7", "SERVER_PROTOCOL": "HTTP/1.1"},
            '192.0.2.7 - - [] "GET /tin/a%20b%22?q=c%20d HTTP/1.1" 201 7'
            ' "http://bao.vn/a b" "M%C3%A1y %221%22" 12.5',
        ),
        (
            "/tin/blocks",
            {},
            {"REMOTE_ADDR": "", "HTTP_USER_AGENT": "x"},
            '- - - [] "GET /tin/blocks HTTP/1.1" 201 - "-" "x" 12.5',
        ),
        (
            "/tin/" + "b" * 395,
            {"User-Agent": "y" * 180},
            {},
            f'127.0.0.1 - - [] "GET /tin/{"b" * 395} HTTP/1.1" 201 7 "-" "{"y" * 180}" 12.5',
        ),
        (
            "/tin/" + "b" * 396,
            {"User-Agent": "y" * 181},
            {},
            f'127.0.0.1 - - [] "GET /tin/{"b" * 395} HTTP/1.1" 201 7 "-" "{"y" * 180}" 12.5',
        ),
    ],
)
def test_a_line_says_who_asked_for_what_what_was_answered_and_how_long_it_took(
    app: Flask,
    log_path: Path,
    path: str,
    headers: dict[str, str],
    environ: dict[str, str],
    line: str,
) -> None:
    access_log.register(app)
    app.test_client().get(path, headers=headers, environ_overrides=environ, buffered=True)
    (written,) = log_path.read_text().splitlines()
    written, count = re.subn(r"\[\d\d/\w{3}/\d{4}(?::\d\d){3} [+-]\d{4}\]", "[]", written)
    assert (written, count) == (line, 1)


def test_without_limits_every_request_is_a_line(
    app: Flask, log_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(access_log, "CLIENT_BYTES", Allowance(1, 10**6))
    access_log.register(app, limited=False)
    for _ in range(5):
        app.test_client().get("/tin/a", buffered=True)
    assert len(log_path.read_text().splitlines()) == 5
    assert not [each for each in caplog.records if each.levelno > logging.INFO]


def test_a_file_that_was_rotated_is_opened_anew(log_path: Path) -> None:
    log = logging.getLogger(LOGGER)
    log.info("one")
    log_path.rename(log_path.with_suffix(".1"))
    log.info("two")
    assert log_path.with_suffix(".1").read_text() == "one\n"
    assert log_path.read_text() == "two\n"


@pytest.mark.usefixtures("log_path")
def test_a_dash_is_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    stream = SimpleNamespace(write=written.append, flush=lambda: None)
    monkeypatch.setattr(access_log, "stdout", stream)
    log_to("-")
    logging.getLogger(LOGGER).info("one")
    assert "".join(written) == "one\n"
