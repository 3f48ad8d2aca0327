"""What a page shows: the container of the article's text, its paragraphs, headings, captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from archive.article import Section
from indexer.vietnamese.letters import canonical

_BODY = re.compile(
    r"fck_detail|detail-?_?_?content|content-?_?detail|singular-content|article-?_*(body|content)"
    r"|cms-body|ArticleContent|entry-content|post-?content|content-?body|news-?content|maincontent"
    r"|b-maincontent|noidung|the-article-body|knc-content|main-?detail|story-?body|text-?content",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"relat|lien-?quan|comment|binh-?luan|social|share|\bads?\b|ads[-_]|[-_]ads?\b|advert|banner|quang-?cao"
    r"|\bnav|menu|breadcrumb|footer|sidebar|\btags?\b|tag-?list|box-?tag|poll|vote|newsletter"
    r"|author-?info|list-?news|tin-?khac|read-?more|readmore|doc-?them|xem-?them|suggest|recommend"
    r"|popup|modal|audio|podcast|rating|topic|news-?relate|link-?content|VCSortableInPreviewMode.*link"
    r"|the-article-link|box-?tin|box-?embed|signin|subscribe",
    re.IGNORECASE,
)
_FRAME = re.compile(r"footer|\bnav|menu|comment|binh-?luan|popup|modal", re.IGNORECASE)
_CAPTION = re.compile(
    r"caption|PhotoCMS|photo-?desc|desc_?cation|chu-?thich|image-?desc", re.IGNORECASE
)
_LEFT_OUT = frozenset(
    "script style noscript iframe form button nav aside footer svg template select input video"
    " audio header object embed canvas".split()
)
_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 li ul ol blockquote section article table tr td figure figcaption"
    " main dd dt dl pre".split()
)
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_HEADING = 200
_LONGEST_BYLINE = 60
_SHORTEST_BODY = 250
_BYLINE = re.compile(
    r"(?:Theo |Bài và ảnh:? ?|Tin, ảnh:? ?|Nhóm )?"
    r"[A-ZĐÀ-Ỹ][\w.]*(?:[ \-–/,&]+(?:và )?[A-ZĐÀ-Ỹ][\w.]*){0,7}"
    r"(?: ?\((?:tổng hợp|theo [^)]{1,60}|t/h|TTXVN|ghi)\))?"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text on the page: its kind (`p`, `heading`, `caption`) and words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text as sections, its captions, and a byline found at its end."""

    sections: tuple[Section, ...]
    captions: tuple[str, ...]
    byline: tuple[str, ...]


def find_body(soup: BeautifulSoup) -> Tag | None:
    """The element that holds the article's text, or None when the page has no article.

    Containers are weighed by the text of the paragraphs directly inside them, links not counted;
    a name that says what it is counts for more.
    """
    best: tuple[float, Tag] | None = None
    for tag in soup.find_all(["div", "article", "section", "main", "td"]):
        weight = _own_text(tag)
        if weight < _SHORTEST_BODY / 3 or _is_outside(tag):
            continue
        if any(_FRAME.search(_names(parent)) for parent in tag.parents):
            continue
        names = _names(tag)
        named = bool(_BODY.search(names)) or tag.get("itemprop") == "articleBody"
        weight *= 3 if named else 1.2 if tag.name == "article" else 1
        if best is None or weight > best[0]:
            best = (weight, tag)
    return best[1] if best and best[0] >= _SHORTEST_BODY else None


def read_body(container: Tag, repeated: tuple[str, ...], lead: Tag | None) -> Body:
    """The text in a container.

    Args:
        container: what `find_body` found.
        repeated: texts that are known already (title, lead) and are left out.
        lead: the lead's own element, left out where it stands inside.
    """
    known = {" ".join(text.split()) for text in repeated if text}
    blocks = [block for block in _blocks(container, lead) if block.text not in known]
    captions = dict.fromkeys(block.text for block in blocks if block.kind == "caption")
    rest = [block for block in blocks if block.kind != "caption" and block.text not in captions]
    byline, rest = _without_byline(rest)
    return Body(_sections(rest), tuple(captions), byline)


def words_of(tag: Tag) -> str:
    """The text of an element in canonical form, blanks collapsed."""
    joint = " " if tag.find([*_BLOCKS, "br"]) else ""
    return " ".join(canonical(tag.get_text(joint)).split())


