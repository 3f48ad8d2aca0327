"""The keys by which an article is looked up: address, external identifier, numbers, words.

Addresses are compared without what does not tell articles apart: scheme, `www.` and `m.`, letter
case of the host, a slash at the end, fragment, tracking parameters and percent signs. External
identifiers are compared without letter case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, bindparam, inspect, select

from archive.catalogue import tables
from archive.comparable_words import comparable_words
from archive.legal_record import comparable_number
from archive.records import IDENTIFIER_LENGTH, Article, canonical_url, sha256

KEY_LENGTH = 20
"""Hexadecimal digits of a key."""

LEAST_WORDS = 50
"""Words of a text that is long enough to say that two documents are the same."""

_HOST_PREFIX = re.compile(r"(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)")
_TRACKING = ("fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid", "zarsrc", "_ga", "utm_")


def comparable_address(address: str) -> str:
    """Return what two addresses of one article have in common; empty for what is no address."""
    address = unicodedata.normalize("NFC", address.strip())
    canonical = canonical_url(address if "://" in address else f"https://{address}")
    if not canonical:
        return ""
    parts = urlsplit(canonical)
    host = _HOST_PREFIX.sub("", parts.netloc, count=1)
    path = unquote(parts.path).rstrip("/")
    query = "&".join(
        pair for pair in parts.query.split("&") if not pair.lower().startswith(_TRACKING)
    )
    return unicodedata.normalize("NFC", f"{host}{path}?{unquote(query)}".rstrip("?"))


def address_key(address: str) -> str:
    """Return the key of an address; empty for what is no address."""
    comparable = comparable_address(address)
    return _key(f"url:{comparable}") if comparable else ""


def external_id_key(external_id: str) -> str:
    """Return the key of an external identifier; empty for an empty one."""
    text = unicodedata.normalize("NFC", external_id).strip().casefold()
    return _key(f"id:{text}") if text else ""


def lookup_keys(url: str, external_id: str) -> tuple[str, ...]:
    """Return the keys of an article with this address and external identifier."""
    keys = (address_key(url) if url else "", external_id_key(external_id))
    return tuple(key for key in keys if key)


def keys_of(article: Article) -> tuple[str, ...]:
    """Return the keys of an article: those of its names, and of the documents that it cites."""
    numbers = tuple(map(citation_key, article.cited_numbers))
    own = (document_key(article.legal.number),) if article.legal else ()
    words = text_keys(article).own
    return lookup_keys(article.url, article.external_id) + own + numbers + words


@dataclass(frozen=True, slots=True)
class TextKeys:
    """The keys of a text, by which a document without a name meets the article that says the same.

    Attributes:
        titled: The words of title and text; empty for a text that is too short to tell.
        text: The words of the text alone.
    """

    titled: str = ""
    text: str = ""

    @property
    def own(self) -> tuple[str, ...]:
        """The keys that an article has."""
        return (_key(f"words:{self.titled}"), _key(f"body:{self.text}")) if self.titled else ()

    @property
    def sought(self) -> tuple[str, ...]:
        """The keys of articles that say the same.

        They have this title and text, the text alone (where it has a title beside), or a title
        beside the same text.
        """
        sought = (f"words:{self.titled}", f"words:{self.text}", f"body:{self.titled}")
        return tuple(dict.fromkeys(map(_key, sought))) if self.titled else ()


def text_keys(article: Article) -> TextKeys:
    """Return the keys of an article's words; none for a text that is too short to tell.

    Punctuation, letter case, breaks of lines and the bounds of sections make no difference.
    """
    parts = [article.lead]
    for section in article.sections:
        parts += (section.heading_line, *section.paragraphs)
    text = comparable_words(" ".join(parts))
    if text.count(" ") + 1 < LEAST_WORDS:
        return TextKeys()
    return TextKeys(f"{comparable_words(article.title)} {text}".strip(), text)


def document_key(number: str) -> str:
    """Return the key of the legal document with a number."""
    return _key(f"document:{comparable_number(number)}")


def citation_key(number: str) -> str:
    """Return the key of the articles that cite the legal document with a number."""
    return _key(f"cites:{comparable_number(number)}")


def place_key(collection: str, path: str) -> str:
    """Return the key of the place that a document without an address is kept at.

    Args:
        collection: The name of the collection; empty where the path is that of the file system.
        path: The path within the collection.
    """
    return _key(f"place:{collection}\x00{path}")


def identifiers_of_address(address: str) -> list[str]:
    """Return the identifiers that an article of an address has, however it was written."""
    comparable = comparable_address(address)
    if not comparable:
        return []
    host, slash, rest = comparable.partition("/")
    paths = [f"{slash}{rest}", f"{slash}{rest}/"]
    return [
        sha256(f"url:{prefix}{host}{path}".encode("utf-8", "replace"))[:IDENTIFIER_LENGTH]
        for prefix in ("", "www.", "m.")
        for path in paths
    ]


def find_articles(
    connection: Connection, keys: Sequence[str], identifiers: Sequence[str]
) -> list[str]:
    """Return the articles with one of these keys or identifiers, the deleted ones left out."""
    a, k = tables.articles.c, tables.article_keys
    names = set(identifiers)
    # A catalogue of schema 2 that is only read has no keys.
    if keys and inspect(connection).has_table(k.name):
        keyed = select(k.c.identifier).where(k.c.lookup_key.in_(bindparam("keys", expanding=True)))
        names.update(connection.execute(keyed, {"keys": list(keys)}).scalars())
    present = select(a.identifier).where(
        a.identifier.in_(bindparam("names", expanding=True)), a.deleted.is_(False)
    )
    return sorted(connection.execute(present, {"names": sorted(names)}).scalars())


def _key(text: str) -> str:
    # Not everything that a user types can be encoded.
    return sha256(text.encode("utf-8", "surrogatepass"))[:KEY_LENGTH]
