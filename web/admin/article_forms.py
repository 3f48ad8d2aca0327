"""The forms of the operator's page of an article, read and carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archive.clocks import by_clock
from archive.errors import ArchiveError
from archive.records import CORRECTABLE
from archive.store import Store
from web.admin.article_operations import (
    OperationReport,
    correct_article,
    hide_article,
    make_note,
    read_correction,
    remove_article,
    remove_passages,
    show_article_again,
)
from web.services import current_site

OPERATIONS = ("remove", "hide", "show-again", "edit")
"""The operations that have a form."""


class FormError(ArchiveError):
    """A field of a form has a value that means nothing."""


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form that was refused, which is shown again as it was filled in.

    Attributes:
        operation: one of `OPERATIONS`; empty where no form was refused.
        fields: what was typed.
        problem: why, in the language of the page.
    """

    operation: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def typed(self, operation: str, name: str, kept: str = "") -> str:
        """Return what was typed into a field of an operation; else what is kept in it."""
        return self.fields.get(name, kept) if operation == self.operation else kept


def carry_out(
    store: Store, identifier: str, operation: str, form: Mapping[str, str], actor: str
) -> OperationReport:
    """Carry out the operation of a form.

    Args:
        store: the archive.
        identifier: the article.
        operation: one of `OPERATIONS`.
        form: the fields as they were sent.
        actor: name of the operator.

    Raises:
        FormError: a field has a value that means nothing.
        ArchiveError: there is no such article, or it cannot be done.
    """
    reason = form.get("reason", "")
    if operation == "hide":
        due = _read_day(form.get("until", ""))
        return hide_article(store, identifier, make_note(reason, actor, due))
    note = make_note(reason, actor)
    if operation == "remove":
        version, destroy = _read_version(form.get("version", "")), form.get("destroy") == "1"
        if destroy and form.get("confirm", "").strip() != identifier:
            raise FormError(f"to destroy the original, type the identifier {identifier}")
        places = form.get("passages", "").split()
        if places:
            return remove_passages(store, identifier, note, places, destroy=destroy)
        return remove_article(store, identifier, note, version, destroy=destroy)
    if operation == "show-again":
        return show_article_again(store, identifier, note)
    if operation == "edit":
        return correct_article(store, identifier, _read_corrections(form), note)
    raise FormError(f"{operation} is none of {', '.join(OPERATIONS)}")


def _read_corrections(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields whose text was changed."""
    fields = {
        name: read_correction(name, form[name])
        for name in CORRECTABLE
        if name in form and form[name].strip() != form.get(f"was-{name}", "").strip()
    }
    if not fields:
        raise FormError("nothing was changed")
    return fields


def _read_version(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise FormError(f"{text[:40]} is no version")
    return int(text or 0)


def _read_day(text: str) -> str:
    """Return the beginning of a day (`2027-01-01`) by the archive's clock, in UTC; or empty."""
    if not text.strip():
        return ""
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d")
    except ValueError as error:
        raise FormError(f"{text[:40]} is no day such as 2027-01-01") from error
    return by_clock(current_site().local_time(day), UTC).isoformat()
