"""How things are measured: indexing in processes of their own, queries in turn."""

from __future__ import annotations

import resource
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from indexer.engine_factory import index_files
from tests.bench.bench_corpus import Corpus
from tests.bench.bench_engines import Building, Opened


@dataclass(frozen=True)
class Cost:
    """What making an index takes.

    Attributes:
        seconds: adding and writing; reading and analysing articles is left out.
        cpu: processor seconds of the same, all threads and processes together.
        memory: the most bytes that its processes held, the interpreter and the articles included.
        size: bytes of its files.
    """

    seconds: float
    cpu: float
    memory: int
    size: int = 0


def index(make: Callable[[Path], Building], folder: Path, corpus: Corpus) -> Cost:
    """Make an index in a process of its own."""
    with _one_process() as pool:
        cost = pool.submit(_index_part, make, folder, corpus, (0, 1)).result()
    return Cost(cost.seconds, cost.cpu, cost.memory, size_of(folder))


def index_in_parts(
    make: Callable[[Path], Building], folder: Path, corpus: Corpus, parts: int
) -> Cost:
    """Make an index in several processes, each a share of the articles."""
    folders = [folder.with_name(f"{folder.name}-part{part}") for part in range(parts)]
    pools = [_one_process() for _ in range(parts)]
    futures: list[Future[Cost]] = [
        pool.submit(_index_part, make, each, corpus, (part, parts))
        for part, (pool, each) in enumerate(zip(pools, folders, strict=True))
    ]
    costs = [future.result() for future in futures]
    for pool in pools:
        pool.shutdown()
    start = time.perf_counter()
    index_files().adopt(folder, folders, 1)
    took = time.perf_counter() - start
    return Cost(
        max(cost.seconds for cost in costs) + took,
        sum(cost.cpu for cost in costs) + took,
        sum(cost.memory for cost in costs),
        size_of(folder),
    )


def _one_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"))


def _index_part(
    make: Callable[[Path], Building], folder: Path, corpus: Corpus, part: tuple[int, int]
) -> Cost:
    building, seconds, cpu = make(folder), 0.0, 0.0
    for batch in corpus.batches(*part):
        prepared = building.prepare(batch)
        start, started = time.perf_counter(), time.process_time()
        building.add(prepared)
        seconds, cpu = seconds + time.perf_counter() - start, cpu + time.process_time() - started
    start, started = time.perf_counter(), time.process_time()
    building.finish()
    seconds, cpu = seconds + time.perf_counter() - start, cpu + time.process_time() - started
    return Cost(seconds, cpu, peak())


def peak() -> int:
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def size_of(folder: Path) -> int:
    """The bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Times:
    """Milliseconds of processor time of each query, the least of several rounds.

    Processor time, because nothing here waits for a disk, and other work on the machine would
    lengthen slow queries more than fast ones.
    """

    each: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        """Nineteen of twenty take no longer."""
        return sorted(self.each)[int(0.95 * (len(self.each) - 1))]


def in_turn(
    engines: Sequence[Opened], kind: str, queries: Sequence[Sequence[str]], rounds: int = 5
) -> list[Times]:
    """Ask every engine each query before the next one, so that noise hits all alike."""
    least = [[float("inf")] * len(queries) for _ in engines]
    for at, words in enumerate(queries):
        asked = [engine.asked(kind, words) for engine in engines]
        for _ in range(rounds):
            for number, ask in enumerate(asked):
                start = time.thread_time()
                ask()
                took = 1000 * (time.thread_time() - start)
                least[number][at] = min(least[number][at], took)
    return [Times(tuple(each)) for each in least]


def in_threads(
    work: Callable[[int], object], count: int, threads: int
) -> tuple[float, list[object]]:
    """Do numbered pieces of work in some threads; the seconds, and each result in order."""
    results: list[object] = [None] * count

    def share(first: int) -> None:
        for number in range(first, count, threads):
            results[number] = work(number)

    workers = [threading.Thread(target=share, args=(first,)) for first in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start, results


@dataclass(frozen=True)
class Opening:
    """Milliseconds to open an index, and the private bytes that it adds to a process."""

    milliseconds: float
    opened: int
    searched: int


def opening(
    open_it: Callable[[Path], Opened], folder: Path, words: Iterable[Sequence[str]]
) -> Opening:
    """Open an index in a process of its own, then ask it any-of queries."""
    with _one_process() as pool:
        return pool.submit(_opening, open_it, folder, list(words)).result()


def _opening(
    open_it: Callable[[Path], Opened], folder: Path, queries: list[Sequence[str]]
) -> Opening:
    open_it(folder)
    times = []
    before, kept = private(), []
    for _ in range(5):
        start = time.perf_counter()
        kept.append(open_it(folder))
        times.append(1000 * (time.perf_counter() - start))
    opened = (private() - before) // len(kept)
    del kept[1:]
    before = private()
    for words in queries:
        kept[0].asked("any", words)()
    return Opening(min(times), opened, opened + private() - before)


def private() -> int:
    """Bytes of memory that belong to this process alone; mapped files are everybody's."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))
