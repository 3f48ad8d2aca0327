"""Sessions that were ended stay ended, in every process, until they would be over anyway."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from archive.errors import ArchiveError
from web.access.ended_sessions import FOLDER, SESSION, EndedSessions


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_ended_session_is_known_to_every_process(tmp_path: Path, clock: Clock) -> None:
    here, there = EndedSessions(tmp_path, clock), EndedSessions(tmp_path, clock)
    assert not there.has_ended("a")
    here.end("a")
    assert there.has_ended("a")
    here.end("b")
    assert [there.has_ended(name) for name in "abc"] == [True, True, False]
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_it_is_known_as_long_as_its_cookie_would_do(
    tmp_path: Path, clock: Clock, share: float
) -> None:
    ended = EndedSessions(tmp_path, clock)
    length = SESSION.total_seconds()
    clock.now += share * length
    ended.end("a")
    clock.now += length - 1
    ended.end("b")
    assert ended.has_ended("a")
    clock.now += 2 * length
    ended.end("c")
    assert not ended.has_ended("a")
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_many_at_once_are_all_kept(tmp_path: Path) -> None:
    def end(part: int) -> None:
        ended = EndedSessions(tmp_path)
        for number in range(50):
            ended.end(f"{part:02}{number:02}" * 8)

    threads = [Thread(target=end, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = EndedSessions(tmp_path)
    assert all(ended.has_ended(f"{p:02}{n:02}" * 8) for p in range(6) for n in range(50))


@pytest.mark.parametrize(
    "content", [b"", bytes(5000), b"\xff\xfe" * 50, b"[" * 100_000, b"\n\n \n"]
)
def test_rubbish_in_the_file_ends_nothing(tmp_path: Path, clock: Clock, content: bytes) -> None:
    EndedSessions(tmp_path, clock).end("a")
    (path,) = (tmp_path / FOLDER).iterdir()
    path.write_bytes(content)
    ended = EndedSessions(tmp_path, clock)
    assert not ended.has_ended("b")
    ended.end("c")
    assert ended.has_ended("c")


def test_a_file_that_is_too_large_is_named(tmp_path: Path, clock: Clock) -> None:
    EndedSessions(tmp_path, clock).end("a")
    (path,) = (tmp_path / FOLDER).iterdir()
    os.truncate(path, 20 << 20)
    with pytest.raises(ArchiveError, match="larger than"):
        EndedSessions(tmp_path, clock).has_ended("a")


def make_link(path: Path) -> None:
    outside = path.parent.parent / "outside"
    outside.write_text("kept\n")
    path.symlink_to(outside)


@pytest.mark.parametrize("make", [make_link, os.mkfifo, Path.mkdir])
def test_what_is_no_plain_file_is_neither_read_nor_written(
    tmp_path: Path, clock: Clock, make: Callable[[Path], None]
) -> None:
    EndedSessions(tmp_path, clock).end("a")
    (path,) = (tmp_path / FOLDER).iterdir()
    path.unlink()
    make(path)
    ended = EndedSessions(tmp_path, clock)
    with pytest.raises(ArchiveError, match="remove it"):
        ended.has_ended("a")
    with pytest.raises(ArchiveError, match="new password"):
        ended.end("a")
    outside = tmp_path / "outside"
    assert not outside.exists() or outside.read_text() == "kept\n"


def test_a_file_in_the_place_of_the_folder_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("x")
    ended = EndedSessions(tmp_path)
    assert not ended.has_ended("x")
    with pytest.raises(ArchiveError):
        ended.end("x")
