"""The control words of RTF: tokens, code pages of fonts, characters, and destinations."""

from __future__ import annotations

import re
from typing import Final

TOKEN: Final = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])"
    r"|(?P<brace>[{}])"
    r"|[\r\n]+"
    r"|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
"""A token of RTF in a text of one character for each byte."""

UNICODE_RUN: Final = re.compile(
    r"(?:\\u-?\d{1,10}+ ?+(?:[^\\{}\r\n]|\\'[0-9a-fA-F]{2})[^\\{}\r\n]*+)+"
)
"""Unicode characters, each with one character for older programs, and the plain text between."""

UNICODE_UNIT: Final = re.compile(r"\\u(-?\d{1,10}+) ?+(?:\\'..|.)", re.DOTALL)
"""One Unicode character of a `UNICODE_RUN`."""

CODE_PAGES: Final = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    255: "cp437",
}
"""The codec of the bytes in a font, by its `\\fcharset`; of others it is the document's."""

CHARACTERS: Final = {
    "tab": " ",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "line": "\n",
    "lbr": "\n",
    "softline": "\n",
}
"""Control words that stand for a character."""

SYMBOLS: Final = {"\\": "\\", "{": "{", "}": "}", "~": " ", "_": "-", "-": "\xad"}
"""Control symbols that stand for a character; the soft hyphen is `ư` in a font of TCVN3."""

PARAGRAPH_ENDS: Final = frozenset(("par", "sect", "page", "column"))
CELL_ENDS: Final = frozenset(("cell", "nestcell"))
ROW_ENDS: Final = frozenset(("row", "nestrow"))

SKIPPED: Final = frozenset(
    "header headerl headerr headerf footer footerl footerr footerf pict stylesheet colortbl"
    " filetbl revtbl objdata objclass objname nonshppict shprslt sp sn sv annotation atnid"
    " atnauthor atndate atnref atnicn tc tcn xe private comment doccomm operator company category"
    " keywords subject manager creatim revtim printim buptim hlinkbase nextfile template ftnsep"
    " ftnsepc ftncn aftnsep aftnsepc aftncn fldinst datafield formfield rxe txe bkmkstart bkmkend"
    " themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl"
    " generator xmlnstbl pgptbl falt panose fontemb fontfile ud".split()
)
"""Destinations whose words are no text of the document."""

KNOWN_IGNORABLE: Final = frozenset("shpinst shptxt footnote shppict".split())
"""Destinations after `\\*` that are read all the same."""
