"""References to articles as other programs read them: BibTeX, RIS, CSL-JSON, and a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.records import Article, canonical_url
from indexer.vietnamese.normalization import canonical, fold

DATABASE = "tàng thư"
"""The name under which references say where the article was found."""

_BIBTEX_SPECIALS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
_NOT_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference needs of an article; every text is one line.

    Attributes:
        key: letters, digits and hyphens, the same as long as publisher, year and article are.
        captured: when the archive took the article in.
        url: a http(s) address, or empty.
    """

    key: str
    identifier: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    published: datetime | None
    captured: datetime | None
    url: str
    lead: str
    language: str


def reference(article: Article) -> Reference:
    """What is cited of an article."""
    year = str(article.published.year) if article.published else "nd"
    publisher = _NO_KEY.sub("", fold(article.publisher).lower())[:20] or "tangthu"
    return Reference(
        key=f"{publisher}{year}-{article.identifier}",
        identifier=article.identifier,
        title=_line(article.title),
        authors=tuple(_line(author) for author in article.authors if author.strip()),
        publisher=_line(article.publisher),
        published=article.published,
        captured=article.captured,
        url=_line(article.url) if canonical_url(article.url) else "",
        lead=_line(article.lead),
        language=article.language or "vi",
    )


def bibtex(about: Reference) -> str:
    """One BibTeX entry; names stay whole, since Vietnamese ones begin with the family name."""
    fields: dict[str, str] = {
        "title": f"{{{_tex(about.title)}}}",
        "author": " and ".join(f"{{{_tex(author)}}}" for author in about.authors),
        "journal": _tex(about.publisher),
    }
    if about.published:
        fields["year"] = str(about.published.year)
        fields["month"] = str(about.published.month)
        fields["day"] = str(about.published.day)
        fields["date"] = about.published.date().isoformat()
    fields["url"] = about.url.translate(_NOT_IN_URL)
    if about.captured:
        fields["urldate"] = about.captured.date().isoformat()
    fields["note"] = f"{DATABASE}: {about.identifier}"
    fields["language"] = "vietnamese" if about.language == "vi" else _tex(about.language)
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@article{{{about.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(about: Reference) -> str:
    """One RIS record of a newspaper article; lines end in CR LF, as the format has it."""
    tags = [("TY", "NEWS"), ("ID", about.key), ("TI", about.title)]
    tags += [("AU", author) for author in about.authors]
    tags += [("T2", about.publisher)]
    if about.published:
        tags += [("PY", str(about.published.year)), ("DA", f"{about.published:%Y/%m/%d}/")]
    tags += [("AB", about.lead), ("LA", about.language), ("UR", about.url)]
    if about.captured:
        tags.append(("Y2", f"{about.captured:%Y/%m/%d}/"))
    tags += [("DB", DATABASE), ("AN", about.identifier)]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def csl(about: Reference) -> dict[str, Any]:
    """One item of CSL-JSON 1.0."""
    item: dict[str, Any] = {
        "id": about.key,
        "type": "article-newspaper",
        "title": about.title,
        "author": [{"literal": author} for author in about.authors],
        "container-title": about.publisher,
        "issued": _date_parts(about.published),
        "accessed": _date_parts(about.captured),
        "URL": about.url,
        "abstract": about.lead,
        "language": about.language,
        "archive": DATABASE,
        "archive_location": about.identifier,
    }
    return {name: value for name, value in item.items() if value}


def sentence(about: Reference) -> str:
    """A reference as Vietnamese theses have it: authors (year), “title”, paper, date, address.

    Without an author the title comes first.
    """
    year = f"({about.published.year})" if about.published else "(không rõ ngày)"
    authors = ", ".join(about.authors)
    head = f"{authors} {year}, “{about.title}”" if authors else f"“{about.title}” {year}"
    parts = [head]
    if about.publisher:
        parts.append(about.publisher)
    if about.published:
        parts.append(f"ngày {about.published:%d/%m/%Y}")
    if about.url:
        parts.append(about.url)
    if about.captured:
        parts.append(f"lưu ngày {about.captured:%d/%m/%Y}")
    return ", ".join(parts) + "."


def _date_parts(moment: datetime | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[moment.year, moment.month, moment.day]]} if moment else {}


def _line(text: str) -> str:
    """The text on one line, without what no reader of references expects."""
    return " ".join(_UNPRINTED.sub(" ", canonical(text)).split())


def _tex(text: str) -> str:
    return text.translate(_BIBTEX_SPECIALS)
