"""The account of one document: what it states that its article does not hold."""

from __future__ import annotations

from dataclasses import dataclass, field

_LONGEST_REMARK = 60
_MOST_REMARKS = 20


@dataclass(slots=True)
class ReadingAccount:
    """Remarks on one document, filled while it is read.

    Attributes:
        replaced: Places where bytes were no letter of the encoding.
        unread_dates: Texts of dates that were not understood, or are impossible.
        unread_keys: Keys of long texts in a record that no field is read from.
    """

    replaced: int = 0
    unread_dates: list[str] = field(default_factory=list)
    unread_keys: list[str] = field(default_factory=list)

    def add_date(self, text: str) -> None:
        """Note a date that was not understood."""
        if text.strip() and len(self.unread_dates) < _MOST_REMARKS:
            self.unread_dates.append(" ".join(text.split())[:_LONGEST_REMARK])

    def add_key(self, key: str) -> None:
        """Note a key whose long text was not read."""
        if len(self.unread_keys) < _MOST_REMARKS:
            self.unread_keys.append(key[:_LONGEST_REMARK])

    def remarks(self) -> list[str]:
        """Return a line for each kind of thing that was not read."""
        lines = []
        if self.unread_dates:
            lines.append(f"date not understood: {', '.join(map(repr, self.unread_dates))}")
        if self.unread_keys:
            lines.append(f"keys not read: {', '.join(self.unread_keys)}")
        if self.replaced:
            lines.append(f"bytes that are no letters, replaced: {self.replaced}")
        return lines
