"""The reader of RTF documents: fonts of the runs, code pages, tables; no heads and feet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from archive.errors import IntakeError
from archive.records import Article, Origin
from indexer.intake.bylines import split_names
from indexer.intake.legacy.font_runs import FontName
from indexer.intake.office.rtf_controls import (
    CELL_ENDS,
    CHARACTERS,
    CODE_PAGES,
    KNOWN_IGNORABLE,
    PARAGRAPH_ENDS,
    ROW_ENDS,
    SKIPPED,
    SYMBOLS,
    TOKEN,
    UNICODE_RUN,
    UNICODE_UNIT,
)
from indexer.intake.office.rtf_pictures import SHAPE_VALUES, RtfPicture, picture_key
from indexer.intake.office.text_blocks import DocumentHead, RunBlock, article_of, row_blocks

READER = "rtf"
READER_VERSION = 2

_DEEPEST = 5_000
_LATIN = "cp1252"
_MOST_FONTS = 10_000
_SURROGATES = re.compile("[\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class GroupState:
    """The state of a group, which its end restores.

    Attributes:
        destination: `fonttbl`, `title`, `author`, `footnote`, `pict`, `skip`, or empty for the
            text.
        font: Number of the font; None before any is chosen.
        fallback: Characters after a Unicode character that say the same for older programs.
        is_hidden: Whether its words are hidden or deleted.
        has_pictures: Whether pictures in it are those of the text, and no head's or foot's.
    """

    destination: str = ""
    font: int | None = None
    fallback: int = 1
    is_hidden: bool = False
    has_pictures: bool = True


@dataclass(slots=True)
class RtfFont:
    """A font of the font table."""

    name: str = ""
    codec: str = ""


def read_rtf(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an RTF document.

    Raises:
        IntakeError: it is nested too deeply, or holds no words.
    """
    parser = RtfParser(data.decode("latin-1"))
    parser.parse()
    title, author = (parser.info.get(name, "").strip() for name in ("title", "author"))
    head = DocumentHead(title=title, authors=split_names(author) if author else ())
    return article_of(parser.blocks, head, Origin(source, READER, READER_VERSION))


