"""The operator's operations on articles: removed, hidden, shown again, edited, and by whom.

Each has a number of its own in the one sequence of changes. What is removed or hidden is withheld:
no reader gets it, and adding the same document again does not bring it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, inspect, select

from archive.catalogue import tables
from archive.errors import DamagedError, StoreError, WithdrawnError
from archive.passages import PASSAGES, without_passages
from archive.records import Article, Origin, Version, canonical_url, to_dict, utc_now

_VIETNAM = timezone(timedelta(hours=7))
_SHAPES = {"year": r"\d{4}", "month": r"\d{4}-\d\d", "day": r"\d{4}-\d\d-\d\d"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


class OperationKind(StrEnum):
    """The kinds of operation."""

    REMOVED = "removed"
    HIDDEN = "hidden"
    SHOWN = "shown"
    EDITED = "edited"


WITHHOLDING = (OperationKind.REMOVED, OperationKind.HIDDEN)
"""The operations after which no reader gets an article."""

_OF_VISIBILITY = (*WITHHOLDING, OperationKind.SHOWN)


@dataclass(frozen=True, slots=True)
class OperatorNote:
    """Who asks for an operation, why, and when.

    Attributes:
        reason: in the operator's words; readers see it on the page of what was removed.
        actor: name of the operator.
        made: ISO 8601.
        due: for hidden articles the moment from which they are shown again; else empty.
    """

    reason: str
    actor: str
    made: str = field(default_factory=lambda: utc_now().isoformat())
    due: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on an article, or on one version of it (`version` 0 is the whole article).

    Attributes:
        changes: the corrected fields of an edited article, as in its JSON.
    """

    sequence: int
    identifier: str
    version: int
    kind: OperationKind
    note: OperatorNote
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OperatorState:
    """What the operator's operations mean for documents that are added or read again.

    Attributes:
        articles: the last operation on the visibility of each article as a whole.
        parts: the last removal of a version of each article.
        digests: the identifier by the digest of an original that nothing may bring back.
        destroyed: identifier and digest of the originals that were destroyed.
        corrections: the corrected fields of articles; None for one that was lifted.
    """

    articles: dict[str, Operation] = field(default_factory=dict)
    parts: dict[str, Operation] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    destroyed: set[tuple[str, str]] = field(default_factory=set)
    corrections: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def passages(self) -> dict[str, frozenset[str]]:
        """The digests of the passages that were removed, by article."""
        return {
            identifier: frozenset(fields[PASSAGES])
            for identifier, fields in self.corrections.items()
            if fields.get(PASSAGES)
        }

    @property
    def without_original(self) -> frozenset[str]:
        """The articles whose originals nobody may see: withheld, or without some passages."""
        withheld = (name for name, last in self.articles.items() if last.kind in WITHHOLDING)
        return frozenset((*withheld, *self.passages))

    def is_withheld(self, identifier: str, digest: str) -> bool:
        """Tell whether an article, or an original under any name, was removed or is hidden."""
        operation = self.articles.get(identifier)
        return digest in self.digests or bool(operation and operation.kind in WITHHOLDING)

    def refuse_withheld(self, identifier: str, digest: str) -> None:
        """Refuse an article that was removed or is hidden, also under another name.

        Raises:
            WithdrawnError: it is.
        """
        identifier = self.digests.get(digest, identifier)
        operation = self.articles.get(identifier)
        if operation and operation.kind in WITHHOLDING:
            raise withdrawn_error(operation)
        if digest in self.digests:
            part = self.parts.get(identifier)
            raise (
                withdrawn_error(part)
                if part
                else WithdrawnError(identifier, OperationKind.REMOVED, "-", "")
            )


def withdrawn_error(operation: Operation) -> WithdrawnError:
    """Return the error for what an operation withholds."""
    note = operation.note
    return WithdrawnError(
        operation.identifier, operation.kind.value, note.reason, note.made, operation.version
    )


def read_operations(
    connection: Connection, after: int = 0, identifier: str = "", limit: int = 1000
) -> list[Operation]:
    """Return operations after a number of the sequence, in order; of one article if it is named."""
    table = tables.operations
    # A catalogue of schema 4 that is only read has none.
    if not inspect(connection).has_table(table.name):
        return []
    query = select(table).where(table.c.sequence > after).order_by(table.c.sequence).limit(limit)
    if identifier:
        query = query.where(table.c.identifier == identifier)
    return [_to_operation(row) for row in connection.execute(query)]


def find_withdrawal(
    connection: Connection, identifier: str, version: int | None = None
) -> Operation | None:
    """Return the operation that withholds an article, or the version of it that is named."""
    last: dict[int, Operation] = {}
    for operation in read_operations(connection, 0, identifier, limit=100_000):
        if operation.kind in _OF_VISIBILITY:
            last[operation.version] = operation
    candidates = (last.get(0), last.get(version or 0))
    return next((each for each in candidates if each and each.kind in WITHHOLDING), None)


def removed_versions(connection: Connection) -> list[tuple[str, int]]:
    """Return identifier and version of what is removed now; version 0 is a whole article."""
    last: dict[tuple[str, int], Operation] = {}
    after = 0
    while page := read_operations(connection, after):
        after = page[-1].sequence
        for operation in page:
            if operation.kind in _OF_VISIBILITY:
                last[operation.identifier, operation.version] = operation
    removed = (name for name, each in last.items() if each.kind is OperationKind.REMOVED)
    return sorted(removed)


