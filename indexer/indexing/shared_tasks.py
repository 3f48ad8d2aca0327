"""The tasks of a rebuild that workers on many hosts share: each claims one after another.

The index is on a cluster, to which every worker sends its documents. What it derived from them
goes through the catalogue's database to the home in which the rebuild began, and which publishes.
"""

from __future__ import annotations

import shutil
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import msgspec

from archive.catalogue.rebuild_parts import ClaimedPart, RebuildParts
from archive.errors import ArchiveError, EngineError, write_failures_as
from archive.records import Article
from archive.store import Store
from indexer.derived.word_ids import Vocabulary
from indexer.generations.file_digests import FileName, damaged_files
from indexer.indexing.checkpoint import RebuildCheckpoint, read_result
from indexer.indexing.rebuild_tasks import DocumentTasks
from indexer.indexing.worker_pool import TaskDone

LARGEST_RESULT: Final = 1 << 30
"""Bytes of a part's derived data, unpacked."""

_SECONDS_BETWEEN_HEARTBEATS: Final = 5.0
_SECONDS_TO_WAIT: Final = 1.0


class PartLostError(EngineError):
    """Another worker has claimed the part, or the rebuild is over."""


class HeldPart:
    """A claimed part while it is worked on: its heartbeats come from a thread of their own."""

    def __init__(self, parts: RebuildParts, part: ClaimedPart) -> None:
        self._parts, self._part = parts, part
        self._end = threading.Event()
        self._is_lost = False
        self._kept = time.monotonic()
        self._thread = threading.Thread(target=self._send_heartbeats, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end.set()
        self._thread.join()

    def guard(self, articles: Iterator[tuple[Article, int]]) -> Iterator[tuple[Article, int]]:
        """Yield articles as long as the part is held: whoever was stopped must not go on.

        Raises:
            PartLostError: the part is held no more.
        """
        for article in articles:
            if self._is_lost or time.monotonic() - self._kept > self._parts.silence:
                raise PartLostError(f"part {self._part.number} is another worker's now")
            yield article

    def _send_heartbeats(self) -> None:
        while not self._end.wait(_SECONDS_BETWEEN_HEARTBEATS):
            started = time.monotonic()
            # A database that is away for a while is no loss: silence is.
            with suppress(ArchiveError):
                if not self._parts.keep(self._part):
                    self._is_lost = True
                    return
                self._kept = started


@dataclass(frozen=True, slots=True)
class SharedDocumentTasks:
    """Document tasks that are claimed from the catalogue's database; see `worker_pool.TaskSet`.

    The numbers behind those of the parts are those of the workers.

    Attributes:
        tasks: does a part, into the folder of its checkpoint, which has the rebuild's name.
        is_at_home: whether that is the checkpoint of the rebuild; else the results are sent there.
    """

    tasks: DocumentTasks
    is_at_home: bool

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        """Claim and do parts until none is left; report each, and the workers at the end."""
        vocabulary = self.tasks.new_vocabulary()
        with Store(self.tasks.home, self.tasks.location) as store:
            parts = RebuildParts(store.engine, self.tasks.checkpoint.folder.name)
            for part in _claim_all(parts):
                with HeldPart(parts, part) as held:
                    try:
                        share = (part.number, self.tasks.checkpoint.plan.tasks)
                        articles = held.guard(store.articles(share=share))
                        documents = self._analyse(articles, vocabulary, part.number)
                        is_counted = parts.finish(part, documents, self._take_result(part.number))
                    except BaseException as error:
                        if not parts.give_back(part) and isinstance(error, ArchiveError):
                            # It is another worker's affair, or nobody's any more.
                            continue
                        raise
                if is_counted:
                    task_done(part.number, documents)
        for number in numbers:
            task_done(number, 0)

    def _analyse(
        self, articles: Iterator[tuple[Article, int]], vocabulary: Vocabulary, number: int
    ) -> int:
        # A worker may have died when it had done the part, and had not said so.
        if present := read_result(self.tasks.checkpoint.task_folder(number)):
            return present.documents
        return self.tasks.analyse(articles, vocabulary, number)

    def _take_result(self, number: int) -> bytes:
        if self.is_at_home:
            return b""
        folder = self.tasks.checkpoint.task_folder(number)
        with write_failures_as(EngineError, folder):
            content = pack_result(folder)
            shutil.rmtree(folder)
        return content


def _claim_all(parts: RebuildParts) -> Iterator[ClaimedPart]:
    """Yield claimed parts; wait for those of others, whose workers may die, until all are done."""
    while True:
        if part := parts.claim():
            yield part
        elif parts.count().taken:
            time.sleep(_SECONDS_TO_WAIT)
        else:
            return


def pack_result(folder: Path) -> bytes:
    """Return the files of a finished task in one piece."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return zlib.compress(msgspec.msgpack.encode(files), level=1)


def unpack_result(content: bytes, target: Path) -> None:
    """Make the folder of a finished task of what `pack_result` returned.

    Raises:
        EngineError: it is damaged, or cannot be written.
    """
    inflate = zlib.decompressobj()
    try:
        unpacked = inflate.decompress(content, LARGEST_RESULT)
        if not inflate.eof:
            raise ValueError("it is cut, or too large")
        files = msgspec.msgpack.decode(unpacked, type=dict[FileName, bytes])
    except (zlib.error, ValueError, RecursionError) as error:
        raise EngineError(f"the result of part {target.name} is damaged: {error}") from error
    temporary = target.with_name(f"{target.name}.new")
    with write_failures_as(EngineError, target):
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        temporary.mkdir()
        for name, file_content in files.items():
            (temporary / name).write_bytes(file_content)
        result = read_result(temporary)
        if result is None or damaged_files(temporary, result.files):
            raise EngineError(f"the result of part {target.name} is damaged: its digests differ")
        temporary.rename(target)


def fetch_results(parts: RebuildParts, checkpoint: RebuildCheckpoint) -> None:
    """Bring the results of all parts into the checkpoint of their rebuild.

    Raises:
        EngineError: one is damaged or missing; it will be done again.
    """
    finished = checkpoint.finished_tasks()
    missing = [number for number in range(checkpoint.plan.tasks) if number not in finished]
    try:
        for part in parts.read_results(missing):
            unpack_result(part.result, checkpoint.task_folder(part.number))
        finished = checkpoint.finished_tasks()
        if len(finished) < checkpoint.plan.tasks:
            raise EngineError("results of other hosts are missing")
    except EngineError as error:
        finished = checkpoint.finished_tasks()
        parts.reopen([number for number in missing if number not in finished])
        raise EngineError(f"{error}; run `tangthu rebuild` again, it goes on from there") from error
