"""Texts for a terminal or a log, which obey what is written in them: signs of control are named."""

from __future__ import annotations

import re

_IN_LINES = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # a terminal obeys them; U+009B begins a command as ESC [ does
    r"\u202a-\u202e\u2066-\u2069"  # what follows is shown in another order
    r"\u2028\u2029"
    r"\ud800-\udfff"  # bytes of a file name that no text decodes: no output has them
)
_CONTROL = re.compile(f"[{_IN_LINES}]")
_CONTROL_OR_BREAK = re.compile(rf"[\n{_IN_LINES}]")


def printable_text(text: str) -> str:
    """Return a text of lines with signs of control by their names."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub(_name, text)


def printable_line(text: str) -> str:
    """Return a text as one line: its line breaks are named as well."""
    return text if text.isprintable() else _CONTROL_OR_BREAK.sub(_name, text)


def printable_json(text: str) -> str:
    """Return JSON with signs of control in its strings escaped: it means the same."""
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _name(sign: re.Match[str]) -> str:
    number = ord(sign[0])
    return "\\n" if number == 10 else f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
