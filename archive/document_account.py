"""The account of a document: what it holds and its article does not, and how far it was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_LEAST_PROSE = 600
"""Characters of prose on a page of which half should be kept."""


LEAST_CONFIDENCE = 70
"""Per cent of certainty below which the words of a recognised page should not be trusted."""


class ReadingState(StrEnum):
    """How far a document could be read; of one that was read as a whole nothing is kept."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NEEDS_OCR = "needs-ocr"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page whose words only OCR can read.

    Attributes:
        number: From 1.
        locator: The page as people cite it (`trang 12`).
        place: Sections of the document that come before it, as its reader parted it.
    """

    number: int
    locator: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """A page whose words were recognised in its picture.

    Attributes:
        number: From 1.
        locator: The page as people cite it (`trang 12`).
        confidence: Per cent of certainty, the mean over its words.
    """

    number: int
    locator: str
    confidence: int


@dataclass(frozen=True, slots=True)
class DocumentAccount:
    """The account of one document: what it holds and its article does not.

    Attributes:
        prose: Characters of prose on the page; 0 where a document is nothing but its text.
        kept: Characters of the article's text.
        unread_dates: Texts of dates that were not understood, or are impossible.
        unread_keys: Keys of long texts in a record that no field is read from.
        replaced: Places where bytes were no letter of the encoding.
        is_encoding_detected: Whether the article's encoding was recognised; nobody said it.
        state: How far it was read: a `ReadingState`; empty where it was read as a whole.
        reason: Why it was not read as a whole, in words.
        waiting: Its pages that wait for OCR, where others have words.
        recognized: Its pages whose words OCR recognised.
        program: The program that recognised them, with its version and its language.
    """

    prose: int = 0
    kept: int = 0
    unread_dates: tuple[str, ...] = ()
    unread_keys: tuple[str, ...] = ()
    replaced: int = 0
    is_encoding_detected: bool = False
    state: str = ""
    reason: str = ""
    waiting: tuple[WaitingPage, ...] = ()
    recognized: tuple[RecognizedPage, ...] = ()
    program: str = ""

    @property
    def confidence(self) -> int:
        """Per cent of certainty of the recognised pages, their mean; 0 where there are none."""
        confidences = [page.confidence for page in self.recognized]
        return round(sum(confidences) / len(confidences)) if confidences else 0

    @property
    def uncertain(self) -> tuple[RecognizedPage, ...]:
        """The recognised pages whose words should not be trusted."""
        return tuple(page for page in self.recognized if page.confidence < LEAST_CONFIDENCE)

    @property
    def problems(self) -> dict[str, str]:
        """The problems by kind (a state, `text`, `dates`, `keys`, `bytes`), each in words."""
        problems: dict[str, str] = {self.state: self.reason} if self.state else {}
        if self.prose >= _LEAST_PROSE and self.kept < self.prose / 2:
            problems["text"] = f"{self.kept} of {self.prose} characters of prose are kept"
        if self.unread_dates:
            dates = ", ".join(map(repr, self.unread_dates))
            problems["dates"] = f"dates that were not understood: {dates}"
        if self.unread_keys:
            problems["keys"] = f"keys that were not read: {', '.join(self.unread_keys)}"
        if self.replaced:
            problems["bytes"] = f"bytes that are no letters, replaced: {self.replaced}"
        return problems


def account_of_rest(most: int, count: int) -> DocumentAccount | None:
    """Return the account of a document of which only so many parts are read; None of a whole one.

    Args:
        most: The parts that are read.
        count: All of its parts: rows of a sheet, sheets, slides or chapters.
    """
    if count <= most:
        return None
    reason = f"rows, sheets, slides or chapters are beyond the {most} that are read"
    return DocumentAccount(state=ReadingState.PARTIAL, reason=reason)
