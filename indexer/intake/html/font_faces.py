"""Pages whose letters a legacy font draws (`<font face=".VnTime">`): decoded in their tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4.element import NavigableString, Tag

from indexer.intake.legacy.charset_detection import CharacterSample, detect_in_sample
from indexer.intake.legacy.charsets import Charset
from indexer.intake.legacy.font_runs import decode_runs
from indexer.intake.markup.tree_builder import PageTree

_UNICODE_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LEGACY_FONT = re.compile(r"(?:\.vn|vni[- ]|vps|viscii|vntime)[\w .\-]{0,40}", re.IGNORECASE)
_MENTION = re.compile(
    r"[fF](?:[aA][cC][eE]\s{0,9}=|[oO][nN][tT](?:-[fF][aA][mM][iI][lL][yY])?\s{0,9}:)"
    r"[^;<>{}]{0,60}?(?i:\.vn|vni[- ]|vps|viscii|vntime)"
)
"""Both cases are spelled out where it begins: what ignores them is searched for far slower."""
_DECLARED_FONT = re.compile(r"font(?:-family)?\s{0,9}:([^;{}]{1,200})", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,300})\{([^{}]{1,2000})\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]{0,20})?(?:\.([\w\-]{1,60}))?", re.IGNORECASE)
_LARGEST_STYLES = 200_000


def decode_page_fonts(tree: PageTree, text: str) -> tuple[Charset, ...]:
    """Decode the texts of a page that a legacy font draws, in place.

    Args:
        tree: The tree of the page.
        text: Its markup, which holds the style sheets that the tree lacks.

    Returns:
        The character sets that were decoded.
    """
    names_font = _MENTION.search(text) is not None
    is_ascii = text.isascii() and "&" not in text
    if not names_font and (is_ascii or _UNICODE_LETTER.search(text)):
        return ()
    if not names_font and not _may_be_legacy(tree):
        return ()
    places, runs = _runs_by_font(tree, _font_rules(text)) if names_font else _runs_of(tree)
    decoded = decode_runs(runs)
    if decoded.charsets:
        for place, (_, before), after in zip(places, runs, decoded.texts, strict=True):
            _put(place, before, after)
        tree.strings = [node for node in tree.soup.descendants if type(node) is NavigableString]
    return decoded.charsets


def _may_be_legacy(tree: PageTree) -> bool:
    """Tell whether the texts of a page that names no font read better in a legacy set."""
    texts = [str(tag.get("content") or "") for tag in tree.tagged("meta")]
    sample = CharacterSample()
    sample.add("\n".join(text for text in (*texts, *tree.strings) if not text.isascii()))
    return detect_in_sample(sample) is not None


_Runs = tuple[list[NavigableString | Tag], list[tuple[str, str]]]
"""The places of texts, and font and text of each."""


def _runs_by_font(tree: PageTree, rules: Mapping[str, str]) -> _Runs:
    """Return the texts of a page with their fonts."""
    fonts: dict[int, str] = {}
    places: list[NavigableString | Tag] = []
    runs: list[tuple[str, str]] = []
    for element in tree.soup.descendants:
        parent = element.parent
        font = fonts.get(id(parent), "")
        if isinstance(element, Tag):
            own = _font_of(element, rules)
            fonts[id(element)] = font if own is None else own
            if element.name == "meta" and element.get("content"):
                places.append(element)
                runs.append(("", str(element["content"])))
        elif isinstance(element, NavigableString):
            places.append(element)
            runs.append((font, str(element)))
    return places, runs


def _runs_of(tree: PageTree) -> _Runs:
    """Return the texts of a page that names no font."""
    metas = [tag for tag in tree.tagged("meta") if tag.get("content")]
    texts = [*(str(tag["content"]) for tag in metas), *map(str, tree.strings)]
    return [*metas, *tree.strings], [("", text) for text in texts]


def _put(place: NavigableString | Tag, before: str, after: str) -> None:
    """Put a decoded text into its place in the tree."""
    if before == after:
        return
    if isinstance(place, Tag):
        place["content"] = after
    else:
        place.replace_with(NavigableString(after))


def _font_rules(text: str) -> dict[str, str]:
    """Return the fonts that the style sheets of a page name, by `tag` or `.class`."""
    rules: dict[str, str] = {}
    for sheet in _style_sheets(text):
        for selectors, declarations in _RULE.findall(sheet):
            font = _declared_font(declarations)
            if font is None:
                continue
            for selector in selectors.split(","):
                parts = selector.split()
                match = _SELECTOR.fullmatch(parts[-1]) if parts else None
                if match:
                    key = f".{match[2]}" if match[2] else str(match[1])
                    rules[key.lower()] = font
    return rules


def _style_sheets(text: str) -> Iterator[str]:
    lower = text.lower()
    start = lower.find("<style")
    while start >= 0 and (end := lower.find("</style", start)) >= 0:
        yield text[start : min(end, start + _LARGEST_STYLES)].partition(">")[2]
        start = lower.find("<style", end)


def _font_of(tag: Tag, rules: Mapping[str, str]) -> str | None:
    """Return the legacy font of an element, empty if it has another; None if it names none."""
    style = str(tag.get("style") or "")
    declared = _declared_font(style) if style else None
    if declared is not None:
        return declared
    if tag.get("face"):
        return _legacy_family(str(tag["face"]))
    for name in str(tag.get("class") or "").lower().split()[:10]:
        if f".{name}" in rules:
            return rules[f".{name}"]
    return rules.get(tag.name)


def _declared_font(declarations: str) -> str | None:
    """Return the legacy font that a style names, empty if it names another; None if none."""
    match = _DECLARED_FONT.search(declarations)
    return _legacy_family(match[1]) if match else None


def _legacy_family(families: str) -> str:
    """Return the name of the first font of a list if it is a legacy one, else an empty text."""
    match = _LEGACY_FONT.search(families[:200].partition(",")[0])
    return match[0].strip() if match else ""
