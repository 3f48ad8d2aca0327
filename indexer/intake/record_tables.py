"""Records of a JSON document that holds them as a table: by columns, or by identifiers.

So does pandas write its frames: `split` (`{"columns": […], "data": [[…], …]}`), `columns`
(`{"title": {"0": …, "1": …}, "body": {…}}`) and `index` (`{"0": {…}, "1": {…}}`); and so do
databases that keep records by identifier or address.
"""

from __future__ import annotations

import re
from typing import Any

from indexer.intake.record_keys import field_values, is_known_key, is_record, values_by_key

Record = dict[str, Any]

_HEAD = re.compile(rb'\s*\{\s*"(?:[^"\\]|\\.){1,500}"\s*:\s*[\[{]', re.DOTALL)
_HEADS = ("columns", "fields", "header", "headers")
_ROWS = ("data", "rows", "values", "records")
_LEAST_ROWS = 2
"""Rows of columns that are lists: a list of one is a value as well."""


def may_be_table(data: bytes) -> bool:
    """Tell whether a document may hold a table: its first value is a list or an object."""
    return _HEAD.match(data) is not None


def records_in_table(document: Any) -> list[Record]:
    """Return the records of a table; none where a document is no table of records."""
    if not isinstance(document, dict) or not document:
        return []
    return _of_rows(document) or _of_columns(document) or _by_identifier(document)


def _of_rows(document: Record) -> list[Record]:
    """Return the records of `{"columns": ["title", …], "data": [["Cầu mới", …], …]}`."""
    heads = (_names_in(document.get(key)) for key in _HEADS)
    names = next(filter(None, heads), [])
    found = (document[key] for key in _ROWS if isinstance(document.get(key), list))
    rows: list[Any] = next(found, [])
    if not names or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return []
    return _if_records([dict(zip(names, row, strict=True)) for row in rows])


def _of_columns(document: Record) -> list[Record]:
    """Return the records of columns that are lists, or objects with the same keys."""
    columns = list(document.values())
    if all(isinstance(column, dict) for column in columns):
        keys = columns[0].keys()
        if not all(map(_is_identifier, keys)) or any(one.keys() != keys for one in columns):
            return []
        columns = [[column[key] for key in keys] for column in columns]
    elif not all(isinstance(column, list) and len(column) >= _LEAST_ROWS for column in columns):
        return []
    if len(set(map(len, columns))) > 1:
        return []
    rows = zip(*columns, strict=True)
    records = [dict(zip(document, row, strict=True)) for row in rows]
    return _if_records(records) if all(map(_is_of_texts, records)) else []


def _by_identifier(document: Record) -> list[Record]:
    """Return the records of an object that holds nothing else, with its keys where they tell."""
    records = list(document.values())
    if not all(isinstance(record, dict) and is_record(values_by_key(record)) for record in records):
        return []
    if any(is_known_key(name) for name in document):
        return []
    rows = {str(number) for number in range(len(records))}
    if document.keys() <= rows | {str(len(records))}:
        return records
    return [_with_name(record, name) for name, record in document.items()]


def _with_name(record: Record, name: str) -> Record:
    """Return a record with the key that it stands under as its address or identifier."""
    is_address = name.startswith(("http://", "https://"))
    if not is_address and not _is_identifier(name):
        return record
    key = "url" if is_address else "id"
    is_named = any(field_values(values_by_key(record), key))
    return record if is_named else {key: name, **record}


def _is_identifier(name: str) -> bool:
    """Tell whether a key is one of a row, and not a word such as `vi` or `rendered`."""
    return any(map(str.isdigit, name))


def _if_records(records: list[Record]) -> list[Record]:
    """Return records if articles are among them; a row may lack its text."""
    return records if any(is_record(values_by_key(record)) for record in records) else []


def _is_of_texts(record: Record) -> bool:
    """Tell whether the title in a row is one text: the lists of one record are no columns."""
    titles = [value for _, value in field_values(values_by_key(record), "title")]
    return bool(titles) and all(isinstance(title, str | int | float) for title in titles)


def _names_in(head: Any) -> list[str]:
    """Return the names of columns in a list of them, or of objects that have a name."""
    items = head if isinstance(head, list) else []
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [name for name in names if isinstance(name, str)] if all(names) else []
