"""Readers and a writer that adds, updates and rebuilds, side by side for a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import ArchiveError
from archive.records import Article
from archive.store import Store
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import open_archive
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import article, keep
from tests.faults.fault_works import Tally

READERS = 4
_FIRST = 200


@dataclass
class _Writing:
    """The state of the writer: articles that are indexed for certain, and whether it has ended."""

    indexed: int = _FIRST
    ended: threading.Event = field(default_factory=threading.Event)


def read_beside_writer(home: Path, seconds: float, tally: Tally) -> None:
    """Search without a pause while another process writes, and check every answer.

    An article whose update had ended before a search began has to be found, and each answer has
    to come from one whole generation.
    """
    with Store(home) as store:
        keep(store, *map(_numbered, range(_FIRST)))
        IndexBuilder(store).update()
    command = [sys.executable, "-m", "tests.faults.reader_load", str(home), str(seconds)]
    writing = _Writing()
    with (
        open_archive(home) as archive,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer,
    ):
        readers = [
            threading.Thread(target=_read, args=(archive.search, writing, tally))
            for _ in range(READERS)
        ]
        for reader in readers:
            reader.start()
        assert writer.stdout is not None
        for line in writer.stdout:
            writing.indexed = int(line)
            tally.faults += 1
        writing.ended.set()
        for reader in readers:
            reader.join()
    if writer.returncode != 0:
        tally.wrong.append(f"the writer ended with {writer.returncode}")


def _read(search: SearchService, writing: _Writing, tally: Tally) -> None:
    turn = 0
    while not writing.ended.is_set():
        indexed = writing.indexed
        number = indexed - 1 - turn % indexed
        turn += 1
        try:
            page = search.search(SearchRequest(f"so{number}", as_typed=True))
            titles = [hit.title for hit in page.hits]
            total = search.search(SearchRequest("bai", size=1, as_typed=True)).total
        except ArchiveError as error:
            tally.wrong.append(f"failed: {error}")
            continue
        tally.requests += 2
        if f"Bài {number}" not in titles:
            tally.wrong.append(f"số{number} is not found: {titles}")
        if total < indexed:
            tally.wrong.append(f"{total} articles where {indexed} were indexed")


def _write(home: Path, seconds: float) -> None:
    """Add, update and rebuild in turn; report how many articles are indexed after each."""
    end = time.monotonic() + seconds
    count, turn = _FIRST, 0
    with Store(home) as store:
        while time.monotonic() < end:
            keep(store, *map(_numbered, range(count, count + 3)))
            builder = IndexBuilder(store)
            (builder.rebuild if turn % 4 == 3 else builder.update)()
            count, turn = count + 3, turn + 1
            sys.stdout.write(f"{count}\n")
            sys.stdout.flush()


def _numbered(number: int) -> Article:
    return article(f"Bài {number}", f"số{number}")


if __name__ == "__main__":
    _write(Path(sys.argv[1]), float(sys.argv[2]))
