"""The keys under which records of other tools hold what an article is made of.

Records of crawlers and extractors (trafilatura, newspaper4k, news-please, fundus), of feeds (JSON
Feed, RSS made JSON), of news interfaces and of schema.org name the same things by many keys. They
are compared without case, punctuation and diacritics: `publish_date`, `publishDate` and
`Publish-Date` are one key, and so are `nội dung` and `noi_dung`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from indexer.vietnamese.normalization import fold

_KEYS = {
    "id": "id guid externalid articleid docid documentid uuid",
    "url": "url link canonicallink canonicalurl permalink articleurl pageurl loc href source"
    " duongdan lienket diachi",
    "date": "date publishdate datepublish publishedat datepublished publisheddate publishingdate"
    " publicationdate published publishedtime publishtime pubdate datepublication datecreated"
    " createdat created issued timestamp datetime time dateupdated"
    " ngaydang ngayxuatban ngayphathanh thoigiandang ngay thoigian",
    "category": "category categories section articlesection topic channel"
    " chuyenmuc danhmuc theloai",
    "publisher": "publisher sitename sourcehostname source site newspaper outlet hostname"
    " sourcedomain domain provider feedtitle"
    " toasoan tenbao nguon",
    "author": "authors author byline creator creators writer writers tacgia nguoiviet",
    "title": "title headline heading titletext name tieude tenbai",
    "summary": "summary lead description abstract excerpt sapo standfirst subtitle teaser deck"
    " metadescription snippet customexcerpt tomtat mota loidan",
    "body": "body text maintext contenttext articlebody articletext plaintext fulltext bodytext"
    " content contentencoded contenthtml bodyhtml articlehtml story rawtext html"
    " cleanedtext textcontent paragraphs noidung noidungbai thanbai toanvan",
    "language": "language lang inlanguage metalang",
    "modified": "datemodified modified updated updatedat datemodify lastmodified",
}
"""The keys of each field, the surest first."""

_FIELDS = {field: tuple(keys.split()) for field, keys in _KEYS.items()}
_READ = frozenset(key for keys in _FIELDS.values() for key in keys)
_PASSED_OVER = frozenset(
    "html rawhtml rawtext keywords tags comments images imageurl image topimage license favicon"
    " fingerprint filename localpath titlepage titlerss video videos movies attachments type"
    " context embeddings vector mobiledoc lexical".split()
)
"""Keys whose long texts are no part of the article, or are its text once more."""

ITEM_LISTS = ("items", "articles", "entries", "results", "records", "documents", "docs", "posts")
"""Keys under which a file or an answer holds a list of records."""

VAGUE_LISTS = ("hits", "data", "item", "news", "rows", "edges", "nodes")
"""Keys under which lists of other things stand as well."""

ANSWERS = ("hits", "data", "response", "result", "rss", "channel", "feed", "payload", "db")
"""Keys under which an answer holds the object that holds the list."""

WRAPPERS = (
    *("_source", "article", "doc", "document", "data", "attributes", "fields", "item", "post"),
    *("news", "node", "result"),
)
"""Keys under which a record without text of its own holds the record proper."""

_LONG = 200
"""Characters of a text that is worth a remark where nothing is read from it."""


@lru_cache(4096)
def bare_key(key: str) -> str:
    """Return a key without case, punctuation and diacritics."""
    letters = key.lower() if key.isascii() else fold(key)
    return "".join(filter(str.isalnum, letters))


def values_by_key(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a record by bare key; of twins, the first that holds something."""
    values: dict[str, Any] = {}
    for key, value in record.items():
        name = bare_key(key)
        if values.get(name) in (None, "", [], {}):
            values[name] = value
    return values


def field_values(values: Mapping[str, Any], field: str) -> Iterator[tuple[str, Any]]:
    """Yield the key and value of each entry of a field that holds something, the surest first."""
    for key in _FIELDS[field]:
        if key in values and values[key] not in (None, "", [], {}):
            yield key, values[key]


def is_record(values: Mapping[str, Any]) -> bool:
    """Tell whether values are an article's: a body, or a title and what goes with one."""
    if any(field_values(values, "body")):
        return True
    beside = ("summary", "url", "date")
    return any(field_values(values, "title")) and any(
        value for field in beside for value in field_values(values, field)
    )


def unread_keys(record: Mapping[str, Any]) -> list[str]:
    """Return the keys of long texts that no field is read from."""
    return [
        key
        for key, value in record.items()
        if bare_key(key) not in _READ
        and bare_key(key) not in _PASSED_OVER
        and _length(value) >= _LONG
    ]


def _length(value: Any) -> int:
    """Return the characters of a text, or of the texts in a list."""
    if isinstance(value, str):
        # A text of one word is an identifier or an address.
        return len(value) if " " in value[:_LONG] else 0
    if isinstance(value, list):
        return sum(len(text) for text in value if isinstance(text, str) and " " in text)
    return 0
