"""Parts that workers on many hosts share: held by heartbeats, and sent with their digests."""

from __future__ import annotations

import time
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from archive.catalogue.rebuild_parts import ClaimedPart
from archive.errors import EngineError
from archive.records import Article
from indexer.indexing import shared_tasks
from indexer.indexing.checkpoint import finish_folder, read_result
from indexer.indexing.shared_tasks import HeldPart, PartLostError, pack_result, unpack_result
from tests.factories import article

PART = ClaimedPart(3, "process 1")
ARTICLES: list[tuple[Article, int]] = [(article("Cầu mới"), 1), (article("Đường mới"), 1)]


def held_part(*answers: bool, silence: float = 30) -> HeldPart:
    """Return a part whose heartbeats are answered so."""
    waiting = iter(answers)
    parts: Any = SimpleNamespace(keep=lambda part: next(waiting), silence=silence)
    return HeldPart(parts, PART)


def test_a_part_is_worked_on_as_long_as_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_tasks, "_SECONDS_BETWEEN_HEARTBEATS", 0)
    part = held_part(True, True, False)
    assert list(part.guard(iter(ARTICLES))) == ARTICLES
    # Another worker has it.
    part._send_heartbeats()
    with pytest.raises(PartLostError, match="part 3 is another worker's now"):
        next(part.guard(iter(ARTICLES)))


@pytest.mark.parametrize(("silent", "is_held"), [(0, True), (20, True), (31, False), (90, False)])
def test_a_worker_that_was_stopped_for_long_does_not_go_on(silent: int, is_held: bool) -> None:
    part = held_part()
    part._kept = time.monotonic() - silent
    if is_held:
        assert list(part.guard(iter(ARTICLES))) == ARTICLES
        return
    with pytest.raises(PartLostError):
        next(part.guard(iter(ARTICLES)))


def test_parts_of_others_are_waited_for_until_all_are_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    claims, taken = iter([PART, None, None, PART, None]), iter([2, 1, 0])
    parts: Any = SimpleNamespace(
        claim=lambda: next(claims), count=lambda: SimpleNamespace(taken=next(taken))
    )
    assert list(shared_tasks._claim_all(parts)) == [PART, PART]
    assert len(waits) == 2


def finished_folder(folder: Path) -> Path:
    (folder / "new").mkdir()
    for name in ("a", "b"):
        (folder / "new" / name).write_bytes(name.encode() * 9)
    finish_folder(folder / "new", folder / "done", 7)
    return folder / "done"


def test_a_result_arrives_as_it_was_sent(tmp_path: Path) -> None:
    done = finished_folder(tmp_path)
    target = tmp_path / "there"
    for _ in range(2):
        unpack_result(pack_result(done), target)
        assert read_result(target) == read_result(done)
        files = [
            {path.name: path.read_bytes() for path in where.iterdir()} for where in (done, target)
        ]
        assert files[0] == files[1]


@pytest.mark.parametrize(
    "change", [{"a": b"khac"}, {"a": None}, {"finished.json": None}, {"finished.json": b"{}"}]
)
def test_a_result_whose_digests_differ_is_refused(
    tmp_path: Path, change: dict[str, bytes | None]
) -> None:
    files = msgspec.msgpack.decode(zlib.decompress(pack_result(finished_folder(tmp_path))))
    changed = {name: content for name, content in (files | change).items() if content is not None}
    content = zlib.compress(msgspec.msgpack.encode(changed))
    with pytest.raises(EngineError, match="the result of part 3 is damaged"):
        unpack_result(content, tmp_path / "3")
    assert not (tmp_path / "3").exists()