def _own_text(tag: Tag) -> float:
    total = 0.0
    for child in tag.find_all(["p", "blockquote", "h2", "h3"], recursive=False):
        linked = sum(len(link.get_text()) for link in child.find_all("a"))
        total += max(0, len(child.get_text()) - 2 * linked)
    own = sum(
        len(text.strip())
        for text in tag.find_all(string=True, recursive=False)
        if not isinstance(text, PreformattedString)
    )
    # Old pages separate paragraphs with <br> inside one element.
    return total + (own if own > _SHORTEST_BODY else 0)


def _names(tag: Tag) -> str:
    classes: object = tag.get("class") or ""
    named = " ".join(classes) if isinstance(classes, list) else str(classes)
    return f"{named} {tag.get('id') or ''}"[:500]


def _is_outside(tag: Tag) -> bool:
    return tag.name in _LEFT_OUT or bool(_OUTSIDE.search(_names(tag)))


def _blocks(container: Tag, lead: Tag | None) -> Iterator[Block]:
    """The blocks of text in reading order, without recursion."""
    waiting: list[object] = list(reversed(container.contents))
    inline: list[str] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Block):
            yield from _flushed(inline)
            yield node
        elif isinstance(node, PreformattedString):
            continue
        elif isinstance(node, NavigableString):
            inline.append(str(node))
        elif isinstance(node, Tag) and node is not lead and not _is_outside(node):
            if node.name == "br":
                yield from _flushed(inline)
            elif _is_caption(node):
                text = words_of(node)
                waiting.append(Block("caption", text)) if text else None
            elif node.name in _BLOCKS:
                yield from _flushed(inline)
                if _is_leaf(node):
                    block = _leaf(node)
                    if block:
                        yield block
                else:
                    waiting.append(Block("end", ""))
                    waiting += reversed(node.contents)
            else:
                inline.append(node.get_text() if not node.find(list(_BLOCKS)) else "")
                if node.find(list(_BLOCKS)):
                    waiting += reversed(node.contents)
    yield from _flushed(inline)


def _flushed(inline: list[str]) -> Iterator[Block]:
    text = " ".join(canonical("".join(inline)).split())
    inline.clear()
    if _LETTER.search(text):
        yield Block("p", text)


def _is_leaf(tag: Tag) -> bool:
    return tag.find([*_BLOCKS, "br"]) is None and not any(
        _is_outside(child) for child in tag.find_all(True)
    )


def _leaf(tag: Tag) -> Block | None:
    text = words_of(tag)
    if not _LETTER.search(text):
        return None
    if tag.name in _HEADINGS or (_is_bold(tag, text) and len(text) <= _LONGEST_HEADING):
        return Block("heading", text)
    links = sum(len(words_of(link)) for link in tag.find_all("a"))
    if tag.name == "li" and links > 0.8 * len(text):
        return None
    if text.startswith((">>", "Xem thêm:", "Đọc thêm:", "» ")) or (
        links >= len(text) and links > 30
    ):
        return None
    return Block("p", text)


def _is_bold(tag: Tag, text: str) -> bool:
    bold = " ".join(words_of(one) for one in tag.find_all(["strong", "b"]))
    return tag.name == "p" and bool(text) and bold == text and text[-1] not in ".,;…"


def _is_caption(tag: Tag) -> bool:
    if tag.name == "figcaption":
        return True
    if tag.name not in ("p", "div", "span", "td", "em", "i"):
        return False
    return bool(_CAPTION.search(_names(tag))) and len(tag.get_text()) < 600


def _without_byline(blocks: list[Block]) -> tuple[tuple[str, ...], list[Block]]:
    """A short last paragraph without a full stop that looks like names is the byline."""
    blocks = [block for block in blocks if block.kind != "end"]
    if len(blocks) < 2:
        return (), blocks
    last = blocks[-1]
    if len(last.text) > _LONGEST_BYLINE or not _BYLINE.fullmatch(last.text):
        return (), blocks
    name = re.sub(r"\s*\([^)]*\)$", "", last.text)
    names = [part.strip() for part in re.split(r" - | – |,|/| và ", name)]
    return tuple(part for part in names if part), blocks[:-1]


def _sections(blocks: list[Block]) -> tuple[Section, ...]:
    sections: list[Section] = []
    heading, paragraphs = "", list[str]()
    for block in [*blocks, Block("heading", "")]:
        if block.kind != "heading":
            paragraphs.append(block.text)
            continue
        if paragraphs or heading:
            sections.append(Section(tuple(paragraphs), heading))
        heading, paragraphs = block.text, []
    return tuple(sections)
