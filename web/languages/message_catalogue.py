"""Sentences of commands and errors in another language, found by their English ones.

The code says them in English, with values in them: `removed bài-1 (change 7)`. The catalogues know
them by what stands around the values, `removed {0} (change {1})`, and the translation says what
becomes of a value: `{0}` stays, `{0:n}` is a number in the style of the language, `{0:t}` is a
sentence to be translated itself. So the archive and the indexer need not know of languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from web.languages.english_numbers import agree

FOLDER = Path(__file__).parents[1] / "translations"

CATALOGUES = ("commands", "click")
"""What our code says, and what click says, whose sentences are not in our code."""

_HOLE = re.compile(r"\{(\w+)(?::([nt]))?\}")

_MOST_NESTED = 4
"""Sentences inside sentences that are translated, at most."""

_PARTS = re.compile(r"(: |; |\n)")
"""What stands between two sentences, or between the name of a thing and what is said of it."""


def flow_lines(text: str) -> str:
    """Return a text with the lines of each paragraph joined, as translators are given it."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))


@dataclass(frozen=True, slots=True)
class _Template:
    """An English sentence with holes for values, and its translation."""

    english: str
    translation: str

    @property
    def rank(self) -> tuple[bool, int]:
        """Order templates: those that begin with words first, then those that say most."""
        return self.english.startswith("{"), -len(_HOLE.sub("", self.english))

    def may_be(self, text: str) -> bool:
        """Tell cheaply whether a text may fit."""
        return all(part in text for part in _HOLE.split(self.english)[::3])

    def match(self, text: str) -> dict[str, str] | None:
        """Return the values that stand in a text by their hole; None where it does not fit."""
        parts = _HOLE.split(self.english)
        pattern = re.escape(parts[0])
        for name, literal in zip(parts[1::3], parts[3::3], strict=True):
            pattern += f"(?P<h{name}>.*?){re.escape(literal)}"
        found = re.fullmatch(pattern, text, re.DOTALL)
        return found and {name[1:]: value or "" for name, value in found.groupdict().items()}


class MessageCatalogue:
    """The sentences in one language; in English, or where one is not known, they stay."""

    def __init__(self, language: str) -> None:
        self._language = language

    def translate(self, text: str) -> str:
        """Return a sentence in the language; line breaks in it make no difference.

        In English it is the sentence itself, which agrees with what is counted in it.
        """
        return self._translate(text, 0) if self._language != "en" else agree(text)

    @cached_property
    def _messages(self) -> dict[str, str]:
        return {
            english: translation
            for name in CATALOGUES
            for english, translation in read_catalogue(self._language, name)
            if english and translation
        }

    @cached_property
    def _templates(self) -> Sequence[_Template]:
        """The sentences with values in them, those that fit best first."""
        found = [_Template(*pair) for pair in self._messages.items() if _HOLE.search(pair[0])]
        return sorted(found, key=lambda template: template.rank)

    def _translate(self, text: str, depth: int) -> str:
        known = self._messages.get(text)
        if known is not None or depth > _MOST_NESTED:
            return known or text
        for template in self._templates:
            if template.may_be(text) and (values := template.match(text)) is not None:
                return self._filled(template.translation, values, depth)
        head, separator, rest = (*_PARTS.split(text, maxsplit=1), "", "")[:3]
        if not separator:
            return text
        return self._translate(head, depth + 1) + separator + self._translate(rest, depth + 1)

    def _filled(self, translation: str, values: dict[str, str], depth: int) -> str:
        def value_of(hole: re.Match[str]) -> str:
            value, style = values[hole[1]], hole[2]
            if style == "n":
                return style_number(value)
            return self._translate(value, depth + 1) if style == "t" else value

        return _HOLE.sub(value_of, translation)


def style_number(number: str) -> str:
    """Return a number with points between thousands and a comma before its fraction."""
    grouped = f"{int(number):,}" if number.isascii() and number.isdigit() else number
    return grouped.translate({ord(","): ".", ord("."): ","})


def read_catalogue(language: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the messages of a catalogue with their translations.

    Babel takes a tenth of a second to come and read one, which is half of what `--help` may take;
    the strings of a .po file are those of JSON.
    """
    path = FOLDER / language / "LC_MESSAGES" / f"{name}.po"
    entry: dict[str, str] = {}
    keyword = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith(("msgid ", "msgstr ")):
            keyword, _, line = line.partition(" ")
            entry[keyword] = ""
        if line.startswith('"'):
            entry[keyword] += json.loads(line)
        elif not line and entry:
            yield entry["msgid"], entry["msgstr"]
            entry = {}
