"""The settings of the site: who owns the archive, how it is called and shown.

Each has one name: `name` below `[site]` in `settings.toml`, `TANGTHU_SITE_NAME` in the
environment, which wins. They are read once, when the application starts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from archive.clocks import by_clock
from archive.settings.settings_file import (
    SETTINGS_FILE,
    SettingsError,
    read_settings_file,
    refuse_unknown_keys,
)
from web.site.logo_size import logo_width
from web.site.page_languages import LANGUAGES, NAMES
from web.site.time_zones import DEFAULT_ZONE, find_zone

DEFAULT_NAME = "tàng thư"

ENVIRONMENT_PREFIX = "TANGTHU_SITE_"

LONGEST_TEXT = 300
"""Characters of a name, a tagline or an example."""

MOST_EXAMPLES = 8

LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_JOINING = " ,;:–—-|·&/("
"""Characters that no name ends with, but for what stood behind them."""

_HOST = re.compile(r"[^\s/?#<>\"]+")

Texts = Mapping[str, str]
"""A text by language; under the empty key the one for every other language."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings of one archive's pages.

    Attributes:
        name: the archive's name.
        tagline: a line below it on the first page.
        logo: the name of a picture in the home.
        logo_width: its pixels across where it is as high as pages show it; 0 if it does not say.
        accent: a colour, `#rrggbb`; it is adjusted until it can be read.
        languages: the languages of the pages.
        language: the language where a reader asks for none of them.
        address: the public address, which ends in a slash; empty is that of the request.
        zone: the time zone of captures, changes and embargoes.
        mail: the address for notices and questions.
        examples: queries on the first page; empty: drawn from the archive.
        categories, publishers: the names that readers see, by the value in the articles.
    """

    name: Texts = field(default_factory=lambda: {"": DEFAULT_NAME})
    tagline: Texts = field(default_factory=dict)
    logo: str = ""
    logo_width: int = 0
    accent: str = ""
    languages: tuple[str, ...] = LANGUAGES
    language: str = LANGUAGES[0]
    address: str = ""
    zone: str = DEFAULT_ZONE
    mail: str = ""
    examples: tuple[str, ...] = ()
    categories: Mapping[str, Texts] = field(default_factory=dict)
    publishers: Mapping[str, Texts] = field(default_factory=dict)

    def local_time(self, moment: datetime) -> datetime:
        """Return a moment by the archive's clock; one without a zone is by it already."""
        zone = find_zone(self.zone)
        return by_clock(moment, zone) if moment.tzinfo else moment.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A setting as it is in force: its value, and its origin.

    Attributes:
        key: such as `site.name`.
        value: as it was written.
        origin: `option`, `environment`, the name of the file, or `default`.
    """

    key: str
    value: Any
    origin: str


def text_in(texts: Texts, language: str) -> str:
    """Return a text in a language, or the one for every other language."""
    return texts.get(language) or texts.get("") or next(iter(texts.values()), "")


def first_words(text: str, limit: int) -> str:
    """Return as many whole words of a name as some characters hold; of a longer word its begin."""
    return shorten(text, limit, placeholder="").rstrip(_JOINING) or text[:limit]


def read_site(home: Path, environment: Mapping[str, str] | None = None) -> SiteSettings:
    """Return the settings of a home's site.

    Args:
        home: the archive's folder.
        environment: the environment's variables; None is those of the process.

    Raises:
        SettingsError: a setting cannot be used.
    """
    environment = os.environ if environment is None else environment
    tables, path = read_settings_file(home), home / SETTINGS_FILE
    values: dict[str, Any] = {}
    refuse_unknown_keys(path, "site", tables.get("site", {}), set(READERS))
    for name, reader in READERS.items():
        variable = ENVIRONMENT_PREFIX + name.upper()
        if environment.get(variable):
            values[name] = _read(variable, "", reader, _from_text(name, environment[variable]))
        elif name in tables.get("site", {}):
            values[name] = _read(path, f"site.{name}", reader, tables["site"][name])
    for table in ("categories", "publishers"):
        values[table] = {
            value: _read(path, f"{table}.{value}", _texts, shown)
            for value, shown in tables.get(table, {}).items()
        }
    site = replace(SiteSettings(), **values)
    if "language" not in values:
        site = replace(site, language=site.languages[0])
    if site.language not in site.languages:
        raise SettingsError(
            path, "site.language", f"is none of site.languages: {', '.join(site.languages)}"
        )
    if site.logo and not (home / site.logo).is_file():
        raise SettingsError(path, "site.logo", f"there is no file {home / site.logo}")
    return replace(site, logo_width=logo_width(home / site.logo)) if site.logo else site


def effective_settings(
    home: Path, environment: Mapping[str, str] | None = None
) -> list[EffectiveSetting]:
    """Return the settings of a home's site with their origins.

    Raises:
        SettingsError: a setting cannot be used.
    """
    environment = os.environ if environment is None else environment
    site, tables = read_site(home, environment), read_settings_file(home)
    effective = []
    for name in READERS:
        value, origin = _plain(getattr(site, name)), "default"
        if environment.get(ENVIRONMENT_PREFIX + name.upper()):
            origin = "environment"
        elif name in tables.get("site", {}):
            origin = SETTINGS_FILE
        effective.append(EffectiveSetting(f"site.{name}", value, origin))
    for table, names in (("categories", site.categories), ("publishers", site.publishers)):
        effective += [
            EffectiveSetting(f"{table}.{value}", _plain(texts), SETTINGS_FILE)
            for value, texts in names.items()
        ]
    return effective


def _read(place: object, key: str, reader: Callable[[Any], Any], value: Any) -> Any:
    try:
        return reader(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise SettingsError(place, key, f"{value!r} is not allowed; allowed is {error}") from error


def _from_text(name: str, text: str) -> Any:
    """Return the value of an environment variable; lists have one item a line, or commas."""
    if name == "languages":
        return [item.strip() for item in text.split(",") if item.strip()]
    return text.splitlines() if name == "examples" else text


def _plain(value: Any) -> Any:
    """Return a setting's value as it is written in the file."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return value.get("", "") if set(value) <= {""} else dict(value)
    return value


