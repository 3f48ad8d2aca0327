"""The tasks of a rebuild: analysing ranges of articles, and joining the results."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from archive.errors import EngineError, write_failures_as
from archive.records import Article
from archive.settings.catalogue_location import CatalogueLocation
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document, build_document
from indexer.derived.dataset import DerivedData
from indexer.derived.word_ids import Vocabulary
from indexer.engine_factory import index_files
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.checkpoint import RebuildCheckpoint, finish_folder
from indexer.indexing.worker_pool import TaskDone

WORDS = "words.json"
"""The words that the analyzer met first in a task: a resumed rebuild need not analyse them."""

_LONGEST_WAIT = 60


@dataclass(frozen=True, slots=True)
class DocumentTasks:
    """The tasks that analyse a range of articles each, into spill files and derived data.

    Attributes:
        options: its memory bounds the buffered documents; its load average the start of a task.
    """

    home: Path
    location: CatalogueLocation
    checkpoint: RebuildCheckpoint
    options: BuildOptions

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        """Do some of the tasks; see `worker_pool.TaskSet`."""
        vocabulary = self.new_vocabulary()
        with Store(self.home, self.location) as store:
            for number in numbers:
                articles = store.articles(share=(number, self.checkpoint.plan.tasks))
                task_done(number, self.analyse(articles, vocabulary, number))

    def new_vocabulary(self) -> Vocabulary:
        """Return a vocabulary with the words of the tasks that are finished here."""
        analyzer = Analyzer()
        for number in self.checkpoint.finished_tasks():
            analyzer.import_memo(_load_words(self.checkpoint.task_folder(number)))
        return Vocabulary(analyzer)

    def analyse(
        self, articles: Iterable[tuple[Article, int]], vocabulary: Vocabulary, number: int
    ) -> int:
        """Do one task, whose articles are these; return their number."""
        _wait_for_load(self.options.max_load)
        derived, document_count = DerivedData(vocabulary=vocabulary), 0
        analyzer = vocabulary.analyzer
        words_before = analyzer.memo_size

        def documents() -> Iterator[Document]:
            nonlocal document_count
            for article, version in articles:
                document = build_document(analyzer, article, version)
                derived.add(article, document)
                document_count += 1
                yield document

        target = self.checkpoint.task_folder(number)
        with _temporary_folder(target) as temporary:
            files = index_files(self.checkpoint.plan.address)
            spill_files = files.spill(temporary, documents(), self.options.memory)
            derived.save(temporary, served=False)
            _save_words(temporary, analyzer.export_memo(words_before))
            finish_folder(temporary, target, document_count, spill_files)
        return document_count


@dataclass(frozen=True, slots=True)
class JoiningTasks:
    """The tasks that join what the document tasks left: a segment each, and last the derived data.

    Attributes:
        groups: the spill files of each segment.
        folder: where the derived data of all articles go.
        options: see `DocumentTasks`.
    """

    checkpoint: RebuildCheckpoint
    groups: Sequence[Sequence[Path]]
    folder: Path
    options: BuildOptions

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        """Do some of the tasks; see `worker_pool.TaskSet`."""
        for number in numbers:
            _wait_for_load(self.options.max_load)
            if number < len(self.groups):
                self._assemble(self.groups[number])
            else:
                self._merge_derived_data()
            task_done(number, 0)

    def _assemble(self, spill_files: Sequence[Path]) -> None:
        sequence, memory = self.checkpoint.plan.sequence, self.options.memory
        target = self.checkpoint.segment_folder(spill_files)
        with _temporary_folder(target) as temporary:
            index_files().assemble(temporary, spill_files, sequence, memory)
            finish_folder(temporary, target, 0)

    def _merge_derived_data(self) -> None:
        with write_failures_as(EngineError, self.folder):
            self.checkpoint.merge_derived_data().save(self.folder)


def _save_words(folder: Path, words: Sequence[tuple[str, str]]) -> None:
    text = json.dumps(list(chain.from_iterable(words)), ensure_ascii=False)
    (folder / WORDS).write_bytes(text.encode("utf-8", "surrogatepass"))


def _load_words(folder: Path) -> Iterator[tuple[str, str]]:
    """Read what `_save_words` wrote; its digest was checked with those of the other files."""
    words = json.loads((folder / WORDS).read_bytes().decode("utf-8", "surrogatepass"))
    return zip(words[::2], words[1::2], strict=True)


@contextmanager
def _temporary_folder(target: Path) -> Iterator[Path]:
    """Make an empty folder beside `target`, of this process's own, to be renamed to it.

    Raises:
        EngineError: something cannot be written, in the block as well.
    """
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    with write_failures_as(EngineError, target):
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        yield temporary


def _wait_for_load(max_load: float) -> None:
    """Wait, but no longer than a minute, until the machine's load average is low enough."""
    for _ in range(_LONGEST_WAIT):
        if not max_load or os.getloadavg()[0] <= max_load:
            return
        time.sleep(1)
