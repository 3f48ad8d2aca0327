"""The text of a record: lines, lists of paragraphs, sections, or HTML."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from archive.errors import IntakeError
from archive.records import Caption, Section
from indexer.intake.block_tree import blocks_in_text, html_of_blocks, is_block_tree
from indexer.intake.encodings import repair_mojibake
from indexer.intake.markup.fragment import MARKUP, read_fragment
from indexer.intake.tidy_lines import tidy_lines

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_TEXT_KEYS = ("text", "content", "paragraph", "value", "body", "rendered", "html")
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class RecordBody:
    """The text of a record: lead, sections and captions; a plain text has one section."""

    lead: str = ""
    sections: tuple[Section, ...] = ()
    captions: tuple[Caption, ...] = ()


def read_record_body(value: Any, name: str, title: str) -> RecordBody:
    """Read the body of a record: a text with line ends, HTML, a list of these, sections, blocks.

    Args:
        value: The value under a key of the body.
        name: The key, for the error.
        title: The title, which HTML may repeat.

    Raises:
        IntakeError: the value is of another kind, or HTML that is too large or too deep.
    """
    if isinstance(value, dict) and isinstance(value.get("sections"), list):
        return _read_sections(value, name)
    blocks = blocks_in_text(value) if isinstance(value, str) else value
    if is_block_tree(blocks):
        body = read_fragment(repair_mojibake(html_of_blocks(blocks)), title)
        return RecordBody(body.lead, body.sections, body.captions)
    text = "\n".join(_texts(value, name))
    if "<" not in text or not MARKUP.search(text):
        lines = tuple(lines_of(text))
        return RecordBody(sections=(Section(lines),) if lines else ())
    body = read_fragment(repair_mojibake(text), title)
    return RecordBody(body.lead, body.sections, body.captions)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that are not empty, in canonical form, blanks collapsed."""
    if (tidy := tidy_lines(text)) is not None:
        return tidy
    lines = (" ".join(line.split()) for line in repair_mojibake(text).split("\n"))
    return [line for line in lines if line]


def plain_line(text: str) -> str:
    """Return a short text as one line without tags and entities."""
    if "<" in text:
        text = MARKUP.sub(" ", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return " ".join(lines_of(text))


def _read_sections(value: dict[str, Any], name: str) -> RecordBody:
    """Read sections with headings: `{"summary": …, "sections": [{"headline", "paragraphs"}]}`."""
    sections = []
    for part in value["sections"]:
        if not isinstance(part, dict):
            sections.append(Section(tuple(map(plain_line, _texts(part, name)))))
            continue
        heading = next((part[key] for key in ("headline", "heading", "title") if part.get(key)), "")
        texts = next((part[key] for key in ("paragraphs", *_TEXT_KEYS) if part.get(key)), "")
        lines = [line for text in _texts(texts, name) for line in lines_of(text)]
        sections.append(
            Section(tuple(map(plain_line, lines)), plain_line(" ".join(_texts(heading, name))))
        )
    lead = plain_line(" ".join(_texts(value.get("summary") or "", name)))
    filled = (section for section in sections if section.paragraphs or section.heading)
    return RecordBody(lead, tuple(filled))


def _texts(value: Any, name: str, depth: int = 0) -> list[str]:
    """Return the texts in a value: itself, those of a list, or the one of an object.

    Raises:
        IntakeError: it is something else.
    """
    if isinstance(value, str):
        return [value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    if depth < _DEEPEST and isinstance(value, list):
        return [text for item in value if item for text in _texts(item, name, depth + 1)]
    if depth < _DEEPEST and isinstance(value, dict):
        inner = next((value[key] for key in _TEXT_KEYS if value.get(key)), None)
        if inner is not None:
            return _texts(inner, name, depth + 1)
    raise IntakeError(f"has a {name} that is no text")
