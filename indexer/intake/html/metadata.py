"""The metadata that a page declares: JSON-LD, Open Graph, meta tags."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from bs4.element import Tag

from indexer.intake.bylines import people_in
from indexer.intake.encodings import repair_mojibake
from indexer.intake.html.declared_dates import DeclaredDates, read_declared_dates
from indexer.intake.html.page_address import absolute_address, canonical_link
from indexer.intake.markup.tree_builder import PageScript, PageTree

_JSON_AUTHOR = re.compile(
    r'"author"\s{0,20}:\s{0,20}[\[{][^\]}]{0,300}?"name"\s{0,20}:\s{0,20}"([^"]{0,200})"'
)
_ARTICLE_TYPE = re.compile(r"[A-Za-z]{0,30}(?:Article|BlogPosting)")
_WORK_TYPE = re.compile(r"Recipe|HowTo|DiscussionForumPosting|QAPage|Review|Report|WebPage")
_AUTHOR_NAMES = (
    "dable:author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_TITLE_NAMES = ("og:title", "citation_title", "dc.title", "dcterms.title")
_JSON_LD = re.compile(r"application/ld\+json", re.IGNORECASE)
FRONT_PAGE_LINKS = ("trang chủ", "home", "trang nhất")
"""Texts of the link to the front page, which begins the breadcrumbs."""

_DEEPEST = 12
_MOST_NODES = 2000
_MOST_AUTHORS = 50
_JSON_VALUE = r'"{}"\s{{0,20}}:\s{{0,20}}"((?:[^"\\]|\\.){{0,5000}})"'


@dataclass(frozen=True, slots=True)
class DeclaredMetadata:
    """The metadata of one page; empty strings and None where it declares none.

    Attributes:
        weak_authors: Names that yield to those that the page shows (`<meta name=author>`).
        text: The article's text, where the page repeats it in its metadata.
        is_article: Whether the page declares itself an article (some front pages do).
        has_json_ld: Whether it does so in JSON-LD.
    """

    title: str = ""
    description: str = ""
    url: str = ""
    publisher: str = ""
    category: str = ""
    language: str = ""
    dates: DeclaredDates = field(default_factory=DeclaredDates)
    authors: tuple[str, ...] = ()
    weak_authors: tuple[str, ...] = ()
    text: str = ""
    is_article: bool = False
    has_json_ld: bool = False

    @property
    def publisher_names(self) -> tuple[str, str]:
        """The names of the publisher and of its site, which are no person's."""
        return self.publisher, host_of(self.url)


def read_metadata(tree: PageTree, saved: str = "") -> DeclaredMetadata:
    """Read the metadata of a page: JSON-LD first, then meta tags.

    Args:
        tree: The page.
        saved: The address that a browser saved it from, empty if none is noted.
    """
    nodes = _json_ld_objects(tree.scripts)
    article = next((node for node in nodes if _is_of_type(node, _ARTICLE_TYPE)), {})
    meta = _meta_tags(tree.tagged("meta"))
    publisher = _name(article.get("publisher"))
    if not publisher or "://" in publisher:
        publisher = meta.get("og:site_name", "")
    declared = canonical_link(tree.tagged("link"))
    declared = declared or meta.get("og:url", "") or _text(article.get("url"))
    url = absolute_address(declared, tree, saved)
    publisher_names = (publisher, host_of(url))
    title_tag = next((_clean(tag.get_text()) for tag in tree.tagged("title")), "")
    language = next((str(tag.get("lang") or "") for tag in tree.tagged("html")), "")
    return DeclaredMetadata(
        title=_first(meta, *_TITLE_NAMES, also=article.get("headline")) or title_tag,
        description=_first(meta, "og:description", "description", also=article.get("description")),
        url=url,
        publisher=publisher,
        category=_first(
            meta, "article:section", "articlesection", also=article.get("articleSection")
        )
        or _breadcrumb(nodes),
        language=re.split(r"[-_]", language)[0].lower()[:8],
        dates=read_declared_dates(tree.scripts, [article, *nodes], meta, url),
        authors=_authors(article, nodes, meta, publisher_names),
        weak_authors=people_in([meta.get("author", "")], publisher_names),
        text=_clean(article.get("articleBody")),
        has_json_ld=bool(article),
        is_article=bool(article) or meta.get("og:type", "").lower() == "article",
    )


