"""References to articles in BibTeX, RIS and CSL-JSON, and as a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from archive.records import Article, canonical_url, iso_date
from indexer.vietnamese.normalization import canonical, fold
from web.languages.content_languages import language_tag
from web.services import current_site

DATABASE = "tàng thư"
"""The name in references of an archive that has none of its own."""

_BIBTEX_SPECIALS = str.maketrans(
    # Braces are counted even behind a backslash, so that `\{` alone would swallow what follows.
    {special: f"\\{special}" for special in "$&%#_"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
)
_TEX_LANGUAGES = {
    "vi": "vietnamese",
    "en": "english",
    "fr": "french",
    "de": "german",
    "ru": "russian",
    "zh": "chinese",
    "ja": "japanese",
}
"""The names of languages in BibTeX, by their codes; another code stands as it is."""

_NOT_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_PAGE = "trang "
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN_ADDRESS = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#][!-~]*)?")
"""An address whose host stands in it as it is: no port, no capital, nothing to be left out."""

_NO_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Holding:
    """The archive that holds a cited article.

    Attributes:
        archive: its name.
        permalink: the article's address in it; empty where it has no public address.
        version: the number of the cited version; 0 is the newest.
        name_host: gives the owner's name for a host that has one, else the host.
        language: the language of what is said about it, the reader's.
    """

    archive: str = DATABASE
    permalink: str = ""
    version: int = 0
    name_host: Callable[[str], str] = str
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class _Words:
    """The words and date formats (of `strftime`) of a reference in one language."""

    undated: str
    captured: str
    page: str
    version: str
    original: str
    noted_page: str
    day_format: str
    month_format: str

    def day(self, moment: datetime) -> str:
        """Name a day, without a zero in front where the language has none."""
        return f"{moment:{self.day_format}}".lstrip("0")


_WORDS = {
    "vi": _Words(
        undated="không rõ ngày",
        captured="lưu",
        page="tr.",
        version="phiên bản",
        original="bản gốc",
        noted_page="trang",
        day_format="ngày %d/%m/%Y",
        month_format="tháng %m/%Y",
    ),
    "en": _Words(
        undated="undated",
        captured="captured",
        page="p.",
        version="version",
        original="original",
        noted_page="p.",
        day_format="%d %B %Y",
        month_format="%B %Y",
    ),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """The bibliographic fields of an article; every text is one line.

    Attributes:
        key: letters, digits and hyphens, the same as long as publisher, year and article are.
        title: first words in square brackets where `has_title` is false.
        captured: the time at which the archive added the article.
        url: the original's http(s) address, or empty.
        publisher: where the article names none, the host of its address, or the owner's name for
            it, in square brackets, as catalogues mark what they supply.
        holding: the archive that holds it.
        locator: the place of a cited section (`trang 12`); empty where the whole is cited.
    """

    key: str
    identifier: str
    title: str
    has_title: bool
    authors: tuple[str, ...]
    publisher: str
    published: datetime | None
    published_precision: str
    captured: datetime | None
    url: str
    lead: str
    language: str
    locator: str = ""
    holding: Holding = Holding()

    @property
    def address(self) -> str:
        """The address that leads to the article: here, or where it came from."""
        return self.holding.permalink or self.url

    @property
    def note(self) -> str:
        """What else leads to it: a place without a page, archive, identifier, original address."""
        place = f"{self.locator}; " if self.locator and not self.pages else ""
        return place + self._held

    @property
    def note_with_page(self) -> str:
        """The note where no other field takes a page."""
        words = _WORDS[self.holding.language]
        place = f"{words.noted_page} {self.pages}; " if self.pages else ""
        return place + self.note

    @property
    def _held(self) -> str:
        holding, words = self.holding, _WORDS[self.holding.language]
        version = f", {words.version} {holding.version}" if holding.version else ""
        original = f"; {words.original}: {self.url}" if self.url and holding.permalink else ""
        return f"{holding.archive}: {self.identifier}{version}{original}"

    @property
    def pages(self) -> str:
        """The page in the locator, or nothing."""
        return self.locator.removeprefix(_PAGE) if self.locator.startswith(_PAGE) else ""


def reference(article: Article, section: int = 0, holding: Holding | None = None) -> Reference:
    """Return the bibliographic fields of an article, or of one of its sections, from 1."""
    cited_section = article.sections[section - 1] if 0 < section <= len(article.sections) else None
    year = str(article.published.year) if article.published else "nd"
    holding, host = holding or Holding(), host_of(article.url)
    key = _NO_KEY.sub("", fold(article.publisher or host).lower())[:20] or "tangthu"
    return Reference(
        key=f"{key}{year}-{article.identifier}",
        identifier=article.identifier,
        title=_line(article.shown_title),
        has_title=article.has_title,
        authors=tuple(_line(author) for author in article.authors if author.strip()),
        publisher=_line(article.publisher) or (f"[{holding.name_host(host)}]" if host else ""),
        published=article.published,
        published_precision=article.published_precision,
        captured=article.captured and current_site().local_time(article.captured),
        url=_line(article.url) if canonical_url(article.url) else "",
        lead=_line(article.lead),
        language=language_tag(article.language) or article.language,
        locator=_line(cited_section.locator) if cited_section else "",
        holding=holding,
    )


def join_names(names: Iterable[str]) -> str:
    """Return names in one line; those with a comma inside are told apart by semicolons."""
    listed = list(names)
    return ("; " if any("," in name for name in listed) else ", ").join(listed)


def host_of(url: str) -> str:
    """Return the host of an http(s) address without `www.`; empty for any other."""
    if plain := _PLAIN_ADDRESS.fullmatch(url):
        return plain[1].removeprefix("www.")
    return (urlsplit(canonical_url(url)).hostname or "").removeprefix("www.")


def bibtex(cited: Reference) -> str:
    """Format a BibTeX entry; names stay whole, since Vietnamese ones begin with the family name.

    An entry is an `@article` only where it has all that one needs, and only then has `pages`, so
    that no reader warns: not BibTeX, and biblatex only of a date where there is none.
    """
    is_article = bool(cited.authors and cited.publisher and cited.published)
    kind = "article" if is_article else "online" if cited.published and cited.address else "misc"
    fields: dict[str, str] = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": " and ".join(f"{{{_tex(author)}}}" for author in cited.authors),
        "journal" if is_article else "organization": _tex(cited.publisher),
        "pages": _tex(cited.pages) if is_article else "",
    }
    if cited.published:
        parts = _parts(cited)
        names = ("year", "month", "day")
        fields |= {name: str(part) for name, part in zip(names, parts, strict=False)}
        fields["date"] = iso_date(cited.published, cited.published_precision or "day")
    fields["url"] = cited.address.translate(_NOT_IN_URL)
    if cited.captured:
        fields["urldate"] = cited.captured.date().isoformat()
    fields["note"] = _tex(cited.note if is_article else cited.note_with_page)
    code = cited.language.partition("-")[0].lower()
    fields["language"] = _TEX_LANGUAGES.get(code, _tex(cited.language))
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{cited.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(cited: Reference) -> str:
    """Format a RIS record of a newspaper article; lines end in CR LF, as the format demands."""
    tags = [("TY", "NEWS"), ("ID", cited.key), ("TI", cited.title)]
    tags += [("AU", author) for author in cited.authors]
    tags += [("T2", cited.publisher), ("SP", cited.pages)]
    if cited.published:
        # The format demands its slashes where a part is unknown.
        figures = [f"{part:02}" for part in _parts(cited)] + ["", ""]
        tags += [("PY", str(cited.published.year)), ("DA", "/".join(figures[:3]) + "/")]
    tags += [("AB", cited.lead), ("LA", cited.language), ("UR", cited.address)]
    if cited.url != cited.address:
        tags.append(("L2", cited.url))
    if cited.captured:
        tags.append(("Y2", f"{cited.captured:%Y/%m/%d}/"))
    tags += [("DB", cited.holding.archive), ("AN", cited.identifier), ("N1", cited.note)]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def csl(cited: Reference) -> dict[str, Any]:
    """Return an item of CSL-JSON 1.0."""
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "article-newspaper",
        "title": cited.title,
        "author": [{"literal": author} for author in cited.authors],
        "container-title": cited.publisher,
        "page": cited.pages,
        "issued": _date_parts(_parts(cited)),
        "accessed": _date_parts(_ymd(cited.captured)),
        "URL": cited.address,
        "abstract": cited.lead,
        "language": cited.language,
        "archive": cited.holding.archive,
        "archive_location": cited.identifier,
        "note": cited.note,
    }
    return {name: value for name, value in item.items() if value}


def sentence(cited: Reference, language: str = "") -> str:
    """Format a reference for readers: authors (year), “title”, paper, date, address.

    It is in a language, else in that of what is said about the archive.

    In Vietnamese as theses have it. Without an author the title comes first. First words in the
    place of a title are not quoted.
    """
    words = _WORDS[language or cited.holding.language]
    year = f"({cited.published.year})" if cited.published else f"({words.undated})"
    authors = join_names(cited.authors)
    title = f"“{cited.title}”" if cited.has_title else cited.title
    head = f"{authors} {year}, {title}" if authors else f"{title} {year}"
    captured = f"{words.captured} {words.day(cited.captured)}" if cited.captured else ""
    place = f"{words.page} {cited.pages}" if cited.pages else cited.locator
    holding = cited.holding
    held = f"{holding.archive}: {holding.permalink}" if holding.permalink else ""
    if holding.version:
        held += f" ({words.version} {holding.version})"
    published = _published_words(cited, words)
    parts = (head, cited.publisher, published, place, cited.url, captured, held)
    return ", ".join(filter(None, parts)) + "."


def _published_words(cited: Reference, words: _Words) -> str:
    """Return the day or month of publication, or nothing where only the year is known."""
    if not cited.published or cited.published_precision == "year":
        return ""
    if cited.published_precision == "month":
        return f"{cited.published:{words.month_format}}"
    return words.day(cited.published)


def _parts(cited: Reference) -> list[int]:
    """Return year, month and day of publication, as many as are stated."""
    return _ymd(cited.published)[: {"year": 1, "month": 2}.get(cited.published_precision, 3)]


def _ymd(moment: datetime | None) -> list[int]:
    return [moment.year, moment.month, moment.day] if moment else []


def _date_parts(parts: list[int]) -> dict[str, list[list[int]]]:
    return {"date-parts": [parts]} if parts else {}


def _line(text: str) -> str:
    """Join a text to one line without control characters."""
    return " ".join(_UNPRINTED.sub(" ", canonical(text)).split())


def _tex(text: str) -> str:
    return text.translate(_BIBTEX_SPECIALS)
