"""Queries that name one article: an address or an identifier, alone or behind `url:` or `id:`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archive.catalogue.lookup_keys import address_key, external_id_key
from archive.store import Store
from indexer.search.query.date_values import QUOTES
from indexer.search.query.field_names import LOOKUP_KEYS, field_key

LONGEST_LOOKUP = 2000
"""Characters of the longest address or identifier that is looked up."""

_NAMED = re.compile(r"([^\W\d_]+) ?: ?(.+)")
_ADDRESS = re.compile(
    r"https?://[^\s/]\S*|www\.[^\s/]+/\S+"
    r"|(?:[a-z0-9\-]+\.)+(?:vn|com|net|org|info|edu|gov|tv)(?::\d+)?/\S+",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[0-9a-f]{20}", re.IGNORECASE)
_MAYBE_EXTERNAL_ID = re.compile(r"(?=\S*\d)[^\W_][^\s\"“”„«»()*?~^:=]{3,254}")
_AROUND = f"{QUOTES}'<>()[]"
_SLUG_END = re.compile(r"\.\w{1,5}$")
_SLUG_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_SLUG = 3
"""Words of an address that are a headline."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An article that a query names.

    Attributes:
        value: the address or identifier.
        is_address: it is no identifier.
        is_certain: it can hardly be anything else: where there is no such article, that is said.
    """

    value: str
    is_address: bool
    is_certain: bool

    @property
    def words(self) -> str:
        """The query for what the address or identifier tells of the article."""
        if not self.is_address:
            return f'="{self.value}"' if _IDENTIFIER.fullmatch(self.value) else self.value
        path = _path(self.value)
        segments = (_SLUG_WORD.findall(_SLUG_END.sub("", part)) for part in path.split("/"))
        slug = max(segments, key=len)
        if len(slug) >= _SHORTEST_SLUG:
            return " ".join(slug)
        plain = re.sub(rf"^\w+://|[{QUOTES}]", "", self.value)
        return f'="{plain}"' if path.strip("/") else plain.strip("/")

    @property
    def own_identifier(self) -> str:
        """The identifier in an address of this archive's own pages; empty in any other."""
        found = [part for part in _path(self.value).split("/") if _IDENTIFIER.fullmatch(part)]
        return found[-1].lower() if found and self.is_address else ""


def read_lookup(text: str, *, as_typed: bool = False) -> Lookup | None:
    """Return the article that a query names; None for one that names none.

    Args:
        text: the query.
        as_typed: nothing is read into a query: only `url:` and `id:` name an article.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_LOOKUP:
        return None
    named = _NAMED.fullmatch(text)
    if named and field_key(named[1]) in LOOKUP_KEYS:
        return _read_named(field_key(named[1]), named[2])
    value = text.strip(f"{_AROUND}.,;!")
    if as_typed or not value or len(value.split()) > 1:
        return None
    if _ADDRESS.fullmatch(value):
        return Lookup(value, True, True)
    if _IDENTIFIER.fullmatch(value):
        return Lookup(value, False, True)
    return Lookup(value, False, False) if _MAYBE_EXTERNAL_ID.fullmatch(value) else None


def find_identifiers(store: Store, lookup: Lookup) -> list[str]:
    """Return the identifiers of the articles that a look-up names.

    Raises:
        StoreError: the catalogue cannot be read.
    """
    if not lookup.is_address:
        return store.find_by_identifier(lookup.value)
    found = store.find_by_address(lookup.value)
    if not found and lookup.own_identifier:
        return store.find_by_identifier(lookup.own_identifier)
    return found


def find_named(store: Store, name: str) -> list[str]:
    """Return the identifiers of the articles that an operator names; else of those withheld.

    Args:
        store: the archive.
        name: an identifier here or elsewhere, or an address.

    Raises:
        StoreError: the catalogue cannot be read.
    """
    lookup = read_lookup(name) or Lookup(name, is_address=False, is_certain=True)
    if found := find_identifiers(store, lookup):
        return found
    key = address_key(lookup.value) if lookup.is_address else external_id_key(lookup.value)
    return store.find_withheld([key]) if key else []


def _read_named(key: str, value: str) -> Lookup | None:
    is_quoted = value[0] in QUOTES and value[-1] in QUOTES and len(value) > 1
    plain = value.strip(_AROUND)
    # Without quotation marks what follows a blank is another condition.
    if not any(map(str.isalnum, plain)) or (len(plain.split()) > 1 and not is_quoted):
        return None
    return Lookup(plain, key == "url" or bool(_ADDRESS.fullmatch(plain)), True)


def _path(address: str) -> str:
    try:
        return unquote(urlsplit(address if "://" in address else f"//{address}").path)
    except ValueError:
        return ""
