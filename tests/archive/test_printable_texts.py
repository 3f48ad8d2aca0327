"""What goes to a terminal or a log holds nothing that these obey."""

from __future__ import annotations

import json
import unicodedata

import pytest

from archive.printable_texts import printable_json, printable_line, printable_text

OBEYED = [
    chr(number)
    for number in (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2067, 0x2028, 0xD800, 0xDCFF)
    if chr(number) not in "\t\n"
]


@pytest.mark.parametrize("sign", OBEYED, ids=ascii)
def test_signs_of_control_are_named(sign: str) -> None:
    name = f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}"
    assert printable_text(f"bò{sign}]0;sữa\n\tcá") == f"bò{name}]0;sữa\n\tcá"
    assert printable_line(f"bo{sign}sua") == f"bo{name}sua"


def test_a_line_stays_one_line() -> None:
    assert printable_line("a\nfailed: b\tc") == "a\\nfailed: b\tc"


@pytest.mark.parametrize("text", ["", "Bò sữa — “Ba Vì” 🐄", "cà\u0301 phê", "हि\u200dन्दी", "a\tb"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert printable_text(text) == printable_line(text) == text


def test_json_means_the_same() -> None:
    record = {"title": " ".join(OBEYED) + "\n\tBò", "other": ["\x9b2J"]}
    printed = printable_json(json.dumps(record, ensure_ascii=False, indent=2))
    assert json.loads(printed) == record
    assert {unicodedata.category(sign) for sign in printed if sign != "\n"}.isdisjoint(
        {"Cc", "Cs", "Zl"}
    )


def test_a_delete_in_json_is_escaped_too() -> None:
    assert printable_json(json.dumps("\x7f")) == '"\\u007f"'