def _text(value: Any, allowed: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not value.isprintable():
        raise ValueError(allowed)
    return value.strip()


def _texts(value: Any) -> Texts:
    allowed = (
        f"a text of one line and at most {LONGEST_TEXT} characters, or one for each language: "
        + ", ".join(f'{code} = "…"' for code in LANGUAGES)
    )
    if not isinstance(value, dict):
        return {"": _text(value, allowed)}
    if not value or not set(value) <= set(LANGUAGES):
        raise ValueError(allowed)
    return {code: _text(text, allowed) for code, text in value.items()}


def _name(value: Any) -> Texts:
    texts = _texts(value)
    if not all(texts.values()):
        raise ValueError("a text that is not empty")
    return texts


def _logo(value: Any) -> str:
    allowed = f"the name of a file in the home that ends in {', '.join(LOGO_TYPES)}"
    name = _text(value, allowed)
    if name and (Path(name).name != name or Path(name).suffix.lower() not in LOGO_TYPES):
        raise ValueError(allowed)
    return name


def _accent(value: Any) -> str:
    allowed = "a colour such as #8a1f11"
    colour = _text(value, allowed)
    if colour and not _COLOUR.fullmatch(colour):
        raise ValueError(allowed)
    return colour.lower()


def _languages(value: Any) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(value)) if isinstance(value, list) else ()
    if not codes or not set(codes) <= set(LANGUAGES):
        raise ValueError("a list of " + ", ".join(f"{code} ({NAMES[code]})" for code in NAMES))
    return codes


def _language(value: Any) -> str:
    if value not in LANGUAGES:
        raise ValueError(" or ".join(LANGUAGES))
    return str(value)


def _address(value: Any) -> str:
    allowed = "an address such as https://luutru.example.vn/ without ? and #"
    text = _text(value, allowed)
    if not text:
        return ""
    parts = urlsplit(text)
    is_plain = parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
    if not is_plain or not _HOST.fullmatch(parts.netloc):
        raise ValueError(allowed)
    return text if text.endswith("/") else f"{text}/"


def _zone(value: Any) -> str:
    name = _text(value, "the name of a time zone")
    find_zone(name)
    return name


def _mail(value: Any) -> str:
    allowed = "an e-mail address"
    text = _text(value, allowed)
    if text and not _MAIL.fullmatch(text):
        raise ValueError(allowed)
    return text


def _examples(value: Any) -> tuple[str, ...]:
    allowed = f"a list of at most {MOST_EXAMPLES} queries"
    if not isinstance(value, list) or len(value) > MOST_EXAMPLES:
        raise ValueError(allowed)
    return tuple(filter(None, (_text(query, allowed) for query in value)))


READERS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "tagline": _texts,
    "logo": _logo,
    "accent": _accent,
    "languages": _languages,
    "language": _language,
    "address": _address,
    "zone": _zone,
    "mail": _mail,
    "examples": _examples,
}
"""The settings below `[site]`, with readers, which raise ValueError with what is allowed."""
