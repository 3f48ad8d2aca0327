"""Measure indexing, in processes of its own, and queries, engine by engine in turn."""

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
from tests.bench.bench_engines import EngineReader, EngineWriter


@dataclass(frozen=True)
class Cost:
    """The cost of making an index.

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


def measure_indexing(make: Callable[[Path], EngineWriter], folder: Path, corpus: Corpus) -> Cost:
    """Make an index in a process of its own."""
    with _one_process() as pool:
        cost = pool.submit(_index_part, make, folder, corpus, (0, 1)).result()
    return Cost(cost.seconds, cost.cpu, cost.memory, folder_size(folder))


def measure_parallel_indexing(
    make: Callable[[Path], EngineWriter], folder: Path, corpus: Corpus, parts: int
) -> Cost:
    """Make an index in several processes, each a share of the articles."""
    folders = [folder.with_name(f"{folder.name}-part{part}") for part in range(parts)]
    pools = [_one_process() for _ in range(parts)]
    futures: list[Future[Cost]] = [
        pool.submit(_index_part, make, part_folder, corpus, (part, parts))
        for part, (pool, part_folder) in enumerate(zip(pools, folders, strict=True))
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
        folder_size(folder),
    )


def _one_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, get_context("spawn"))


def _index_part(
    make: Callable[[Path], EngineWriter], folder: Path, corpus: Corpus, part: tuple[int, int]
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
    return Cost(seconds, cpu, peak_memory())


def peak_memory() -> int:
    """Return the most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def folder_size(folder: Path) -> int:
    """Return the bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Times:
    """The processor milliseconds of each query, the least of several rounds.

    Processor time, because nothing here waits for a disk, and other work on the machine would
    lengthen slow queries more than fast ones.
    """

    milliseconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Return the median."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Return the 95th percentile."""
        return sorted(self.milliseconds)[int(0.95 * (len(self.milliseconds) - 1))]


def measure_queries(
    engines: Sequence[EngineReader], kind: str, queries: Sequence[Sequence[str]], rounds: int = 5
) -> list[Times]:
    """Ask every engine each query before the next one, so that noise hits all alike."""
    least = [[float("inf")] * len(queries) for _ in engines]
    for position, words in enumerate(queries):
        prepared = [engine.prepare_query(kind, words) for engine in engines]
        for _ in range(rounds):
            for number, ask in enumerate(prepared):
                start = time.thread_time()
                ask()
                took = 1000 * (time.thread_time() - start)
                least[number][position] = min(least[number][position], took)
    return [Times(tuple(times)) for times in least]


def run_in_threads(
    work: Callable[[int], object], count: int, threads: int
) -> tuple[float, list[object]]:
    """Do numbered pieces of work in threads; return the seconds, and the results in order."""
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
class OpeningCost:
    """The cost of opening an index: milliseconds, and the private bytes that a process gains."""

    milliseconds: float
    opened: int
    searched: int


def measure_opening(
    open_it: Callable[[Path], EngineReader], folder: Path, words: Iterable[Sequence[str]]
) -> OpeningCost:
    """Open an index in a process of its own, then ask it any-of queries."""
    with _one_process() as pool:
        return pool.submit(_opening, open_it, folder, list(words)).result()


def _opening(
    open_it: Callable[[Path], EngineReader], folder: Path, queries: list[Sequence[str]]
) -> OpeningCost:
    open_it(folder).close()
    times = []
    readers: list[EngineReader] = []
    memory_before = private_memory()
    for _ in range(5):
        start = time.perf_counter()
        readers.append(open_it(folder))
        times.append(1000 * (time.perf_counter() - start))
    opened = (private_memory() - memory_before) // len(readers)
    for reader in readers[1:]:
        reader.close()
    del readers[1:]
    memory_before = private_memory()
    for words in queries:
        readers[0].prepare_query("any", words)()
    searched = opened + private_memory() - memory_before
    readers[0].close()
    return OpeningCost(min(times), opened, searched)


def private_memory() -> int:
    """Return the bytes that belong to this process alone, which mapped files do not."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))
