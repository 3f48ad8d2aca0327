"""The access log: a line a request in a file of its own, with the milliseconds that it took."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

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