def host_of(url: str) -> str:
    """Return the host of an address, empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _first(meta: dict[str, str], *names: str, also: Any) -> str:
    """Return a value of the JSON-LD article, else the first meta tag of these names."""
    return _clean(also) or next((meta[name] for name in names if meta.get(name)), "")


def _breadcrumb(nodes: list[dict[str, Any]]) -> str:
    """Return the last breadcrumb that is not the article itself."""
    for node in nodes:
        items = node.get("itemListElement")
        if node.get("@type") != "BreadcrumbList" or not isinstance(items, list):
            continue
        for item in reversed(items[:10]):
            name = (_name(item) or _name(item.get("item"))) if isinstance(item, dict) else ""
            if 0 < len(name) <= 40 and name.lower() not in FRONT_PAGE_LINKS:
                return name
    return ""


def _json_ld_objects(scripts: list[PageScript]) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of a page; an article in broken JSON is salvaged."""
    objects: list[dict[str, Any]] = []
    linked_data = (script for script in scripts if _JSON_LD.search(script.type))
    for script in islice(linked_data, 20):
        text = script.text[: 1 << 20].strip().removesuffix(";")
        try:
            document = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            objects.append(_salvage_article(text))
        else:
            objects += _objects_in(document)
    return [node for node in objects if node]


def _objects_in(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON-LD document, to a bounded depth and number."""
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


def _is_of_type(node: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    types = node.get("@type")
    types = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.fullmatch(name) for name in types)


def _salvage_article(text: str) -> dict[str, Any]:
    """Read an article's values one by one from a JSON-LD document that is broken JSON."""
    if not re.search(r'"@type"\s{0,20}:\s{0,20}"' + _ARTICLE_TYPE.pattern + '"', text):
        return {}
    article: dict[str, Any] = {"@type": "NewsArticle"}
    for name in ("headline", "description", "datePublished", "articleSection"):
        value = re.search(_JSON_VALUE.format(name), text)
        if value:
            article[name] = value[1].replace('\\"', '"').replace("\\/", "/")
    author = _JSON_AUTHOR.search(text)
    if author:
        article["author"] = author[1]
    return article


def _meta_tags(tags: list[Tag]) -> dict[str, str]:
    """Return the contents of meta tags by lower-case name; the first of each name counts."""
    contents: dict[str, str] = {}
    for tag in tags:
        name = next(filter(None, map(tag.get, ("property", "name", "itemprop", "http-equiv"))), "")
        content = tag.get("content")
        if isinstance(name, str) and isinstance(content, str):
            contents.setdefault(name.lower(), _clean(content))
    return contents


def _authors(
    article: dict[str, Any],
    nodes: list[dict[str, Any]],
    meta: dict[str, str],
    publisher_names: tuple[str, ...],
) -> tuple[str, ...]:
    authors = _listed(article, "author")
    names = [_name(author) or _name_of_reference(author, nodes) for author in authors]
    if not article:
        # A recipe or a review is what its page is about.
        works = (node for node in nodes if _is_of_type(node, _WORK_TYPE))
        names += [_name(author) for work in islice(works, 1) for author in _listed(work, "author")]
    declared = (meta.get(name, "") for name in _AUTHOR_NAMES)
    names.append(next(filter(None, declared), ""))
    return people_in(names, publisher_names)


def _listed(node: dict[str, Any], key: str) -> list[Any]:
    """Return the values under a key: those of a list, or the one that stands alone."""
    value = node.get(key)
    return value[:_MOST_AUTHORS] if isinstance(value, list) else [value]


def _name_of_reference(value: Any, nodes: list[dict[str, Any]]) -> str:
    """Return the name of the object that a value refers to: `{"@id": "#person"}`."""
    identifier = value.get("@id") if isinstance(value, dict) else None
    if not isinstance(identifier, str):
        return ""
    named = (_name(node) for node in nodes if node.get("@id") == identifier)
    return next(filter(None, named), "")


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return _name(value.get("name")) if isinstance(value, dict) else _clean(value)


def _clean(value: Any) -> str:
    """Return a value as canonical text; entities that were escaped twice are unescaped."""
    return " ".join(repair_mojibake(html.unescape(html.unescape(_text(value)))).split())


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
