"""The two kinds of work of a rebuild: making parts of articles, and segments of parts."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from archive.errors import EngineError, describe_write_failure
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.derived.dataset import DerivedData
from indexer.derived.word_ids import Vocabulary
from indexer.engine_factory import index_files
from indexer.indexing.checkpoint import Workshop, finish
from indexer.indexing.worker_pool import Told

WORDS = "words.json"
"""What the analyzer had to read for a part: spares who goes on from there the same work."""

_LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class PartJob:
    """Makes parts: analyses a range of articles, keeps drafts of them and what they teach.

    Attributes:
        memory: bytes that the buffered documents of this process may take.
        max_load: load average of the machine above which it waits between two parts; 0 is none.
    """

    home: Path
    catalogue_url: str | None
    shop: Workshop
    memory: int
    max_load: float = 0.0

    def __call__(self, tasks: Sequence[int], told: Told) -> None:
        """Make some parts; see `workers.Job`."""
        analyzer = Analyzer()
        for number in self.shop.finished():
            analyzer.know(_load_words(self.shop.part(number)))
        vocabulary = Vocabulary(analyzer)
        with Store(self.home, self.catalogue_url) as store:
            for number in tasks:
                _wait(self.max_load)
                told(number, self._make(store, vocabulary, number))

    def _make(self, store: Store, vocabulary: Vocabulary, number: int) -> int:
        learned, documents = DerivedData(vocabulary=vocabulary), 0
        analyzer = vocabulary.analyzer
        known = analyzer.size

        def analysed() -> Iterator[Document]:
            nonlocal documents
            for article, version in store.articles(share=(number, self.shop.plan.parts)):
                document = build_document(analyzer, article, version)
                learned.learn(article, document)
                documents += 1
                yield document

        target = self.shop.part(number)
        try:
            beside = _fresh(target)
            index_files().spill(beside, analysed(), self.memory)
            learned.save(beside, served=False)
            _save_words(beside, analyzer.known(known))
            finish(beside, target, documents)
        except OSError as error:
            raise EngineError(describe_write_failure(target, error)) from error
        return documents


@dataclass(frozen=True, slots=True)
class SegmentJob:
    """Assembles groups of drafts into segments; the attributes are those of `PartJob`."""

    shop: Workshop
    groups: Sequence[Sequence[Path]]
    memory: int
    max_load: float = 0.0

    def __call__(self, tasks: Sequence[int], told: Told) -> None:
        """Assemble some groups; see `workers.Job`."""
        for number in tasks:
            _wait(self.max_load)
            target = self.shop.segment(self.groups[number])
            try:
                beside = _fresh(target)
                index_files().assemble(
                    beside, self.groups[number], self.shop.plan.sequence, self.memory
                )
                finish(beside, target, 0)
            except OSError as error:
                raise EngineError(describe_write_failure(target, error)) from error
            told(number, 0)


def _save_words(folder: Path, words: Sequence[tuple[str, str]]) -> None:
    text = json.dumps(list(chain.from_iterable(words)), ensure_ascii=False)
    (folder / WORDS).write_bytes(text.encode("utf-8", "surrogatepass"))


def _load_words(folder: Path) -> Iterator[tuple[str, str]]:
    """What `_save_words` wrote; its digest was checked with those of the part's other files."""
    words = json.loads((folder / WORDS).read_bytes().decode("utf-8", "surrogatepass"))
    return zip(words[::2], words[1::2], strict=True)


def _fresh(target: Path) -> Path:
    """An empty folder of this process's own beside a target."""
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    return beside


def _wait(max_load: float) -> None:
    for _ in range(_LONGEST_WAIT):
        if not max_load or os.getloadavg()[0] <= max_load:
            return
        time.sleep(1)
