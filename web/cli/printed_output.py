"""What commands print: no sign of control that came from outside reaches a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from archive.printable_texts import printable_json, printable_line, printable_text


def print_text(text: str, err: bool = False) -> None:
    """Print a text of lines."""
    click.echo(printable_text(text), err=err)


def print_line(text: str, err: bool = False) -> None:
    """Print a record or a problem, which stays one line."""
    click.echo(printable_line(text), err=err)


def print_marked(text: str, spans: Iterable[tuple[str, bool]]) -> None:
    """Print a text and spans behind it, the chosen ones bold; what is no terminal gets no bold."""
    marked = (
        click.style(printable_line(span), bold=True) if is_bold else printable_line(span)
        for span, is_bold in spans
    )
    click.echo(text + "".join(marked))


def print_json(record: Any, indent: int | None = None) -> None:
    """Print a record as JSON."""
    text = json.dumps(record, ensure_ascii=False, indent=indent, default=str)
    click.echo(printable_json(text))


def print_data(text: str) -> None:
    """Print a part of a file in a format of others: as it is, unless a terminal gets it."""
    click.echo(printable_text(text) if sys.stdout.isatty() else text, nl=False)
