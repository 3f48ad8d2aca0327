"""What a page says of itself: JSON-LD, Open Graph, meta tags."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.intake.dates import moment
from indexer.intake.encodings import repaired

_ARTICLES = re.compile(r"(News|Reportage|Opinion|Analysis|Blog|Live|Report)?(Article|Posting)")
_DEEPEST = 12
_MOST_NODES = 2000
_LOOSE_VALUE = r'"{}"\s*:\s*"((?:[^"\\]|\\.)*)"'


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; empty strings and None where a page says nothing."""

    title: str = ""
    description: str = ""
    url: str = ""
    publisher: str = ""
    category: str = ""
    language: str = ""
    published: datetime | None = None
    authors: tuple[str, ...] = ()


def read_metadata(soup: BeautifulSoup) -> Metadata:
    """The metadata of a page: JSON-LD first, then meta tags."""
    linked = _linked_article(soup)
    meta = _meta_tags(soup)
    publisher = _name(linked.get("publisher"))
    if not publisher or "://" in publisher:
        publisher = meta.get("og:site_name", "")
    dates = (
        _text(linked.get("datePublished")),
        *(meta.get(name, "") for name in ("article:published_time", "pubdate", "datepublished")),
        *(meta.get(name, "") for name in ("date", "dc.date", "og:published_time")),
    )
    root = soup.find("html")
    language = str(root.get("lang") or "") if isinstance(root, Tag) else ""
    return Metadata(
        title=_clean(linked.get("headline")) or meta.get("og:title", ""),
        description=_clean(linked.get("description"))
        or meta.get("og:description", "")
        or meta.get("description", ""),
        url=_canonical(soup) or meta.get("og:url", "") or _text(linked.get("url")),
        publisher=publisher,
        category=_clean(linked.get("articleSection"))
        or meta.get("article:section", "")
        or meta.get("articlesection", ""),
        language=language.split("-")[0].split("_")[0].lower()[:8],
        published=_finest([found for date in dates if (found := moment(date))]),
        authors=_authors(linked, meta, publisher),
    )


def _linked_article(soup: BeautifulSoup) -> dict[str, Any]:
    """The first JSON-LD object that is an article; broken JSON is read value by value."""
    for script in soup.find_all("script", type="application/ld+json"):
        text = script.get_text()[: 1 << 20]
        try:
            document = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            found = _loose_article(text)
        else:
            found = next((node for node in _nodes(document) if _is_article(node)), {})
        if found:
            return found
    return {}


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON-LD document, to a bounded depth and number."""
    waiting = [(document, 0)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, depth = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            children = list(node.values())
        else:
            children = node if isinstance(node, list) else []
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLES.fullmatch(kind) for kind in kinds)


def _loose_article(text: str) -> dict[str, Any]:
    if not re.search(r'"@type"\s*:\s*"' + _ARTICLES.pattern + '"', text):
        return {}
    found: dict[str, Any] = {}
    for name in ("headline", "description", "datePublished", "articleSection"):
        value = re.search(_LOOSE_VALUE.format(name), text)
        if value:
            found[name] = value[1].replace('\\"', '"').replace("\\/", "/")
    author = re.search(r'"author"\s*:\s*[\[{][^\]}]*?"name"\s*:\s*"([^"]*)"', text)
    if author:
        found["author"] = author[1]
    return found


def _meta_tags(soup: BeautifulSoup) -> dict[str, str]:
    """The contents of meta tags by lower-case name; the first of each name counts."""
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = tag.get("content")
        if isinstance(name, str) and isinstance(content, str):
            found.setdefault(name.lower(), _clean(content))
    return found


def _canonical(soup: BeautifulSoup) -> str:
    link = soup.find("link", rel="canonical")
    return str(link.get("href") or "") if isinstance(link, Tag) else ""


def _authors(linked: dict[str, Any], meta: dict[str, str], publisher: str) -> tuple[str, ...]:
    """Names of people; the publisher's own name is none."""
    value = linked.get("author")
    names = [_name(one) for one in (value if isinstance(value, list) else [value])]
    names += re.split(r"[;,]", meta.get("dable:author", "") or meta.get("article:author", ""))
    house = re.sub(r"\W", "", publisher).lower()
    kept = []
    for name in names:
        short = re.sub(r"\W", "", name).lower()
        if not short or "://" in name or "." in name or short in house or house and house in short:
            continue
        if len(name) <= 80 and (" " in name.strip()):
            kept.append(name.strip())
    return tuple(dict.fromkeys(kept))


def _finest(moments: list[datetime]) -> datetime | None:
    """The first moment, with its seconds where only a later one of the same minute has them."""
    if not moments:
        return None
    minute = moments[0].replace(second=0, microsecond=0)
    same = (one for one in moments if one.replace(second=0, microsecond=0) == minute)
    return max(same, key=lambda one: one.second)


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = value[0] if value else ""
    return _name(value) if isinstance(value, dict) else _clean(value)


def _clean(value: Any) -> str:
    """A value as canonical text; entities that were escaped twice are undone."""
    return " ".join(repaired(html.unescape(html.unescape(_text(value)))).split())


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
