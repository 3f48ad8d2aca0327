"""The time zone of the archive's own events: captures, changes, backups, ends of embargoes.

Days of articles are Vietnam's in every archive, as the index keeps and searches them.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from indexer.vietnamese.dates import VIETNAM

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
"""Vietnam's zone, which needs no data of the system's."""


def find_zone(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database.

    Raises:
        ValueError: there is none of this name, or the system has no such data.
    """
    if name == DEFAULT_ZONE:
        return VIETNAM
    allowed = "the name of a time zone such as Europe/Paris, which this system knows (tzdata)"
    try:
        return ZoneInfo(name)
    # The system's database has folders as well: a name may lead to one.
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(allowed) from error


def offset_name(moment: datetime) -> str:
    """Return the offset of a moment's zone as `GMT+7`, `GMT−3:30` or `GMT`."""
    offset = moment.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"GMT{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "GMT"
