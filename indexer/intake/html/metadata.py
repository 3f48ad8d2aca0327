"""What a page says of itself: JSON-LD, Open Graph, meta tags."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.intake.encodings import repaired
from indexer.vietnamese.dates import moment
from indexer.vietnamese.normalization import fold

_LOOSE_AUTHOR = re.compile(
    r'"author"\s{0,20}:\s{0,20}[\[{][^\]}]{0,300}?"name"\s{0,20}:\s{0,20}"([^"]{0,200})"'
)
_ARTICLES = re.compile(r"[A-Za-z]{0,30}(?:Article|BlogPosting)")
_LINKED = re.compile(r"application/ld\+json", re.IGNORECASE)
_FRONT = ("trang chủ", "home", "trang nhất")
_DATES = (
    *("article:published_time", "pubdate", "datepublished", "date", "dc.date"),
    *("og:published_time", "dc.date.issued", "article:published", "publish-date"),
)
_DEEPEST = 12
_MOST_NODES = 2000
_HOUSE_WORDS = re.compile(
    r"\b(?:bao|tap chi|cong ty|toa soan|online|dien tu|trang thong tin|cong thong tin|dai"
    r"|thong tan xa|news|ban bien tap|admin|editor|bien tap vien|btv)\b"
)
_LOOSE_VALUE = r'"{}"\s{{0,20}}:\s{{0,20}}"((?:[^"\\]|\\.){{0,5000}})"'


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; empty strings and None where a page says nothing.

    Attributes:
        writer: names that are weaker than those that the page shows (`<meta name=author>`).
        text: the article's text, where the page repeats it in its metadata.
        article: whether the page says that it is an article (some front pages do).
        linked: whether it says so in JSON-LD.
    """

    title: str = ""
    description: str = ""
    url: str = ""
    publisher: str = ""
    category: str = ""
    language: str = ""
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    writer: tuple[str, ...] = ()
    text: str = ""
    article: bool = False
    linked: bool = False


def is_house(name: str, metadata: Metadata) -> bool:
    """Whether a name is the publisher's own, or that of its site, and so no person's."""
    return _is_house(name, (metadata.publisher, urlsplit(metadata.url).hostname or ""))


def read_metadata(soup: BeautifulSoup) -> Metadata:
    """The metadata of a page: JSON-LD first, then meta tags."""
    nodes = _linked_nodes(soup)
    linked = next((node for node in nodes if _is(node, _ARTICLES)), {})
    meta = _meta_tags(soup)
    publisher = _name(linked.get("publisher"))
    if not publisher or "://" in publisher:
        publisher = meta.get("og:site_name", "")
    url = _canonical(soup) or meta.get("og:url", "") or _text(linked.get("url"))
    house = (publisher, urlsplit_host(url))
    return Metadata(
        title=_clean(linked.get("headline")) or meta.get("og:title", "") or _title_tag(soup),
        description=_first(meta, "og:description", "description", also=linked.get("description")),
        url=url,
        publisher=publisher,
        category=_first(
            meta, "article:section", "articlesection", also=linked.get("articleSection")
        )
        or _crumb(nodes),
        language=_language(soup),
        published=_finest(_moments(linked, meta)),
        authors=_authors(linked, meta, house),
        writer=_people([meta.get("author", "")], house),
        text=_clean(linked.get("articleBody")),
        linked=bool(linked),
        article=bool(linked) or meta.get("og:type", "").lower() == "article",
    )


def urlsplit_host(url: str) -> str:
    """The host of an address, or nothing if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _first(meta: dict[str, str], *names: str, also: Any) -> str:
    return _clean(also) or next((meta[name] for name in names if meta.get(name)), "")


def _moments(linked: dict[str, Any], meta: dict[str, str]) -> list[datetime]:
    dates = (_text(linked.get("datePublished")), *(meta.get(name, "") for name in _DATES))
    return [found for date in dates if (found := moment(date))]


def _language(soup: BeautifulSoup) -> str:
    root = soup.find("html")
    language = str(root.get("lang") or "") if isinstance(root, Tag) else ""
    return re.split(r"[-_]", language)[0].lower()[:8]


def _title_tag(soup: BeautifulSoup) -> str:
    tag = soup.find("title")
    return _clean(tag.get_text()) if isinstance(tag, Tag) else ""


def _crumb(nodes: list[dict[str, Any]]) -> str:
    """The last breadcrumb that is not the article itself."""
    for node in nodes:
        items = node.get("itemListElement")
        if node.get("@type") != "BreadcrumbList" or not isinstance(items, list):
            continue
        names = []
        for item in items[:10]:
            if isinstance(item, dict):
                names.append(_name(item) or _name(item.get("item")))
        short = [name for name in names if 0 < len(name) <= 40 and name.lower() not in _FRONT]
        if short:
            return short[-1]
    return ""


def is_publication(name: str) -> bool:
    """Whether a name is one that papers, companies and offices have, and people have not."""
    return bool(_HOUSE_WORDS.search(fold(name)))


def _linked_nodes(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """The JSON-LD objects of a page; those in broken JSON are read value by value."""
    found: list[dict[str, Any]] = []
    for script in soup.find_all("script", type=_LINKED, limit=20):
        text = script.get_text()[: 1 << 20].strip().removesuffix(";")
        try:
            document = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            found.append(_loose_article(text))
        else:
            found += _nodes(document)
    return [node for node in found if node]


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON-LD document, to a bounded depth and number."""
    waiting = deque([(document, 0)])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, depth = waiting.popleft()
        if isinstance(node, dict):
            yield node
            children = list(node.values())
        else:
            children = node if isinstance(node, list) else []
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _is(node: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and pattern.fullmatch(kind) for kind in kinds)


def _loose_article(text: str) -> dict[str, Any]:
    if not re.search(r'"@type"\s{0,20}:\s{0,20}"' + _ARTICLES.pattern + '"', text):
        return {}
    found: dict[str, Any] = {"@type": "NewsArticle"}
    for name in ("headline", "description", "datePublished", "articleSection"):
        value = re.search(_LOOSE_VALUE.format(name), text)
        if value:
            found[name] = value[1].replace('\\"', '"').replace("\\/", "/")
    author = _LOOSE_AUTHOR.search(text)
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


def _authors(
    linked: dict[str, Any], meta: dict[str, str], house: tuple[str, ...]
) -> tuple[str, ...]:
    value = linked.get("author")
    names = [_name(one) for one in (value if isinstance(value, list) else [value])[:50]]
    names.append(meta.get("dable:author", "") or meta.get("article:author", ""))
    return _people(names, house)


def _people(texts: list[str], house: tuple[str, ...]) -> tuple[str, ...]:
    """The names of people in some texts; the publisher's own name is none."""
    names = [name.strip() for text in texts for name in re.split(r"[;,]", text)]
    kept = [
        name
        for name in names
        if " " in name and len(name) <= 80 and "://" not in name and "." not in name
        if not _is_house(name, house) and not is_publication(name)
    ]
    return tuple(dict.fromkeys(kept))


def _is_house(name: str, house: tuple[str, ...]) -> bool:
    short = _letters(name)
    for whole in house:
        # Of a host, the label that names the site: `dantri` of `www.dantri.com.vn`.
        label = max(whole.split("."), key=len) if "." in whole else whole
        known = _letters(label)
        if known and (short == known or (len(known) >= 5 and known in short)):
            return True
        if len(short) >= 5 and short in known:
            return True
    return not short


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


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
