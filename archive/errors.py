"""The errors of the whole project: one root, so that a caller can catch what is ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archive.database_errors import driver_message, remedy


class ArchiveError(Exception):
    """The root: its message says what happened and what to do about it."""


class StoreError(ArchiveError):
    """The store cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process is writing to this archive."""


class HomeGoneError(StoreError):
    """The home has no catalogue any more: it was moved or deleted while it was open."""


class DamagedError(StoreError):
    """A file or a record does not match its digest, or cannot be decoded."""


class NotFoundError(ArchiveError):
    """No article, version or generation of this name.

    Attributes:
        identifier: the name that was looked up.
    """

    def __init__(self, identifier: str, message: str = "") -> None:
        self.identifier = identifier
        super().__init__(message or f"nothing in the archive is called {identifier!r}")


class WithdrawnError(NotFoundError):
    """An article or version was removed, or is hidden for a time.

    Attributes:
        kind: `removed` or `hidden`.
        reason: in the operator's words.
        made: when, ISO 8601.
        version: the number of the one version that is meant; 0 is the whole article.
    """

    def __init__(
        self, identifier: str, kind: str, reason: str, made: str, version: int = 0
    ) -> None:
        self.kind, self.reason, self.made, self.version = kind, reason, made, version
        what = f"{identifier} is {kind} since {made[:10]}: {reason}; `tangthu show-again` undoes it"
        if version:
            what = (
                f"version {version} of {identifier} was removed on {made[:10]}: {reason}; "
                "`tangthu show-again` lets its text be added again"
            )
        super().__init__(identifier, what)


class IntakeError(ArchiveError):
    """A document cannot be read; its message is the reason shown to the operator."""


class NotAnArticleError(IntakeError):
    """A readable page that is no article (a front page, a list): skipped, not failed."""


class UnreadableError(IntakeError):
    """A document of a known format that is kept and cannot be read, or not yet.

    Attributes:
        state: how far it is read, one of the values of `records.ReadingState`.
    """

    def __init__(self, message: str, state: str = "damaged") -> None:
        self.state = state
        super().__init__(message)


class EngineError(ArchiveError):
    """The index cannot be opened, read or written."""


class NoIndexError(EngineError):
    """There is no published generation yet."""


class NotPublishedError(EngineError):
    """A new index failed its check and was set aside; the old one stays."""


class AnalyzerChangedError(EngineError):
    """The index was made by another analyzer or format version: rebuild it."""


def describe_write_failure(what: object, error: Exception) -> str:
    """Return the message for a write that the disk or the catalogue's database refuses."""
    reason = getattr(error, "strerror", None) or driver_message(error)
    return (
        f"{what} cannot be written: {reason}; {remedy(error) or 'make room or mend it'}, and run "
        "the command again. What was reported as done stays"
    )


@contextmanager
def write_failures_as(
    error_type: type[ArchiveError], what: object, causes: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Raise a write that the block is refused as an error of ours.

    Args:
        error_type: the error to raise.
        what: what the block writes, for the message.
        causes: the errors that are such a refusal.
    """
    try:
        yield
    except causes as error:
        raise error_type(describe_write_failure(what, error)) from error


def catalogue_read_failure(error: Exception) -> StoreError:
    """Return the error for a catalogue that cannot be read."""
    advice = remedy(error) or "if it is damaged, restore a backup"
    return StoreError(f"the catalogue cannot be read: {driver_message(error)}; {advice}")
