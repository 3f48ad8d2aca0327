"""The keys under which records of other tools hold what an article is made of.

Records of crawlers and extractors (trafilatura, newspaper4k, news-please, fundus), of feeds (JSON
Feed, RSS made JSON), of news interfaces, of publishing systems and of schema.org name the same
things by many keys. They are compared without case, punctuation and diacritics: `publish_date`,
`publishDate` and `Publish-Date` are one key, and so are `nội dung` and `noi_dung`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from indexer.vietnamese.normalization import fold

_KEYS = {
    "id": "id guid externalid articleid docid documentid uuid",
    "url": "url link canonicallink canonicalurl permalink articleurl pageurl weburl requestedurl"
    " mainentityofpage loc href source"
    " duongdan lienket diachi",
    "date": "dategmt date publishdate datepublish publishedat datepublished publisheddate"
    " publishingdate publicationdate published publishedtime publishtime pubdate"
    " webpublicationdate firstpublishedat firstpublishdate displaydate datepublication datecreated"
    " createdat created issued timestamp datetime time dateupdated"
    " ngaydang ngayxuatban ngayphathanh thoigiandang ngay thoigian",
    "category": "category categories section articlesection sectionname primarytag"
    " topic channel"
    " chuyenmuc danhmuc theloai",
    "publisher": "publisher sitename sourcehostname source site newspaper outlet hostname"
    " metasitename sourcedomain domain provider feedtitle"
    " toasoan tenbao nguon",
    "author": "authors author byline primaryauthor credits creator creators dccreator"
    " writer writers tacgia nguoiviet",
    "title": "title headline heading titletext webtitle name tieude tenbai",
    "summary": "summary lead description abstract excerpt sapo standfirst subtitle teaser deck"
    " metadescription snippet shortdescription highlights customexcerpt"
    " excerptencoded trailtext tomtat mota loidan",
    "body": "body text maintext contenttext articlebody articletext plaintext fulltext bodytext"
    " content contentencoded contenthtml bodyhtml articlehtml story rawtext html"
    " cleanedtext textcontent paragraphs contentelements leadparagraph noidung noidungbai"
    " thanbai toanvan",
    "language": "language lang inlanguage metalang langcode locale",
    "modified": "modifiedgmt datemodified modified updated updatedat datemodify lastmodified"
    " changed",
}
"""The keys of each field, the surest first."""

_FIELDS = {field: tuple(keys.split()) for field, keys in _KEYS.items()}
_READ = frozenset(key for keys in _FIELDS.values() for key in keys)
_PASSED_OVER = frozenset(
    "html rawhtml rawtext keywords tags comments images imageurl image topimage license favicon"
    " fingerprint filename localpath titlepage titlerss video videos movies attachments type"
    " context embeddings vector mobiledoc lexical yoasthead yoastheadjson embedded links included"
    " includes relationships sys textcleaned article".split()
)
"""Keys whose long texts are no part of the article, or are its text once more."""

ITEM_LISTS = ("items", "articles", "entries", "results", "records", "documents", "docs", "posts")
"""Keys under which a file or an answer holds a list of records."""

VAGUE_LISTS = ("hits", "data", "item", "news", "rows", "edges", "nodes", "result", "graph")
"""Keys under which lists of other things stand as well."""

ANSWERS = ("hits", "data", "response", "result", "rss", "channel", "feed", "payload", "db")
"""Keys under which an answer holds the object that holds the list."""

WRAPPERS = (
    *("_source", "article", "doc", "document", "data", "attributes", "fields", "item", "post"),
    *("news", "node", "result", "row"),
)
"""Keys under which a record without text of its own holds the record proper."""

_BESIDE = ("sys", "html", "sourceinfo")
"""Keys under which a record holds its moments, its address or its language."""

_LANGUAGES = frozenset(
    "vi en fr de es pt it nl ru uk pl cs sk hu ro bg sr hr sl lt lv et fi sv da nb nn no is el tr"
    " ar he fa hi bn ta te ur ne si my th lo km ms tl zh ja ko mn kk uz ka hy az".split()
)

_LONG = 200
"""Characters of a text that is worth a remark where nothing is read from it."""

_DEEPEST = 5
_MOST_OBJECTS = 20


@lru_cache(4096)
def bare_key(key: str) -> str:
    """Return a key without case, punctuation and diacritics."""
    letters = key.lower() if key.isascii() else fold(key)
    return "".join(filter(str.isalnum, letters))


def is_known_key(key: str) -> bool:
    """Tell whether a key names a field, a list of records, or what is around or beside them."""
    name = bare_key(key)
    around = (*ITEM_LISTS, *VAGUE_LISTS, *ANSWERS, *map(bare_key, WRAPPERS))
    return name in _READ or name in _PASSED_OVER or name in around


def values_by_key(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a record by bare key; of twins, the first that holds something."""
    values: dict[str, Any] = {}
    for key, value in record.items():
        name = bare_key(key)
        if values.get(name) in (None, "", [], {}):
            values[name] = value
    if isinstance(values.get("article"), str):
        # An object under this key is the record proper.
        values.setdefault("articletext", values["article"])
    return values


