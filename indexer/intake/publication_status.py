"""The publication status of a record: publishing systems export drafts beside what they published.

The words are those of Ghost, WordPress, Drupal, Strapi, Directus, Payload, Craft, Blogger, Sanity,
Contentful, Hugo and of Vietnamese systems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from indexer.intake.record_keys import bare_key, values_by_key

_STATUS_KEYS: Final = (
    *("status", "poststatus", "poststate", "articlestatus", "newsstatus", "publishstatus"),
    *("publicationstatus", "publicationstate", "workflowstate", "workflowstatus"),
    *("moderationstate", "state", "trangthai", "tinhtrang"),
)
_UNPUBLISHED: Final = frozenset(
    "draft drafts autodraft pending pendingreview private trash trashed future scheduled"
    " unpublished notpublished deleted disabled inreview needsreview rejected"
    " nhap bannhap choduyet chuaduyet chuaxuatban choxuatban dahuy daxoa thungrac goxuong dago"
    " dagobai".split()
)
_DRAFT_KEYS: Final = ("draft", "isdraft")
_PUBLISHED_KEYS: Final = ("published", "ispublished")
_LONGEST_STATUS: Final = 40


def unpublished_status(records: tuple[Mapping[str, Any], ...]) -> str:
    """Return what says that an article is no published one, as `status: draft`; else nothing.

    Args:
        records: The record, and those around it.
    """
    found = (status for record in records for status in _statuses(record))
    return next(found, "")


def _statuses(record: Mapping[str, Any]) -> Iterator[str]:
    values = values_by_key(record)
    for key in _STATUS_KEYS:
        value = values.get(key)
        # Drupal says whether a node is published.
        if value is False and key == "status":
            yield "status: false"
        if isinstance(value, str) and len(value) <= _LONGEST_STATUS:
            if bare_key(value) in _UNPUBLISHED:
                yield f"{key}: {' '.join(value.split())}"
    yield from (f"{key}: true" for key in _DRAFT_KEYS if values.get(key) is True)
    yield from (f"{key}: false" for key in _PUBLISHED_KEYS if values.get(key) is False)
    yield from _statuses_of_system(record)


def _statuses_of_system(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what systems say of a draft in ways of their own."""
    identifier, system = record.get("_id"), record.get("sys")
    if isinstance(identifier, str) and identifier.startswith("drafts."):
        yield "_id: drafts."
    # Contentful counts the versions of an entry, and names the one that is published.
    if isinstance(system, dict) and system.get("type") == "Entry" and "version" in system:
        if not system.get("publishedVersion"):
            yield "publishedVersion: null"
