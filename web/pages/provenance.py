"""What people are told of where an original came from."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from archive.records import Article, Version, to_dict


def original_name(version: Version) -> str:
    """The original's name without its folders: they are the operator's business."""
    return _name(version.origin.source)


def record(article: Article) -> dict[str, Any]:
    """The whole article as JSON values, of its source only the name."""
    values = to_dict(article)
    values["origin"]["source"] = _name(article.origin.source)
    return values


def _name(source: str) -> str:
    return PurePosixPath(source.replace("\\", "/")).name