def field_values(values: Mapping[str, Any], field: str) -> Iterator[tuple[str, Any]]:
    """Yield the key and value of each entry of a field that holds something, the surest first."""
    for key in _FIELDS[field]:
        if key in values and values[key] not in (None, "", [], {}):
            yield key, values[key]


def filled_from(values: dict[str, Any], around: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with what records around and beside them have for the fields they lack."""
    beside = (values_by_key(values[key]) for key in _BESIDE if isinstance(values.get(key), dict))
    for others in (around, *beside):
        for field in _FIELDS:
            if field not in ("id", "body") and not any(field_values(values, field)):
                values = values | dict(field_values(others, field))
    return values


def without_objects(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without what may be a record in them."""
    return {
        key: value for key, value in values.items() if key in _BESIDE or not isinstance(value, dict)
    }


def in_one_language(value: Any) -> Any:
    """Return what stands in a value by language: in Vietnamese, else in the first; else itself."""
    if not isinstance(value, dict) or not value:
        return value
    languages = {key: key.replace("_", "-").split("-")[0].lower() for key in value}
    codes = set(languages.values())
    # `id` is Indonesian beside other languages only.
    if not codes & _LANGUAGES or codes - _LANGUAGES - {"id"}:
        return value
    return next(
        (value[key] for key, code in languages.items() if code == "vi"), [*value.values()][0]
    )


def is_record(values: Mapping[str, Any]) -> bool:
    """Tell whether values are an article's: a body, or a title and what goes with one."""
    if any(field_values(values, "body")):
        return True
    beside = ("summary", "url", "date")
    return any(field_values(values, "title")) and any(
        value for field in beside for value in field_values(values, field)
    )


def unread_keys(record: Mapping[str, Any]) -> list[str]:
    """Return the keys of long texts that no field is read from; `a.b` is `b` in what `a` holds."""
    keys: list[str] = []
    for key, value in record.items():
        if bare_key(key) not in _READ and bare_key(key) not in _PASSED_OVER:
            if _length(value) >= _LONG:
                keys.append(key)
            else:
                keys += dict.fromkeys(f"{key}.{inner}" for inner in _inner_keys(value, _DEEPEST))
    return keys


def _inner_keys(value: Any, depth: int) -> Iterator[str]:
    """Yield the keys of long texts in objects, and in the first objects of a list."""
    objects = value[:_MOST_OBJECTS] if isinstance(value, list) else [value]
    for item in objects:
        for key, inner in item.items() if isinstance(item, dict) and depth else ():
            if bare_key(key) in _PASSED_OVER:
                continue
            if _length(inner) >= _LONG:
                yield key
            else:
                yield from (f"{key}.{deeper}" for deeper in _inner_keys(inner, depth - 1))


def _length(value: Any) -> int:
    """Return the characters of a text, or of the texts in a list."""
    if isinstance(value, str):
        # A text of one word is an identifier or an address.
        return len(value) if " " in value[:_LONG] else 0
    if isinstance(value, list):
        return sum(len(text) for text in value if isinstance(text, str) and " " in text)
    return 0
