"""Plain stock Whoosh, writing: documents to postings, one segment a commit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.writing import SegmentWriter

from archive.errors import EngineError
from archive.files.atomic_files import sync_file, sync_folder
from indexer.analysis.documents import Document
from indexer.analysis.fields import ZONE_WEIGHTS, Field, Passage, Zone
from indexer.whoosh_engine.format.index_manifest import (
    MANIFEST,
    IndexManifest,
    SegmentEntry,
    read_manifest,
    write_manifest,
)
from indexer.whoosh_engine.format.schema import (
    OWN_FIELD,
    PASSAGE_GAP,
    TEXT_ZONES,
    Posting,
    folded_text,
    key_of,
    schema,
)
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh

FORMAT = "whoosh-3"
_INDEX = "MAIN"

Postings = dict[str, dict[str, Posting]]
"""The postings of one document: field -> key -> posting."""


def document_postings(document: Document) -> Postings:
    """Return the terms of a document as every engine counts them."""
    postings: Postings = {field.value: {} for field in Field}
    ends = dict.fromkeys(Field, 0)
    for passage in document.passages:
        words, folded = passage.words, [folded_text(word) for word in passage.words]
        own = OWN_FIELD.get(passage.zone)
        if own is not None:
            _count(postings[own], folded, ends[own], 1)
            ends[own] += len(words) + PASSAGE_GAP
            continue
        start, weight = ends[Field.FOLDED], ZONE_WEIGHTS[passage.zone]
        ends[Field.FOLDED] += len(words) + PASSAGE_GAP
        _count_text(postings, passage, start, weight)
        if passage.zone is Zone.TITLE:
            _count(postings[Field.TITLE], folded, start, 1)
            _count(postings[Field.TITLE_EXACT], _keys(Field.EXACT, words), start, 1)
        elif passage.zone is Zone.BYLINE:
            _count(postings[Field.AUTHOR], folded, start, 1)
    return postings


def _keys(field: Field, texts: Iterable[str]) -> list[str]:
    return [key_of(field, text) for text in texts]


def _count_text(postings: Postings, passage: Passage, start: int, weight: int) -> None:
    words = passage.words
    pairs = [f"{first} {second}" for first, second in zip(words, words[1:], strict=False)]
    _count(postings[Field.FOLDED], [folded_text(word) for word in words], start, weight)
    _count(postings[Field.EXACT], _keys(Field.EXACT, words), start, weight)
    for position, extra in passage.extras:
        _count(postings[Field.FOLDED], [folded_text(extra)], start + position, weight)
        _count(postings[Field.EXACT], _keys(Field.EXACT, [extra]), start + position, weight)
    _count(postings[Field.PAIRS], [folded_text(pair) for pair in pairs], None, weight)
    _count(postings[Field.EXACT_PAIRS], _keys(Field.EXACT_PAIRS, pairs), None, weight)


def _count(into: dict[str, Posting], keys: list[str], start: int | None, weight: int) -> None:
    for index, key in enumerate(keys):
        frequency, positions = into.get(key) or (0, [])
        if start is not None and start + index not in positions[-1:]:
            positions.append(start + index)
        into[key] = Posting(frequency + weight, positions)


def speaker_spans(document: Document) -> list[list[int]]:
    """Return for each named speaker where the name is in PERSON, and the section in the text."""
    sections: dict[int, list[int]] = {}
    names: list[tuple[int, int, int]] = []
    text_end = person_end = 0
    for passage in document.passages:
        size = len(passage.words)
        if passage.zone is Zone.PERSON:
            names.append((person_end, person_end + size, passage.section))
            person_end += size + PASSAGE_GAP
        elif passage.zone not in OWN_FIELD:
            span = sections.setdefault(passage.section, [text_end, 0])
            span[1] = text_end + size
            text_end += size + PASSAGE_GAP
    return [[*name, *sections[number]] for *name, number in names if number in sections]


def record_of(document: Document) -> dict[str, Any]:
    """Return the doc values of a document, and where its speakers speak."""
    return {
        "identifier": document.identifier,
        "version": document.version,
        "published": document.published,
        "month": [document.month] if document.month else [],
        "publisher": [document.publisher] if document.publisher else [],
        "category": [document.category] if document.category else [],
        "author": [name for name in dict.fromkeys(document.authors) if name],
        "person": [name for name in dict.fromkeys(document.people) if name],
        "state": [document.state] if document.state else [],
        "spans": speaker_spans(document),
        "words": [
            word
            for passage in document.passages
            if passage.zone in TEXT_ZONES
            for word in passage.words
        ],
    }


def open_segments(folder: Path, manifest: IndexManifest) -> list[W3Segment]:
    """Open the segments that a manifest names."""
    segments = []
    for entry in manifest.segments:
        deleted = set(entry.deleted) or None
        segment = W3Segment(W3Codec(), _INDEX, entry.documents, entry.name, deleted)
        segment._fieldlengths = json.loads((folder / lengths_name(segment)).read_bytes())
        segment.compound = True
        segments.append(segment)
    return segments


def lengths_name(segment: W3Segment) -> str:
    """Return the file of the total lengths of a segment's fields, which Whoosh pickles."""
    return str(segment.make_filename(".lengths.json"))