def read_operator_state(connection: Connection) -> OperatorState:
    """Return what the operator's operations mean for documents that are added or read again."""
    state, after = OperatorState(), 0
    while page := read_operations(connection, after):
        after = page[-1].sequence
        for operation in page:
            identifier = operation.identifier
            is_edited = operation.kind is OperationKind.EDITED
            if is_edited or operation.changes:
                state.corrections.setdefault(identifier, {}).update(operation.changes)
            if is_edited:
                continue
            if operation.version:
                state.parts[identifier] = operation
            else:
                state.articles[identifier] = operation
    table = tables.withheld_originals
    if inspect(connection).has_table(table.name):
        for row in connection.execute(select(table)):
            if row.withheld:
                state.digests[row.digest] = row.identifier
            if row.destroyed:
                # A crawl's record or a container that held it is of no article.
                state.destroyed.update([(row.identifier, row.digest), ("", row.digest)])
    return state


def correct(article: Article, fields: Mapping[str, Any]) -> Article:
    """Return an article with corrected fields; those that are None stay as they are.

    The field `passages` holds the digests of passages that were removed.

    Raises:
        ValueError: a date is none.
        msgspec.ValidationError: a value is of another type.
    """
    fields = {name: value for name, value in fields.items() if value is not None}
    if not fields:
        return article
    article = without_passages(article, fields.pop(PASSAGES, ()))
    moment, precision = article.published, article.published_precision
    if "published" in fields:
        moment, precision = _read_date(fields.pop("published"))
    record = to_dict(article) | fields
    record |= {"published": None, "captured": None}
    if "language" in fields:
        record["is_language_detected"] = False
    corrected = msgspec.convert(record, Article)
    return replace(
        corrected, published=moment, published_precision=precision, captured=article.captured
    )


def refuse_repeated(
    connection: Connection, identifier: str, version: int, *, destroy_one_of: Collection[str] = ()
) -> None:
    """Refuse to remove an article, or a version, once more.

    Args:
        connection: to the catalogue.
        identifier: the article.
        version: the number of the version; 0 is the whole article.
        destroy_one_of: digests of originals that are to be destroyed as well.

    Raises:
        WithdrawnError: it is removed already, and its originals are as they are to be.
    """
    last = find_withdrawal(connection, identifier, version)
    if last is None or last.kind is not OperationKind.REMOVED:
        return
    w = tables.withheld_originals
    destroyed = select(w.c.digest).where(w.c.identifier == identifier, w.c.destroyed.is_(True))
    if set(destroy_one_of) <= set(connection.execute(destroyed).scalars()):
        raise withdrawn_error(last)


def refuse_idle_correction(
    article: Article, corrected: Mapping[str, Any], fields: Mapping[str, Any]
) -> None:
    """Refuse a correction that changes nothing.

    Args:
        article: the article as it is.
        corrected: the values of the fields that are corrected already.
        fields: the values to correct, None to lift a correction.

    Raises:
        StoreError: a field that is to be lifted is not corrected, or the article has every value.
    """
    lifted = [name for name, value in fields.items() if value is None]
    for name in lifted:
        if corrected.get(name) is None:
            raise StoreError(f"{name} is not corrected: there is nothing to lift")
    if not lifted and correct(article, fields) == article:
        raise StoreError("nothing would change: the article has these values")


def refuse_wrong_values(fields: Mapping[str, Any]) -> None:
    """Refuse an address, a date and a language that are none.

    Those that are stored are as their documents, or older programs, had them.

    Raises:
        StoreError: one is none.
    """
    published = fields.get("published")
    if isinstance(published, str) and published and not _is_date(published):
        raise StoreError(
            f"published: {published} is no date such as 2022, 2022-12, 2022-12-19 or "
            "2022-12-19T08:30"
        )
    address, language = fields.get("url"), fields.get("language")
    if isinstance(address, str) and address and not canonical_url(address):
        raise StoreError(f"url: {address} is no address of a page (http or https)")
    if isinstance(language, str) and language and not _LANGUAGE.fullmatch(language):
        raise StoreError(f"language: {language} is no label of a language (vi, en, zh-Hant)")


def _is_date(text: str) -> bool:
    """Tell whether a text is a date of the calendar, as precise as a year or a second."""
    if not any(re.fullmatch(shape, text, re.ASCII) for shape in _SHAPES.values()):
        if not _MOMENT.fullmatch(text):
            return False
    try:
        _read_date(text)
    except ValueError:
        return False
    return True


def _read_date(text: str) -> tuple[datetime | None, str]:
    """Return the earliest moment of a date in ISO 8601, and its precision."""
    if not text:
        return None, ""
    for precision, shape in _SHAPES.items():
        if re.fullmatch(shape, text, re.ASCII):
            first = datetime.fromisoformat((text + "-01-01")[:10])
            return first.replace(tzinfo=_VIETNAM), precision
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_VIETNAM)), ""


def _to_operation(row: Row[Any]) -> Operation:
    try:
        changes = json.loads(row.changes)
        note = OperatorNote(row.reason, row.actor, row.made, row.due)
        kind = OperationKind(row.kind)
        return Operation(row.sequence, row.identifier, row.version, kind, note, changes)
    except (ValueError, TypeError) as error:
        raise DamagedError(
            f"the catalogue's operation {row.sequence!r} cannot be read; run `tangthu verify`"
        ) from error


def empty_record(identifier: str, version: Version) -> Article:
    """Return the record of a version from which everything was withdrawn."""
    origin = Origin("", version.origin.reader, version.origin.reader_version)
    stub = Article(title="", origin=origin, is_language_detected=True)
    record = to_dict(replace(stub, identifier=identifier, digest=version.digest))
    return msgspec.convert({**record, "captured": version.captured}, Article, strict=False)
