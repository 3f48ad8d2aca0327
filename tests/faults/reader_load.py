"""Readers and a writer that adds, updates and rebuilds, side by side for a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from archive.errors import ArchiveError
from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import article, keep
from tests.faults.fault_works import Tally

READERS = 4
_FIRST = 200


def read_beside_writer(home: Path, seconds: float, tally: Tally) -> None:
    """Ask without a pause while another process writes; every answer is held against what it knew.

    An article whose update had ended before a question was asked has to be found, and each
    answer has to come from one whole generation.
    """
    with Store(home) as store:
        keep(store, *(article(f"Bài {one}", f"số{one}") for one in range(_FIRST)))
        IndexBuilder(store).update()
        command = [sys.executable, "-m", "tests.faults.reader_load", str(home), str(seconds)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        known = [_FIRST]
        ended = threading.Event()
        live = LiveIndex(home / "index")
        readers = [
            threading.Thread(
                target=_read, args=(SearchService(store, live), live, known, ended, tally)
            )
            for _ in range(READERS)
        ]
        for reader in readers:
            reader.start()
        assert writer.stdout is not None
        for line in writer.stdout:
            known[0] = int(line)
            tally.faults += 1
        ended.set()
        for reader in readers:
            reader.join()
        live.close()
        if writer.wait() != 0:
            tally.wrong.append(f"the writer ended with {writer.returncode}")


def _read(
    searcher: SearchService, live: LiveIndex, known: list[int], ended: threading.Event, tally: Tally
) -> None:
    asked = 0
    while not ended.is_set():
        indexed = known[0]
        number = indexed - 1 - asked % indexed
        asked += 1
        try:
            page = searcher.search(SearchRequest(f"so{number}", as_typed=True))
            titles = [hit.title for hit in page.hits]
            whole = searcher.search(SearchRequest("bai", size=1, as_typed=True)).total
        except ArchiveError as error:
            tally.wrong.append(f"failed: {error}")
            continue
        tally.requests += 2
        if f"Bài {number}" not in titles:
            tally.wrong.append(f"số{number} is not found: {titles}")
        if whole < indexed:
            tally.wrong.append(f"{whole} articles where {indexed} were indexed")


def _write(home: Path, seconds: float) -> None:
    """Add, update and rebuild in turn; says how many articles are indexed after each."""
    end = time.monotonic() + seconds
    count, turn = _FIRST, 0
    with Store(home) as store:
        while time.monotonic() < end:
            keep(store, *(article(f"Bài {one}", f"số{one}") for one in range(count, count + 3)))
            builder = IndexBuilder(store)
            (builder.rebuild if turn % 4 == 3 else builder.update)()
            count, turn = count + 3, turn + 1
            sys.stdout.write(f"{count}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _write(Path(sys.argv[1]), float(sys.argv[2]))