def records_name(segment: W3Segment) -> str:
    """Return the file of the records of a segment."""
    return str(segment.make_filename(".json"))


class _Index(FileIndex):  # type: ignore[misc]
    """A Whoosh index whose table of contents is our manifest."""

    def __init__(self, folder: Path, segments: list[W3Segment]) -> None:
        self.storage, self.indexname = FileStorage(str(folder)), _INDEX
        self._contents = TOC(schema(), segments, 0)

    def _read_toc(self) -> TOC:
        return self._contents


class _SegmentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, without its pickled table of contents and its cleaning."""

    segments_after: list[W3Segment]

    def _commit_toc(self, segments: list[W3Segment]) -> None:
        self.segments_after = segments


class StockWriter:
    """The reference implementation of `indexer.engine.api.IndexWriter`."""

    def __init__(self, folder: Path, memory: int = 512 << 20) -> None:
        """Open the index in a folder; see `indexer.engine.api.open_writer`."""
        check_whoosh()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._manifest = IndexManifest(FORMAT)
        if (folder / MANIFEST).exists():
            self._manifest = read_manifest(folder, FORMAT)
        self._segments = open_segments(self._folder, self._manifest)
        self._clean()
        index = _Index(folder, self._segments)
        self._writer = _SegmentWriter(index, limitmb=max(16, memory >> 20), _lk=False)
        self._records: list[dict[str, Any]] = []
        self._added: dict[str, int] = {}
        self._dropped: set[int] = set()
        self._committed: list[dict[str, int]] = [
            {
                record["identifier"]: number
                for number, record in enumerate(self._records_of(segment))
            }
            for segment in self._segments
        ]
        self._open = True

    def _records_of(self, segment: W3Segment) -> list[dict[str, Any]]:
        path = self._folder / records_name(segment)
        records: list[dict[str, Any]] = json.loads(path.read_bytes())
        return [
            record if not segment.is_deleted(number) else {"identifier": ""}
            for number, record in enumerate(records)
        ]

    def _clean(self) -> None:
        names = tuple(f"{segment.segment_id()}." for segment in self._segments)
        for path in self._folder.iterdir():
            if path.is_file() and path.name != MANIFEST and not path.name.startswith(names):
                path.unlink()

    def add(self, document: Document) -> None:
        """Add a document; see `indexer.engine.api.IndexWriter`."""
        self.delete(document.identifier)
        self._added[document.identifier] = len(self._records)
        self._append(document)

    def add_segment(self, documents: Iterable[Document], deleted: Iterable[int]) -> None:
        """Add exactly these documents, of which those with these numbers are deleted."""
        for document in documents:
            self._append(document)
        self._dropped.update(deleted)

    def _append(self, document: Document) -> None:
        postings = document_postings(document)
        self._records.append(record_of(document))
        self._writer.add_document(**{name: terms for name, terms in postings.items() if terms})

    def delete(self, identifier: str) -> None:
        """Delete a document; see `indexer.engine.api.IndexWriter`."""
        if identifier in self._added:
            self._dropped.add(self._added.pop(identifier))
        for segment, numbers in zip(self._segments, self._committed, strict=True):
            if identifier in numbers:
                segment.delete_document(numbers[identifier])

    def commit(self, sequence: int) -> None:
        """Write everything; see `indexer.engine.api.IndexWriter`."""
        if not self._open:
            raise EngineError("this batch of index changes is finished already")
        self._open = False
        self._writer.commit(merge=False)
        segments = self._writer.segments_after
        if self._records:
            for number in self._dropped:
                segments[-1].delete_document(number)
            path = self._folder / records_name(segments[-1])
            path.write_text(json.dumps(self._records), encoding="utf-8")
        for segment in segments:
            path = self._folder / lengths_name(segment)
            path.write_text(json.dumps(segment._fieldlengths), encoding="utf-8")
        for path in self._folder.iterdir():
            sync_file(path)
        sync_folder(self._folder)
        write_manifest(self._folder, self._committed_manifest(segments, sequence))

    def _committed_manifest(self, segments: list[W3Segment], sequence: int) -> IndexManifest:
        return replace(
            self._manifest,
            sequence=sequence,
            documents=sum(segment.doc_count() for segment in segments),
            segments=tuple(
                SegmentEntry(
                    name=segment.segid,
                    check=0,
                    documents=segment.doc_count_all(),
                    deleted=tuple(sorted(segment.deleted_docs())),
                )
                for segment in segments
            ),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Throw away changes that were not committed."""
        if self._open:
            self._open = False
            self._writer.cancel()
            self._segments = open_segments(self._folder, self._manifest)
            self._clean()
