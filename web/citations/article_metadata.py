"""Metadata of an article's page for machines: meta tags, JSON-LD, and links to other forms of it.

Open Graph for link previews, `citation_*` (Highwire) and Dublin Core for reference managers and
scholarly search engines, a schema.org `NewsArticle`, and the links of Signposting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from archive.records import Article
from web.citations.citations import Reference, join_names
from web.services import public_url

LONGEST_DESCRIPTION = 300
"""Characters of a description."""

_OPEN_GRAPH_LOCALES = {"vi": "vi_VN", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class MetaTag:
    """A `<meta>` element: `name` or, for Open Graph, `property`; and its content."""

    attribute: str
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link to another form of an article, with its relation and media type."""

    relation: str
    address: str
    media_type: str = ""

    @property
    def header(self) -> str:
        """The link as it stands in a `Link` header (RFC 8288)."""
        media_type = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.address}>; rel="{self.relation}"{media_type}'


def description_of(article: Article) -> str:
    """Return the lead of an article, or its first words, in one line."""
    text = " ".join((article.lead or article.opening).split())
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[: LONGEST_DESCRIPTION - 2].rsplit(" ", 1)[0] + " …"


def meta_tags(article: Article, cited: Reference) -> list[MetaTag]:
    """Return the meta elements of an article's page."""
    description = description_of(article)
    names = [
        ("description", description),
        ("author", join_names(cited.authors)),
        *_highwire_elements(article, cited),
        *_dublin_core_elements(article, cited, description),
        ("twitter:card", "summary"),
    ]
    tags = [MetaTag("name", *pair) for pair in names]
    properties = _open_graph_properties(article, cited, description)
    tags += [MetaTag("property", *pair) for pair in properties]
    return [tag for tag in tags if tag.content]


def _highwire_elements(article: Article, cited: Reference) -> list[tuple[str, str]]:
    """Return the `citation_*` elements, which Google Scholar and Zotero read."""
    return [
        ("citation_title", cited.title),
        *(("citation_author", author) for author in cited.authors),
        ("citation_publication_date", article.published_text[:10].replace("-", "/")),
        ("citation_journal_title", article.publisher),
        ("citation_publisher", cited.publisher.strip("[]")),
        ("citation_language", cited.language),
        ("citation_abstract_html_url", cited.address),
        ("citation_public_url", cited.address),
        ("citation_keywords", article.category),
    ]


def _dublin_core_elements(
    article: Article, cited: Reference, description: str
) -> list[tuple[str, str]]:
    """Return the elements of Dublin Core in HTML (DC-HTML)."""
    return [
        ("DC.title", cited.title),
        *(("DC.creator", author) for author in cited.authors),
        ("DC.publisher", cited.publisher.strip("[]")),
        ("DC.date", article.published_text),
        ("DC.language", cited.language),
        ("DC.subject", article.category),
        ("DC.description", description),
        ("DC.type", "Text"),
        ("DC.identifier", cited.address),
        ("DC.source", cited.url),
    ]


def _open_graph_properties(
    article: Article, cited: Reference, description: str
) -> list[tuple[str, str]]:
    """Return the Open Graph properties, which previews of links show."""
    return [
        ("og:type", "article"),
        ("og:title", cited.title),
        ("og:description", description),
        ("og:url", cited.address),
        ("og:site_name", cited.holding.archive),
        ("og:locale", _OPEN_GRAPH_LOCALES.get(cited.language, "")),
        ("article:published_time", article.published_text),
        ("article:section", article.category),
        *(("article:author", author) for author in cited.authors),
    ]


def json_ld(article: Article, cited: Reference) -> dict[str, Any]:
    """Return an article as a schema.org NewsArticle; first words are a name, no headline."""
    publisher = article.publisher or cited.publisher.strip("[]")
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": cited.address,
        "url": cited.address,
        "mainEntityOfPage": cited.address,
        "headline" if cited.has_title else "name": cited.title,
        "description": description_of(article),
        "datePublished": article.published_text,
        "author": [{"@type": "Person", "name": author} for author in cited.authors],
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "articleSection": article.category,
        "inLanguage": cited.language,
        "identifier": article.identifier,
        "isBasedOn": cited.url,
        "archivedAt": cited.address,
        "sdDatePublished": article.captured.isoformat() if article.captured else "",
        "isPartOf": {"@type": "ArchiveComponent", "name": cited.holding.archive},
    }
    return {name: value for name, value in values.items() if value}


def typed_links(article: Article, cited: Reference, version: int) -> list[TypedLink]:
    """Return the links of an article's page to its other forms (Signposting, alternates)."""
    chosen: dict[str, Any] = {
        "identifier": article.identifier,
        "version": version or None,
        "lang": None,
    }

    def reference_url(kind: str) -> str:
        return public_url(url_for("articles.cite", kind=kind, **chosen))

    return [
        TypedLink("cite-as", cited.address),
        TypedLink("type", "https://schema.org/NewsArticle"),
        TypedLink("describedby", reference_url("bib"), "application/x-bibtex"),
        TypedLink("describedby", reference_url("ris"), "application/x-research-info-systems"),
        TypedLink("describedby", reference_url("json"), "application/vnd.citationstyles.csl+json"),
        TypedLink("alternate", public_url(url_for("api.article", **chosen)), "application/json"),
        TypedLink(
            "item",
            public_url(url_for("articles.original", **chosen)),
            "application/octet-stream",
        ),
    ]
