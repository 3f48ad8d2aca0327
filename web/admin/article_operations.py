"""What an operator does to articles, and all that follows: index, ledgers beside backups, erasure.

The commands and the operator's pages share these functions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from archive.backups.removal_ledger import write_ledgers
from archive.catalogue.operations import OperationKind, OperatorNote
from archive.errors import ArchiveError, NotFoundError, StoreLockedError, WithdrawnError
from archive.passages import passage_digest, passages_at
from archive.records import Change, ChangeKind
from archive.store import Store
from archive.writing.operator_batch import LONGEST_REASON
from indexer.indexing.index_builder import IndexBuilder

LONGEST_ACTOR = 200
"""Characters of an operator's name."""


_REASON, _BY, _UNTIL = "reason", "by", "until"


class NoteError(ArchiveError):
    """A reason, a name or an end of hiding that cannot be.

    Attributes:
        option: the option of the commands that has it.
    """

    def __init__(self, message: str, option: str) -> None:
        self.option = option
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class OperationReport:
    """The result of an operation.

    Attributes:
        change: its step in the sequence of changes; None: a removed article may be added again.
        remarks: what is left to do.
        failure: why the index does not have it yet, though it is done; empty where it has.
    """

    change: Change | None
    remarks: tuple[str, ...] = ()
    failure: str = ""


def make_note(reason: str, actor: str, due: str = "") -> OperatorNote:
    """Return a note of who asks, and why.

    Raises:
        NoteError: the reason or the name is empty or too long, or the moment has passed.
    """
    reason, actor = reason.strip(), actor.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise NoteError(f"a reason has 1 to {LONGEST_REASON} characters", _REASON)
    if not 0 < len(actor) <= LONGEST_ACTOR:
        raise NoteError(f"the name of who asks has 1 to {LONGEST_ACTOR} characters", _BY)
    if due and due <= datetime.now(UTC).isoformat():
        raise NoteError("an end of hiding is in the future: this moment has passed", _UNTIL)
    return OperatorNote(reason, actor, due=due)


def remove_article(
    store: Store, identifier: str, note: OperatorNote, version: int = 0, *, destroy: bool = False
) -> OperationReport:
    """Withdraw an article, or one version of it, and leave a tombstone.

    Raises:
        ArchiveError: there is none, or it cannot be done.
    """
    with _finished_if_done(store), store.operator_batch() as batch:
        change = batch.remove(identifier, note, version, destroy=destroy)
    report = _follow(store, change)
    copies = [*store.home.glob("catalogue.sqlite.*bak"), *store.home.glob("catalogue.sqlite.moved")]
    remarks = [f"{path} may still hold it: delete it when it is not needed" for path in copies]
    return OperationReport(change, (*report.remarks, *remarks), report.failure)


def remove_passages(
    store: Store,
    identifier: str,
    note: OperatorNote,
    places: Collection[str],
    *,
    destroy: bool = False,
) -> OperationReport:
    """Take passages out of an article, and withdraw every version that has one of them.

    Args:
        store: the archive.
        identifier: the article.
        note: who asks, and why.
        places: such as `s3`, `s3.2`, `lead`, `caption1`, in the newest version.
        destroy: overwrite the originals, too.

    Raises:
        NotFoundError: there is no such article or passage.
        ArchiveError: it cannot be done.
    """
    article, digests = store.get(identifier), set[str]()
    for place in places:
        texts = passages_at(article, place)
        if not texts:
            raise NotFoundError(identifier, f"{identifier} has no passage {place}")
        digests |= {passage_digest(text) for text in texts}
    with store.operator_batch() as batch:
        change = batch.remove_passages(identifier, note, digests, destroy=destroy)
    return _follow(store, change)


def hide_article(store: Store, identifier: str, note: OperatorNote) -> OperationReport:
    """Hide an article, for good or until the note's moment.

    Raises:
        ArchiveError: there is none, or it cannot be done.
    """
    with _finished_if_done(store), store.operator_batch() as batch:
        change = batch.hide(identifier, note)
    return _follow(store, change)


def show_article_again(store: Store, identifier: str, note: OperatorNote) -> OperationReport:
    """Show a hidden article again, or let a removed one, or what was removed of one, be added.

    Raises:
        ArchiveError: it is neither hidden nor removed.
    """
    with store.operator_batch() as batch:
        change = batch.show_again(identifier, note)
    report = _follow(store, change)
    if change is None or change.kind is ChangeKind.ADDED:
        return report
    remark = (
        "a version comes back when its document is added again, passages by "
        f"`tangthu rebuild --reparse --force --only id:{identifier}`"
    )
    return replace(report, remarks=(*report.remarks, remark))


def correct_article(
    store: Store, identifier: str, fields: Mapping[str, Any], note: OperatorNote
) -> OperationReport:
    """Correct the metadata of an article, as a version of its own.

    Args:
        store: the archive.
        identifier: the article.
        fields: the corrected fields; None lifts a correction.
        note: who asks, and why.

    Raises:
        ArchiveError: there is none, a value is not allowed, or nothing would change.
    """
    with store.operator_batch() as batch:
        change = batch.edit(identifier, dict(fields), note)
    report = _follow(store, change)
    if None not in fields.values():
        return report
    remark = (
        "what the document itself says comes back when it is read again: "
        f"`tangthu rebuild --reparse --force --only id:{identifier}`"
    )
    return replace(report, remarks=(*report.remarks, remark))


def read_correction(field: str, text: str) -> Any:
    """Return a corrected field as the article has it; several authors are separated by `;`."""
    if field == "authors":
        return [person.strip() for person in text.split(";") if person.strip()]
    return text.strip()


def show_due(store: Store) -> int:
    """Show the articles that were hidden until a moment that has come.

    Returns:
        How many.
    """
    now, shown = datetime.now(UTC).isoformat(), 0
    hidden = [
        operation
        for operation in store.operator_state().articles.values()
        if operation.kind is OperationKind.HIDDEN and operation.note.due
    ]
    due = [operation for operation in hidden if operation.note.due <= now]
    if due:
        with store.operator_batch() as batch, suppress(StoreLockedError):
            for operation in due:
                note = OperatorNote(f"hidden until {operation.note.due}", "tangthu")
                batch.show_again(operation.identifier, note)
                shown += 1
    return shown


def erase_removed(store: Store) -> None:
    """Empty the records of what was removed, after the index has been brought up to date."""
    if store.operator_state().digests:
        with store.operator_batch() as batch:
            batch.erase_removed()


@contextmanager
def _finished_if_done(store: Store) -> Iterator[None]:
    """Let what is refused because it is done already follow all the same: it was interrupted."""
    try:
        yield
    except WithdrawnError:
        _follow(store, None)
        raise


def _follow(store: Store, change: Change | None) -> OperationReport:
    """Bring the index and the ledgers beside backups up to date."""
    problems = write_ledgers(store)
    remarks = [f"a backup would bring it back: {problem}" for problem in problems]
    if store.originals.pieces and store.originals.pieces.stale_count():
        remarks.append(
            "the object storage still holds what is to be destroyed: `tangthu ship` goes on"
        )
    failure = ""
    try:
        IndexBuilder(store).update()
        erase_removed(store)
    except StoreLockedError as error:
        remarks.append(f"not indexed yet: {error}, then `tangthu update`")
    except ArchiveError as error:
        failure = f"it is done, but not in the index: {error}"
    return OperationReport(change, tuple(remarks), failure)
