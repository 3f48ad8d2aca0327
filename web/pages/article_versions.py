"""The versions of an article: the one that an address asks for, and when it was captured."""

from __future__ import annotations

from datetime import datetime

from archive.errors import NotFoundError
from archive.records import Version
from web.addresses.parameters import number_parameter

LAST_VERSION = 999_999_999
"""The largest number of a version that is read."""

VERSION = number_parameter("version", "The number of an older version.", 0, LAST_VERSION)


def find_version(versions: list[Version], number: int | None) -> Version:
    """Return the version of a number, or the newest.

    Raises:
        NotFoundError: there is none of this number.
    """
    if number is None:
        return versions[-1]
    for version in versions:
        if version.number == number:
            return version
    raise NotFoundError(str(number), f"there is no version {number} of this article")


def captured_at(version: Version) -> datetime:
    """Return when a version was captured."""
    return datetime.fromisoformat(version.captured)
