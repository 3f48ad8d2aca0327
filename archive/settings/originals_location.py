"""The location of an archive's originals: WARC files in the home, or pieces in an object storage.

It is named by `--originals`, by TANGTHU_ORIGINALS, or by `originals` below `[archive]` in the
home's `settings.toml`. The keys are in none of them: they come from the environment or a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from archive.errors import StoreError
from archive.settings.archive_settings import (
    IN_HOME,
    VARIABLES,
    archive_settings,
    write_archive_settings,
)
from archive.settings.settings_file import SettingsError, refuse_unknown_keys

ORIGINALS_VARIABLE = VARIABLES["originals"]
KEY_VARIABLE = "TANGTHU_ORIGINALS_KEY"
SECRET_VARIABLE = "TANGTHU_ORIGINALS_SECRET"
KEYS_FILE_VARIABLE = VARIABLES["originals-keys-file"]

URL_OPTIONS = ("endpoint", "region", "cafile", "local")
"""The options after the question mark of a URL; `local=keep` leaves full WARC files in the home."""

_KEEP = "keep"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){0,7}")
_PRINTABLE = re.compile(r"[!-~]{1,1000}")
_LONGEST_KEYS = 4096
_ALLOWED = (
    f"allowed is {IN_HOME!r}, or a URL such as s3://bucket/prefix?endpoint=https://s3.example.vn&"
    f"region=us-east-1 without keys, which are in {KEY_VARIABLE} and {SECRET_VARIABLE}, or on two "
    f"lines of the file that {KEYS_FILE_VARIABLE} names"
)


@dataclass(frozen=True, slots=True)
class OriginalsLocation:
    """The location of originals, without its keys.

    Attributes:
        url: the object storage; empty for the home.
        keys_file: the file with the key and the secret, on a line each; empty for none.
    """

    url: str = ""
    keys_file: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether originals are shipped to an object storage."""
        return bool(self.url)

    @property
    def bucket(self) -> str:
        """The bucket."""
        return urlsplit(self.url).netloc

    @property
    def prefix(self) -> str:
        """The folder in the bucket; empty for the whole."""
        return urlsplit(self.url).path.strip("/")

    @property
    def storage(self) -> str:
        """Bucket and prefix, which say where objects are, however they are reached."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/") if self.url else ""

    @property
    def keeps_local_files(self) -> bool:
        """Whether WARC files stay in the home after they were shipped."""
        return self.option("local") == _KEEP

    def option(self, name: str) -> str:
        """Return an option of the URL; empty where it has none."""
        return dict(parse_qsl(urlsplit(self.url).query)).get(name, "")

    def keys(self, environment: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return key and secret as they are now.

        Raises:
            StoreError: there are none, or their file cannot be read.
        """
        environment = os.environ if environment is None else environment
        key, secret = environment.get(KEY_VARIABLE, ""), environment.get(SECRET_VARIABLE, "")
        if not (key and secret) and self.keys_file:
            try:
                with Path(self.keys_file).open(encoding="utf-8") as file:
                    key, _, secret = file.read(_LONGEST_KEYS).strip().partition("\n")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
                raise StoreError(
                    f"the keys of the object storage cannot be read from {self.keys_file}: {reason}"
                ) from error
        key, secret = key.strip(), secret.strip()
        if not (_PRINTABLE.fullmatch(key) and _PRINTABLE.fullmatch(secret)):
            raise StoreError(f"there are no keys for {self.storage}: {_ALLOWED}")
        return key, secret


HOME_ORIGINALS = OriginalsLocation()
"""WARC files in the home, whatever the settings say."""


def read_originals_location(
    home: Path, environment: Mapping[str, str] | None = None
) -> OriginalsLocation:
    """Return the location of a home's originals.

    Raises:
        SettingsError: it is no location.
    """
    settings = archive_settings(home, environment)
    stated = settings["originals"]
    url = check_originals_url(stated.value, stated.place, stated.name)
    return OriginalsLocation("" if url == IN_HOME else url, settings["originals-keys-file"].value)


def write_originals_location(home: Path, location: OriginalsLocation) -> None:
    """Write where the originals are into the home's `settings.toml`; all else stays as it is.

    Raises:
        StoreError: the disk refuses it.
        SettingsError: the file cannot be understood.
    """
    file = location.keys_file if location.url else ""
    write_archive_settings(home, {"originals": location.url, "originals-keys-file": file})


def check_originals_url(text: str, place: object, key: str = "") -> str:
    """Return a URL of originals, or `home`; no message repeats it: it may hold a secret.

    Raises:
        SettingsError: it is none that is supported.
    """
    if text == IN_HOME:
        return text
    try:
        parts = urlsplit(text)
        endpoint = urlsplit(dict(parse_qsl(parts.query)).get("endpoint", "https://s3"))
        _ = endpoint.port
    except ValueError:
        raise SettingsError(place, key, f"is no URL of an object storage; {_ALLOWED}") from None
    if parts.scheme != "s3" or parts.fragment:
        raise SettingsError(place, key, f"is no object storage that is supported; {_ALLOWED}")
    if "@" in parts.netloc or "@" in endpoint.netloc:
        raise SettingsError(place, key, f"holds a key; {_ALLOWED}")
    if not _BUCKET.fullmatch(parts.netloc):
        raise SettingsError(place, key, f"names no bucket; {_ALLOWED}")
    prefix = parts.path.strip("/")
    if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
        raise SettingsError(
            place, key, f"has a prefix of other letters than A-Z 0-9 . _ -; {_ALLOWED}"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    refuse_unknown_keys(place, key, options, set(URL_OPTIONS))
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        raise SettingsError(place, key, "has an endpoint that is no address of http or https")
    if options.get("local", _KEEP) != _KEEP:
        raise SettingsError(place, key, f"has another value of `local` than {_KEEP}")
    return text
