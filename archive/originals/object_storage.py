"""Objects in a storage that speaks S3: put whole, read by ranges, never changed.

Names are made by the caller and never used again, since not every server refuses to overwrite one.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import DamagedError, StoreError
from archive.settings.originals_location import OriginalsLocation

if TYPE_CHECKING:
    from obstore.store import S3Store

_CONNECT = timedelta(seconds=4)
_TIMEOUT = timedelta(seconds=300)
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
# A reader waits for a record.
_QUICK_TIMEOUT = timedelta(seconds=15)
_QUICK_RETRIES: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=8)}
_NAMES_AT_ONCE = 1000
_SECONDS_AWAY = 5.0
_LONGEST_REASON = 200


class StorageAwayError(StoreError):
    """The object storage cannot be reached, or refuses: what is in it cannot be had now."""


class ObjectMissingError(DamagedError):
    """There is no object of a name."""


class ObjectStorage:
    """The objects of one location; connections are made when they are needed.

    Args:
        location: where they are.

    Raises:
        StoreError: the client or the keys are missing, or the CA file cannot be read.
    """

    def __init__(self, location: OriginalsLocation) -> None:
        self.location = location
        try:
            # Imported here: most archives have their originals in the home.
            import obstore
            from obstore.store import S3Store
        except ImportError as error:
            raise StoreError(
                "originals in an object storage need the package obstore: "
                "`pip install 'tangthu[s3]'`"
            ) from error
        self._client, self.process = obstore, os.getpid()
        self._store = S3Store(**_describe(location, _TIMEOUT), retry_config=_RETRIES)
        self._quick_store = S3Store(
            **_describe(location, _QUICK_TIMEOUT), retry_config=_QUICK_RETRIES
        )
        self._away_until = 0.0

    def put(self, name: str, content: bytes) -> None:
        """Put a new object.

        Raises:
            StorageAwayError: it cannot be put.
        """
        self._call("put", self._store, name, content, use_multipart=False)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Read a range of an object.

        Raises:
            ObjectMissingError: there is no such object.
            DamagedError: it is shorter.
            StorageAwayError: it cannot be read now.
        """
        return self._read(self._store, name, start, length)

    def read_quickly(self, name: str, start: int, length: int) -> bytes:
        """Read a range for somebody who waits; raises what `read` raises, and sooner.

        A storage that did not answer is not asked again for some seconds.
        """
        if time.monotonic() < self._away_until:
            raise StorageAwayError(_away_message(self.location, "it did not answer just now"))
        return self._read(self._quick_store, name, start, length)

    def _read(self, store: S3Store, name: str, start: int, length: int) -> bytes:
        content = bytes(self._call("get_range", store, name, start=start, length=length))
        if len(content) != length:
            raise DamagedError(f"the object {name} is shorter than it was")
        return content

    def delete(self, name: str) -> None:
        """Delete an object; one that is gone already is no error.

        Raises:
            StorageAwayError: it cannot be deleted.
        """
        try:
            self._call("delete", self._store, name)
        except ObjectMissingError:
            pass

    def list_names(self) -> Iterator[str]:
        """Yield the names of all objects, some hundred a request.

        Raises:
            StorageAwayError: they cannot be listed.
        """
        pages = iter(self._call("list", self._store, chunk_size=_NAMES_AT_ONCE))
        while page := self._attempt(lambda: next(pages, ()), "list"):
            yield from (str(entry["path"]) for entry in page)

    def try_out(self) -> None:
        """Put an object of a few bytes, read it and delete it: are we allowed all that.

        Raises:
            StorageAwayError: one of it is refused.
        """
        name, content = f"trial-{secrets.token_hex(8)}", b"tangthu"
        self.put(name, content)
        if self.read(name, 0, len(content)) != content:
            raise StorageAwayError(_away_message(self.location, "it gives back other bytes"))
        self.delete(name)

    def _call(self, function: str, *arguments: Any, **options: Any) -> Any:
        work = partial(getattr(self._client, function), *arguments, **options)
        return self._attempt(work, str(arguments[1]) if len(arguments) > 1 else "")

    def _attempt(self, work: Callable[[], Any], name: str) -> Any:
        """Return what some work with an object of a name returns, or raise an error of ours."""
        errors = self._client.exceptions
        try:
            return work()
        except (FileNotFoundError, errors.NotFoundError) as error:
            if "NoSuchBucket" in str(error):
                raise self._away(error) from error
            raise ObjectMissingError(
                f"the object {name} is not in {self.location.storage}; restore a backup"
            ) from error
        except (errors.BaseError, OSError) as error:
            if "InvalidRange" in str(error):
                raise DamagedError(f"the object {name} is shorter than it was") from error
            raise self._away(error) from error

    def _away(self, error: Exception) -> StorageAwayError:
        """Return the error for a refusal, with its first words: no keys are in them."""
        self._away_until = time.monotonic() + _SECONDS_AWAY
        reason = str(error).partition("\n")[0].partition("<")[0].strip(" -:")[-_LONGEST_REASON:]
        return StorageAwayError(_away_message(self.location, reason))


def _away_message(location: OriginalsLocation, reason: str) -> str:
    return (
        f"the object storage {location.storage} cannot be used now: {reason}; "
        "originals that are only there cannot be had until it answers"
    )


def _describe(location: OriginalsLocation, timeout: timedelta) -> dict[str, Any]:
    """Return the client's options for a location.

    Raises:
        StoreError: keys are missing, or the CA file cannot be read.
    """
    key, secret = location.keys()
    endpoint = location.option("endpoint")
    client: dict[str, Any] = {"connect_timeout": _CONNECT, "timeout": timeout}
    client["allow_http"] = endpoint.startswith("http://")
    if path := location.option("cafile"):
        try:
            client["root_certificate"] = Path(path).read_bytes()
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    options = {
        "bucket": location.bucket,
        "prefix": location.prefix or None,
        "region": location.option("region") or "us-east-1",
        "access_key_id": key,
        "secret_access_key": secret,
        # Deleting many at once is not implemented by every server.
        "disable_bulk_delete": True,
        "client_options": client,
    }
    return {**options, "endpoint": endpoint} if endpoint else options
