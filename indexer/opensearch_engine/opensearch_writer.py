"""The writer of an index on a cluster: changes are kept until the commit, then sent in bulk.

Every change carries a version, the number of the commit that it belongs to: what is sent twice,
or late, changes nothing. Other hosts may write to the same index at once, each its own documents.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import msgspec

from archive.errors import EngineError, write_failures_as
from indexer.analysis.documents import Document
from indexer.opensearch_engine.bulk_requests import BulkSender
from indexer.opensearch_engine.cluster_client import ClientLimits, ClusterClient
from indexer.opensearch_engine.document_records import RecordBuilder
from indexer.opensearch_engine.index_pointer import read_pointer, write_pointer
from indexer.opensearch_engine.remote_index import RemoteIndex
from indexer.opensearch_engine.word_dictionary import dictionary_line

_MOST_WORDS: Final = 2_000_000
"""Words that are remembered as sent."""

_DELETED: Final = (-1, 0)


class OpenSearchWriter:
    """A batch of changes to one index; implements `indexer.engine.api.IndexWriter`."""

    def __init__(
        self, folder: Path, memory: int = 512 << 20, limits: ClientLimits | None = None
    ) -> None:
        """Open the index that a folder points to; see `indexer.engine_factory.open_writer`."""
        self._folder, self._pointer = folder, read_pointer(folder)
        self._client = ClusterClient(self._pointer.parsed_location, limits)
        self._index = RemoteIndex(self._client, self._pointer.index)
        with ExitStack() as on_failure:
            on_failure.callback(self._client.close)
            self._description = self._index.read_description()
            on_failure.pop_all()
        self._builder = RecordBuilder()
        self._records = tempfile.SpooledTemporaryFile(max(memory, 1))
        self._changes: dict[str, tuple[int, int]] = {}  # identifier -> offset, size of its record
        self._words: set[str] = set()
        self._sent_words: set[str] = set()
        self._open = True

    def add(self, document: Document) -> None:
        """Add a document, in place of any other of the same identifier."""
        self._check_open()
        record = self._builder.encode(document)
        with write_failures_as(EngineError, "the buffer of changes"):
            offset = self._records.tell()
            self._records.write(record)
        self.delete(document.identifier)
        self._changes[document.identifier] = offset, len(record)
        self._words |= self._builder.dictionary_words(document) - self._sent_words

    def delete(self, identifier: str) -> None:
        """Delete a document; an unknown identifier is no error."""
        self._check_open()
        # The last change of an identifier is the last one that is sent.
        self._changes.pop(identifier, None)
        self._changes[identifier] = _DELETED

    def flush(self) -> None:
        """Send the changes so far; searches see them after the next commit of anybody."""
        self._check_open()
        sender = BulkSender(self._client)
        sender.send(self._index.dictionary, self._dictionary_lines(), accepted=(409,))
        sender.send(self._index.name, self._change_lines(), accepted=(404, 409))
        if len(self._sent_words) > _MOST_WORDS:
            self._sent_words.clear()
        self._sent_words |= self._words
        self._words, self._changes = set(), {}
        self._records.seek(0)
        self._records.truncate()

    def commit(self, sequence: int) -> None:
        """Send everything, make it visible, and record the last sequence number it includes."""
        self.flush()
        self._open = False
        self._index.refresh()
        documents = self._index.count_documents()
        description = self._index.read_description()
        self._index.describe(replace(description, sequence=sequence, documents=documents))
        pointer = replace(self._pointer, sequence=sequence, documents=documents)
        write_pointer(self._folder, pointer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Throw away changes that were not committed."""
        self._open = False
        self._records.close()
        self._client.close()

    def _change_lines(self) -> Iterator[bytes]:
        """Yield the lines of each change."""
        version = {"version": self._description.sequence + 1, "version_type": "external_gte"}
        for identifier, (offset, size) in self._changes.items():
            head = {"_id": identifier, **version}
            if (offset, size) == _DELETED:
                yield msgspec.json.encode({"delete": head}) + b"\n"
            else:
                self._records.seek(offset)
                record = self._records.read(size)
                yield msgspec.json.encode({"index": head}) + b"\n" + record + b"\n"

    def _dictionary_lines(self) -> Iterator[bytes]:
        for word in sorted(self._words):
            identifier = hashlib.blake2b(word.encode(), digest_size=12).hexdigest()
            yield dictionary_line(word, self._builder.folded(word), identifier)

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError("this batch of index changes is finished already")
