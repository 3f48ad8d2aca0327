"""A mirror of an archive, as the interface for programs describes one: a process to be killed.

It keeps each article as a file, and the number of the last change beside them. A killed one is
started again and goes on: what it asked for twice it only writes again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

LAST = "last"
"""The file with the number of the last change that the mirror has."""

_CHANGES = 10
_PAUSE = 0.02
_GONE = (404, 410)


def main() -> None:
    """Follow the archive at an address into a folder until the process is killed."""
    address, folder = sys.argv[1], Path(sys.argv[2])
    while True:
        if not follow(address, folder):
            time.sleep(_PAUSE)


def follow(address: str, folder: Path) -> bool:
    """Take the next changes; tell whether there were any."""
    last = folder / LAST
    since = last.read_text() if last.exists() else "0"
    answer = _fetch(f"{address}/api/v1/changes?since={since}&n={_CHANGES}")
    for change in answer["changes"]:
        _take(change, folder / f"{change['id']}.json")
    if answer["changes"]:
        _write(last, str(answer["last"]))
    return bool(answer["changes"])


def _take(change: dict[str, Any], file: Path) -> None:
    article = None
    if change["kind"] != "deleted":
        try:
            article = _fetch(change["url"])
        except HTTPError as error:
            # It was withdrawn since; a later change says so.
            if error.code not in _GONE:
                raise
    if article is None:
        file.unlink(missing_ok=True)
    else:
        _write(file, json.dumps(article, sort_keys=True))


def _fetch(address: str) -> Any:
    with urlopen(address, timeout=60) as answer:
        return json.load(answer)


def _write(file: Path, text: str) -> None:
    """Write a file as a whole or not at all, whenever the process dies."""
    part = file.with_suffix(".part")
    part.write_text(text)
    os.replace(part, file)


if __name__ == "__main__":
    main()
