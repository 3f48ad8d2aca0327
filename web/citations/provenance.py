"""The provenance of an original as readers see it: its name, without the operator's folders."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from archive.catalogue.origins import ArticleOrigin, origin_of_version
from archive.records import Article, Version, to_dict


def original_name(version: Version) -> str:
    """Return the original's name without its folders, which are the operator's business."""
    return _name(version.origin.source)


def origins_of_version(origins: list[ArticleOrigin], version: Version) -> list[ArticleOrigin]:
    """Return the origins that a version says the text of; of an older one, that it was read from.

    The one that the version was read from comes first.
    """
    same = [origin for origin in origins if origin.version == version.number]
    same.sort(key=lambda origin: origin.location != version.location)
    return same or [origin_of_version(version)]


def origin_name(origin: ArticleOrigin) -> str:
    """Return the path of an original in what it was a member of, without the operator's folders."""
    file, sign, members = origin.origin.source.partition("!")
    return f"{_name(file)}{sign}{members}"


def origin_record(origin: ArticleOrigin) -> dict[str, Any]:
    """Return an origin as plain JSON values, for the operator."""
    return {
        "version": origin.version,
        "sha256": origin.digest,
        "captured": origin.captured,
        **asdict(origin.origin),
        "media_type": origin.media_type,
        "libraries": origin.libraries,
        "warc": asdict(origin.location),
    }


def origin_line(origin: ArticleOrigin) -> str:
    """Return an origin in one line, for the operator."""
    reader = f"{origin.origin.reader} {origin.origin.reader_version}"
    parts = (origin.origin.source, origin.media_type, origin.captured, reader, origin.libraries)
    return " · ".join(filter(None, parts))


def is_page(article: Article) -> bool:
    """Tell whether the original of an article is a page that can be replayed."""
    return article.origin.reader == "html"


def public_record(article: Article) -> dict[str, Any]:
    """Return the whole article as JSON values, with the name alone of its source.

    Of the account of its document it has the state and what OCR recognised; the other parts are
    the operator's business.
    """
    values = to_dict(article)
    values.pop("account", None)
    values["state"] = article.reading_state
    values["ocr"] = ocr_record(article)
    values |= title_keys(article)
    values["published"] = article.published_text or None
    values["origin"]["source"] = _name(article.origin.source)
    return values


def ocr_record(article: Article) -> dict[str, Any] | None:
    """Return what recognised words in the pictures of pages, and how certain it is; else None."""
    account = article.account
    if account is None or not account.recognized:
        return None
    pages = [
        {"locator": page.locator, "confidence": page.confidence} for page in account.recognized
    ]
    return {"program": account.program, "confidence": account.confidence, "pages": pages}


def title_keys(article: Article) -> dict[str, Any]:
    """Return the title as pages show it, and whether it is one."""
    return {"title": article.shown_title, "has_title": article.has_title}


def _name(source: str) -> str:
    return PurePosixPath(source.replace("\\", "/")).name
