"""PDF documents for tests, made of lines at places; the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Words = tuple[float, float, str]
"""Left edge, baseline, and a text of one line."""

_MAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 "
    b"def 1 begincodespacerange <00> <FF> endcodespacerange\n"
)


def down(*texts: str, left: float = 60, top: float = 760, step: float = 18) -> list[Words]:
    """Lines below one another."""
    return [(left, top - step * number, text) for number, text in enumerate(texts)]


def made_pdf(
    pages: Sequence[Iterable[Words]],
    *,
    raw: tuple[str, str] | None = None,
    first_label: int = 0,
    sizes: dict[str, int] | None = None,
    picture: bool = False,
    title: str = "",
) -> bytes:
    """A PDF document.

    Args:
        pages: The lines of every page.
        raw: The name of a font without a table of its letters, and the encoding of its bytes.
        first_label: The number that the first page is labelled with; 0 for no labels.
        sizes: The sizes of letters by the beginning of a line; 12 otherwise.
        picture: Whether every page has a picture.
        title: The title in the metadata.
    """
    lines = [list(page) for page in pages]
    letters = sorted({letter for page in lines for _, _, text in page for letter in text})
    codes = {letter: 33 + number for number, letter in enumerate(letters)}
    labels = b"/PageLabels<</Nums[0<</S/D/St %d>>]>>" % first_label if first_label else b""
    objects = [b"<</Type/Catalog/Pages 2 0 R" + labels + b">>", b""]
    objects.append(_font(raw[0] if raw else ""))
    objects.append(_stream(_letter_map(codes)))
    objects.append(
        _stream(
            b"\xff\0\0",
            b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceRGB/BitsPerComponent 8",
        )
    )
    kids = []
    for page in lines:
        content = b"q 100 0 0 100 50 50 cm /I Do Q\n" if picture else b""
        for left, baseline, text in page:
            size = next((n for start, n in (sizes or {}).items() if text.startswith(start)), 12)
            code = text.encode(raw[1]) if raw else bytes(codes[letter] for letter in text)
            place = b"%.1f %.1f" % (left, baseline)
            content += b"BT /F %d Tf 1 0 0 1 %s Tm <%s> Tj ET\n" % (
                size,
                place,
                code.hex().encode(),
            )
        kids.append(b"%d 0 R" % (len(objects) + 1))
        resources = b"/Resources<</Font<</F 3 0 R>>/XObject<</I 5 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s/Contents %d 0 R>>"
            % (resources, len(objects) + 2)
        )
        objects.append(_stream(content))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    objects.append(b"<</Title<%s>>>" % ("\ufeff" + title).encode("utf-16-be").hex().encode())
    return file_of_objects(objects)


def file_of_objects(objects: Sequence[bytes]) -> bytes:
    """The file of numbered objects; the first is the catalogue, the last the information."""
    data, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>" % (len(objects) + 1, len(objects))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return data + head + table + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)


def _font(name: str) -> bytes:
    widths = b"/Widths[%s]" % (b" 500" * 224)
    if name:
        return (
            b"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+%s/Encoding/WinAnsiEncoding"
            b"/FirstChar 32/LastChar 255%s>>" % (name.encode(), widths)
        )
    return (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/LastChar 255%s"
        b"/ToUnicode 4 0 R>>" % widths
    )


def _letter_map(codes: dict[str, int]) -> bytes:
    rows = [
        b"<%02X> <%s>\n" % (code, letter.encode("utf-16-be").hex().encode())
        for letter, code in codes.items()
    ]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    maps = (b"%d beginbfchar\n%sendbfchar\n" % (len(part), b"".join(part)) for part in parts)
    return _MAP_HEAD + b"".join(maps) + b"endcmap end end"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)
