"""The article in the data of a page that a script shows: Next.js, Nuxt and their like.

Such a page has nothing between its tags; its text stands in JSON, in an element of its own
(`__NEXT_DATA__`, `__NUXT_DATA__`), or in JSON or a script's object behind a name
(`window.__INITIAL_STATE__ = {…}`, `window.__NUXT__ = (function(a){…}(…))`).
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from archive.errors import IntakeError
from indexer.intake.html.script_objects import read_script_value
from indexer.intake.markup.tree_builder import PageScript
from indexer.intake.record_keys import field_values, values_by_key
from indexer.intake.record_text import RecordBody, plain_line, read_record_body

_JSON_TYPE: Final = re.compile(r"(?:application|text)/(?!ld\+)[\w.+-]{0,40}json", re.IGNORECASE)
_ASSIGNED: Final = re.compile(
    r"(?:window|self|globalThis)(?:\.\w{1,80}|\[[^\]]{1,80}\])\s{0,9}=\s{0,9}"
    r"(?=[{\[]|\(?\s{0,9}function\b)"
)
_MOST_SCRIPTS: Final = 50
_LARGEST_SCRIPT: Final = 8 << 20
_MOST_OBJECTS: Final = 20_000
_DEEPEST: Final = 40
_SHORTEST: Final = 250
"""Characters of a text that is an article's."""


def body_in_scripts(scripts: list[PageScript], title: str) -> RecordBody:
    """Return the text of a page's article from its data: of the title, else the longest."""
    longest, best = 0, RecordBody()
    for values in _records(scripts):
        for key, value in field_values(values, "body"):
            if _length(value) < _SHORTEST:
                continue
            is_titled = bool(title) and title in (_title(values), plain_line(_title(values)))
            if not is_titled and _length(value) <= longest:
                continue
            try:
                body = read_record_body(value, key, title)
            except IntakeError:
                # Something else stands under the key: settings, a part of the page.
                continue
            if not body.sections:
                continue
            if is_titled:
                return body
            longest, best = _length(value), body
    return best


def _title(values: dict[str, Any]) -> str:
    return next((str(value) for _, value in field_values(values, "title")), "")


def _length(value: Any) -> int:
    """Return the characters of a text, or of all texts in a list or object, to a few levels."""
    total, waiting = 0, [(value, 0)]
    while waiting and total < _LARGEST_SCRIPT:
        part, depth = waiting.pop()
        if isinstance(part, str):
            total += len(part)
        elif depth < _DEEPEST and isinstance(part, dict | list):
            parts = part.values() if isinstance(part, dict) else part
            waiting += [(inner, depth + 1) for inner in parts]
    return total


def _records(scripts: list[PageScript]) -> Iterator[dict[str, Any]]:
    """Yield the values by key of each object in the data of a page, to a bounded number."""
    objects = (found for document in _documents(scripts) for found in _objects(document))
    for found in islice(objects, _MOST_OBJECTS):
        yield values_by_key(found)


def _documents(scripts: list[PageScript]) -> Iterator[Any]:
    """Yield the JSON documents in scripts."""
    for script in islice(scripts, _MOST_SCRIPTS):
        text = script.text[:_LARGEST_SCRIPT]
        start = 0
        if not _JSON_TYPE.fullmatch(script.type.split(";")[0].strip()):
            assigned = _ASSIGNED.search(text)
            if assigned is None:
                continue
            start = assigned.end()
        document = _read_document(text[start:].lstrip(), is_script=start > 0)
        if document is not None:
            yield document


def _read_document(text: str, is_script: bool) -> Any:
    """Return the JSON document that a text begins with, or the value of a script; else None."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        if not is_script:
            return None
    try:
        return read_script_value(text)
    except ValueError:
        return None


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in a document; in Nuxt's, numbers are places in one list of all values."""
    waiting = deque([(document, 0)])
    table = document if isinstance(document, list) else []
    while waiting:
        node, depth = waiting.popleft()
        if isinstance(node, dict):
            yield {key: _resolved(value, table) for key, value in node.items()}
            children = list(node.values())
        else:
            children = node if isinstance(node, list) else []
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _resolved(value: Any, table: list[Any]) -> Any:
    is_place = isinstance(value, int) and not isinstance(value, bool)
    if not is_place or not 0 < value < len(table):
        return value
    return table[value] if isinstance(table[value], str) else value
