"""The access log: a line a request in a file of its own, with the milliseconds that it took."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import ArchiveFactory, article, client_of
from web.http.access_log import LOGGER, log_to


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
