"""Patterns of class, id and role names, and of tags, that tell an element's part in a page.

The names are those that Vietnamese newspapers and their content management systems write. They
are data: one pattern a part, most of them matched anywhere in the names of an element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import Tag

BLOCKS = frozenset(
    "html body p div h1 h2 h3 h4 h5 h6 li ul ol dl dd dt blockquote section article aside header"
    " footer nav main table caption thead tbody tfoot tr td th pre figure figcaption form fieldset"
    " address center details summary hgroup hr".split()
)
"""Tags of block elements, on lines of their own; all others flow in their parent's text."""

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

BOILERPLATE_TAGS = frozenset(
    "script style noscript iframe form button nav aside footer svg template select option input"
    " textarea label dialog menu video audio object embed canvas map amp-ad amp-embed amp-sidebar"
    " amp-video amp-audio amp-iframe amp-list amp-youtube amp-social-share amp-sticky-ad"
    " amp-consent amp-user-notification".split()
)
"""Tags that never hold an article's text."""

# The element of the article's text (main content).
_BODY = re.compile(
    r"fck_?detail|detail-?_*content|content-?_*detail|singular-content|article-?_*(body|content)"
    r"|cms-body|entry-?_*(content|body)|post-?_*(content|body)|content-?_*body|news-?_*content"
    r"|main-?content|noidung|noi-dung|knc-content|main-?detail|story-?_*body|text-?content"
    r"|art-?body|detail-?_*body|body-?_*detail|articlebody",
    re.IGNORECASE,
)
# Readers' comments and the frame of the page: boilerplate whatever it holds.
_FRAME = re.compile(
    r"comment|binh-?luan|footer|side-?bar|(^|[-_ ])(nav|menu)(bar)?([-_ ]|$)|popup|modal",
    re.IGNORECASE,
)
# Related articles, sharing, advertisements, tags, polls: boilerplate inside the article.
_ASIDE = re.compile(
    r"relate(?!d?-?content-wrap)|lien-?quan|lienquan|social|(^|[-_ ])shar(e|ing)|addthis|\bads?\b"
    r"|ads[-_]|[-_]ads?\b|adsby|advert|banner|quang-?cao|bread-?_?crumb"
    r"|(^|[-_ ])tags?([-_ ]|$)|tag-?list|box-?tag|keywords?([-_ ]|$)|(^|[-_ ])(poll|vote|rating)"
    r"|newsletter|author-?_*(info|box|bio|desc)|list-?news|news-?list|tin-?khac|tinkhac"
    r"|read-?more|doc-?them|xem-?them|xemthem|see-?more|suggest|recommend|podcast|(^|[-_ ])audio"
    r"|link-?content|article-?link|box-?tin(?!h)|signin|subscribe|follow"
    r"|VideoStream|insert-?(news|wiki|link)|inner-?article|OneNews|VCObjectBox|cung-?chuyen-?muc|most-?view"
    r"|hot-?news|tin-?moi|doc-?nhieu|print|zoom|font-?size|google-?news|reaction|emotion|donate",
    re.IGNORECASE,
)
# The words under a picture.
_CAPTION = re.compile(
    r"caption|photocms(?!_author)|photo-?desc|desc_?cation|chu-?thich|chuthich|im(g|age)-?_?desc"
    r"|avatar-?desc|imgdesc|photo-?note",
    re.IGNORECASE,
)
# The photographer or source of a picture.
_CREDIT = re.compile(
    r"photocms_author|photo-?_?(author|credit|source)|im(g|age)-?_?(credit|source)", re.IGNORECASE
)
# The lead: sapo (chapeau), standfirst.
_LEAD = re.compile(
    r"sapo|chapp?eau|(^|[-_ ])(lead|description|summary|intro|abs|abstract|desc|des|teaser"
    r"|sub-?title|sub-?headline|standfirst|headnote)(?=[-_ ]|$)",
    re.IGNORECASE,
)
# The names of the authors.
_BYLINE = re.compile(
    r"(^|[-_ ])(author|by-?line|tac-?gia|writer|reporter|pen-?name|cms-author)s?([-_ ]|$)",
    re.IGNORECASE,
)
# A box of facts about the article: names and date.
_INFO = re.compile(r"(news|post|article|detail|entry)-?_*(info|meta|sub-?info)", re.IGNORECASE)
_DATE = re.compile(r"date|time|publish|ngay", re.IGNORECASE)
# The path from the front page to the article.
_BREADCRUMBS = re.compile(r"bread-?_?crumb|(^|[-_ ])crumbs?([-_ ]|$)", re.IGNORECASE)
_CATEGORY = re.compile(r"(^|[-_ ])(cate?|category|chuyen-?muc|cate-name)([-_ ]|$)", re.IGNORECASE)
# How a line is set, in its style, align and class.
_CENTRED = re.compile(r"text-align:\s*center|\bcenter\b|align-center|text-center", re.IGNORECASE)
_RIGHT = re.compile(r"text-align:\s*right|\bright\b|align-right|text-right", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FRAME_ROLES = frozenset("navigation complementary banner contentinfo search dialog menu".split())


def descendants(tag: Tag) -> Iterator[Tag]:
    """Yield the elements inside an element, in order; none may be removed meanwhile."""
    return (inner for inner in tag.descendants if isinstance(inner, Tag))


def holds(tag: Tag, names: frozenset[str]) -> bool:
    """Tell whether an element with one of these tag names is inside an element."""
    return any(inner.name in names for inner in descendants(tag))


def names_of(tag: Tag) -> str:
    """Return the class, identifier and type of an element as one text of bounded length."""
    if not tag.attrs:
        return ""
    return " ".join(_attribute(tag, name) for name in ("class", "id", "type", "data-type"))[:500]


def is_body(tag: Tag) -> bool:
    """Tell whether an element is named as the one that holds the article's text."""
    if _attribute(tag, "itemprop") == "articleBody" or _attribute(tag, "data-role") == "content":
        return True
    return bool(_BODY.search(names_of(tag)))


def is_frame(tag: Tag) -> bool:
    """Tell whether an element is the frame of the page or readers' comments: no article."""
    if tag.name in BOILERPLATE_TAGS or _attribute(tag, "role").lower() in _FRAME_ROLES:
        return True
    return bool(_FRAME.search(names_of(tag)))


def is_aside(tag: Tag) -> bool:
    """Tell whether an element is hidden, or named as one beside the article's text."""
    if tag.has_attr("hidden") or _attribute(tag, "aria-hidden").lower() == "true":
        return True
    return bool(_HIDDEN.search(_attribute(tag, "style")) or _ASIDE.search(names_of(tag)))


def is_caption(tag: Tag) -> bool:
    """Tell whether an element is named as the words under a picture."""
    return tag.name == "figcaption" or bool(_CAPTION.search(names_of(tag)))


def is_credit(tag: Tag) -> bool:
    """Tell whether an element is named as the photographer or source of a picture."""
    return bool(_CREDIT.search(names_of(tag)))


def is_lead(tag: Tag) -> bool:
    """Tell whether an element is named as the article's lead (sapo)."""
    if _attribute(tag, "data-role") == "sapo" or _attribute(tag, "data-field") == "sapo":
        return True
    return bool(_LEAD.search(names_of(tag)))


def is_byline(tag: Tag) -> bool:
    """Tell whether an element is named as the author."""
    if _attribute(tag, "data-role") == "author" or _attribute(tag, "itemprop") == "author":
        return True
    return bool(_BYLINE.search(names_of(tag)))


def is_info(tag: Tag) -> bool:
    """Tell whether an element is named as the facts about the article: names, date."""
    return bool(_INFO.search(names_of(tag)))


def is_date(tag: Tag) -> bool:
    """Tell whether an element is named as a date."""
    if tag.name == "time" or _attribute(tag, "data-role") == "publishdate":
        return True
    return bool(_DATE.search(names_of(tag)))


def is_breadcrumbs(tag: Tag) -> bool:
    """Tell whether an element is named as the breadcrumbs."""
    return bool(_BREADCRUMBS.search(names_of(tag)))


def is_category(tag: Tag) -> bool:
    """Tell whether an element is named as the category."""
    return _attribute(tag, "data-role") == "cate-name" or bool(_CATEGORY.search(names_of(tag)))


def is_centred(tag: Tag) -> bool:
    """Tell whether an element is set in the middle of the line."""
    return tag.name == "center" or bool(_CENTRED.search(_setting(tag)))


def is_right(tag: Tag) -> bool:
    """Tell whether an element is set at the right, as names under an article are."""
    return bool(_RIGHT.search(_setting(tag)))


def _setting(tag: Tag) -> str:
    return " ".join(_attribute(tag, name) for name in ("style", "align", "class"))[:500]


def _attribute(tag: Tag, name: str) -> str:
    value: object = tag.attrs.get(name)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return value if isinstance(value, str) else ""
