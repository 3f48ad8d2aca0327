"""The provenance of an original as readers see it: its name, without the operator's folders."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from archive.records import Article, Version, to_dict


def original_name(version: Version) -> str:
    """Return the original's name without its folders, which are the operator's business."""
    return _name(version.origin.source)


def public_record(article: Article) -> dict[str, Any]:
    """Return the whole article as JSON values, with the name alone of its source.

    The account of its document is the operator's business.
    """
    values = to_dict(article)
    values.pop("account", None)
    values |= title_keys(article)
    values["published"] = article.published_text or None
    values["origin"]["source"] = _name(article.origin.source)
    return values


def title_keys(article: Article) -> dict[str, Any]:
    """Return the title as pages show it, and whether it is one."""
    return {"title": article.shown_title, "has_title": article.has_title}


def _name(source: str) -> str:
    return PurePosixPath(source.replace("\\", "/")).name