@dataclass(slots=True)
class RtfParser:
    """The parser of one document; `parse` fills `blocks` and `info`, and `found` with a picture.

    Attributes:
        sought: The key of the picture that is sought.
    """

    text: str
    sought: str = ""
    found: bytes = b""
    blocks: list[RunBlock] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)
    _state: GroupState = field(default_factory=GroupState)
    _stack: list[GroupState] = field(default_factory=list)
    _fonts: dict[int, RtfFont] = field(default_factory=dict)
    _codec: str = _LATIN
    _default_font: int | None = None
    _block: RunBlock = field(default_factory=RunBlock)
    _notes: list[RunBlock] = field(default_factory=list)
    _picture: RtfPicture = field(default_factory=RtfPicture)
    _bytes: bytearray = field(default_factory=bytearray)
    _ignored: int = 0
    _is_ignorable: bool = False
    _cell: list[RunBlock] = field(default_factory=list)
    _cells: list[list[RunBlock]] = field(default_factory=list)
    _is_in_table: bool = False

    def parse(self) -> None:
        """Read the whole text.

        Raises:
            IntakeError: its groups are nested too deeply.
        """
        position = 0
        while match := TOKEN.match(self.text, position):
            position = match.end()
            kind = match.lastgroup
            if kind == "hex":
                self._add_bytes(bytes.fromhex(match[0][2:]))
            elif kind == "text":
                self._add_bytes(match[0].encode("latin-1"))
            elif kind in ("word", "number"):
                word, number = match["word"], match["number"]
                if word == "bin":
                    position += self._take_binary(position, max(int(number or 0), 0))
                elif word == "u" and (run := self._unicode_run(match.start())):
                    position = run.end()
                    self._add_unicode_run(run[0])
                else:
                    self._obey(word, None if number is None else int(number))
            elif kind == "symbol":
                self._obey_symbol(match["symbol"])
            elif kind == "brace":
                self._enter() if match[0] == "{" else self._leave()
        self._flush_bytes()
        # A document that was cut off may end inside a note.
        self._state = GroupState()
        self._end_paragraph()
        self._end_row()

    def _enter(self) -> None:
        self._flush_bytes()
        self._ignored, self._is_ignorable = 0, False
        if len(self._stack) > _DEEPEST:
            raise IntakeError(f"has groups in each other, more than {_DEEPEST} deep")
        self._stack.append(self._state)

    def _leave(self) -> None:
        self._flush_bytes()
        self._ignored, self._is_ignorable = 0, False
        was_in_picture = self._state.destination == "pict"
        if self._stack:
            self._state = self._stack.pop()
        if was_in_picture and self._state.destination != "pict":
            self._end_picture()

    def _take_binary(self, position: int, length: int) -> int:
        """Take up binary bytes, where they are a picture's; return their number."""
        if self._state.destination == "pict":
            self._flush_bytes()
            data = self.text[position : position + length].encode("latin-1")
            self._picture.add_bytes(data)
        return length

    def _end_picture(self) -> None:
        """Place a picture in the paragraph, or keep its content where it is the one sought."""
        content = self._picture.content
        if not content:
            return
        if self.sought and picture_key(content) == self.sought:
            self.found = content
        self._block.pictures += self._picture.placed(content)

    def _add_bytes(self, data: bytes) -> None:
        """Take up bytes of text, without those that repeat a character for older programs."""
        if self._ignored:
            ignored = min(self._ignored, len(data))
            self._ignored -= ignored
            data = data[ignored:]
        if self._state.destination != "skip":
            self._bytes += data

    def _flush_bytes(self) -> None:
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(data.decode(self._codec_here(), "replace"))

    def _codec_here(self) -> str:
        """Return the codec of the bytes of this font; a legacy font's are shown as Western."""
        font = self._fonts.get(-1 if self._state.font is None else self._state.font)
        if font is None or self._state.destination:
            return self._codec
        return _LATIN if FontName(font.name).charset else font.codec or self._codec

    def _add(self, text: str) -> None:
        """Add a text to the destination of this group."""
        destination = self._state.destination
        if destination == "fonttbl":
            self._name_font(text)
        elif destination == "pict":
            self._picture.add_digits(text)
        elif destination in ("title", "author"):
            self.info[destination] = (self.info.get(destination, "") + text)[:500]
        elif destination != "skip" and not self._state.is_hidden:
            font = self._fonts.get(-1 if self._state.font is None else self._state.font)
            block = self._block
            if destination == "footnote":
                block = self._notes[-1]
            block.add(font.name if font else "", text)

    def _name_font(self, text: str) -> None:
        number = self._state.font
        if number is not None and number in self._fonts:
            font = self._fonts[number]
            font.name = (font.name + text)[:100].partition(";")[0].strip()

    def _obey_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._is_ignorable = True
        elif symbol in "\r\n":
            self._end_paragraph()
        elif symbol in SYMBOLS and self._ignored:
            self._ignored -= 1
        elif symbol in SYMBOLS:
            self._flush_bytes()
            self._add(SYMBOLS[symbol])

    def _obey(self, word: str, number: int | None) -> None:
        """Do what a control word says."""
        is_ignorable, self._is_ignorable = self._is_ignorable, False
        if word == "u" and number is not None:
            self._add_unicode(number)
            return
        self._flush_bytes()
        if word == "pict" and self._state.has_pictures and not self._state.is_hidden:
            self._picture = RtfPicture()
            self._state = replace(self._state, destination=word)
        elif word in SKIPPED or (is_ignorable and word not in KNOWN_IGNORABLE):
            has_pictures = self._state.has_pictures and word in SHAPE_VALUES
            self._state = replace(self._state, destination="skip", has_pictures=has_pictures)
        elif self._state.destination == "skip":
            return
        elif self._state.destination == "pict":
            self._picture.obey(word, number)
        elif word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word in PARAGRAPH_ENDS:
            self._end_paragraph()
        elif word in CELL_ENDS:
            self._end_cell()
        elif word in ROW_ENDS:
            self._end_row()
        elif not self._set_property(word, number):
            self._set_destination(word, number)

    def _set_property(self, word: str, number: int | None) -> bool:
        """Set a property of the characters or the paragraph; tell whether the word was one."""
        state = self._state
        if word == "f" and number is not None:
            self._choose_font(number)
        elif word == "plain":
            self._state = replace(state, font=self._default_font, is_hidden=False)
        elif word in ("v", "deleted"):
            self._state = replace(state, is_hidden=number != 0)
        elif word == "uc" and number is not None:
            self._state = replace(state, fallback=max(0, min(number, 32)))
        elif word == "pard":
            self._block.is_heading = self._is_in_table = False
        elif word == "intbl":
            self._is_in_table = True
        elif word == "outlinelevel" and number is not None:
            self._block.is_heading = 0 <= number <= 8
        else:
            return False
        return True

    def _set_destination(self, word: str, number: int | None) -> None:
        if word in ("fonttbl", "title", "author"):
            self._state = replace(self._state, destination=word)
        elif word in ("info", "upr"):
            return
        elif word == "footnote":
            self._notes.append(RunBlock())
            self._state = replace(self._state, destination=word)
        elif word == "fcharset" and self._state.font in self._fonts and number is not None:
            self._fonts[self._state.font].codec = CODE_PAGES.get(number, "")
        elif word == "deff":
            self._default_font = number
            self._state = replace(self._state, font=number)
        elif word == "ansicpg" and number is not None:
            self._codec = _known_codec(f"cp{number}")
        elif word in ("mac", "pc", "pca"):
            self._codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _choose_font(self, number: int) -> None:
        self._state = replace(self._state, font=number)
        is_new = self._state.destination == "fonttbl" and number not in self._fonts
        if is_new and len(self._fonts) < _MOST_FONTS:
            self._fonts[number] = RtfFont()

    def _unicode_run(self, position: int) -> re.Match[str] | None:
        """Return the run of Unicode characters that begins here, if it can be read as a whole."""
        state = self._state
        is_plain = state.fallback == 1 and not self._ignored and not state.is_hidden
        is_text = is_plain and state.destination in ("", "footnote")
        return UNICODE_RUN.match(self.text, position) if is_text else None

    def _add_unicode_run(self, run: str) -> None:
        """Add Unicode characters and the text between them, as `_add_unicode` does one by one."""
        self._is_ignorable = False
        self._flush_bytes()
        _, *pieces, last = UNICODE_UNIT.split(run)
        pieces[::2] = [chr(int(number) & 0xFFFF) for number in pieces[::2]]
        codec = self._codec_here()
        if not (run.isascii() and _is_ascii_codec(codec)):
            pieces[1::2] = [
                text.encode("latin-1").decode(codec, "replace") for text in pieces[1::2]
            ]
        self._add("".join(pieces))
        self._bytes += last.encode("latin-1")

    def _add_unicode(self, number: int) -> None:
        """Add a UTF-16 code unit, whose characters for older programs come after it."""
        if self._ignored:
            # It repeats another character itself.
            self._ignored -= 1
            return
        self._flush_bytes()
        self._ignored = self._state.fallback
        self._add(chr(number & 0xFFFF))

    def _end_paragraph(self) -> None:
        self._flush_bytes()
        if self._state.destination == "footnote":
            self._add("\n")
            return
        block, notes = self._block, self._notes
        self._block, self._notes = RunBlock(is_heading=block.is_heading), []
        blocks = [
            _joined_surrogates(made) for made in (block, *notes) if made.runs or made.pictures
        ]
        (self._cell if self._is_in_table else self.blocks).extend(blocks)

    def _end_cell(self) -> None:
        self._is_in_table = True
        self._end_paragraph()
        self._cells.append(self._cell)
        self._cell = []

    def _end_row(self) -> None:
        if self._cell:
            self._cells.append(self._cell)
        self.blocks += row_blocks([cell for cell in self._cells if cell])
        self._cells, self._cell = [], []


def picture_in_rtf(data: bytes, key: str) -> bytes:
    """Return the picture with a key inside an RTF document; empty where there is no such.

    Raises:
        IntakeError: it is nested too deeply.
    """
    parser = RtfParser(data.decode("latin-1"), sought=key)
    parser.parse()
    return parser.found


@lru_cache(maxsize=64)
def _is_ascii_codec(codec: str) -> bool:
    """Tell whether a codec reads the printable bytes of ASCII as ASCII does."""
    printable = bytes(range(0x20, 0x7F)).replace(b"\\", b"")
    return printable.decode(codec, "replace") == printable.decode("ascii")


def _known_codec(name: str) -> str:
    """Return the name of a codec that Python has, else windows-1252."""
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        return _LATIN
    return name


def _joined_surrogates(block: RunBlock) -> RunBlock:
    """Return a block whose letters of two UTF-16 code units are one character each."""
    if any(_SURROGATES.search(text) for _, text in block.runs):
        runs: list[tuple[str, str]] = []
        for font, text in block.runs:
            if runs and runs[-1][0] == font:
                runs[-1] = font, runs[-1][1] + text
            else:
                runs.append((font, text))
        block.runs = [
            (font, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
            for font, text in runs
        ]
    return block
