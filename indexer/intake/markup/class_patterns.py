"""Patterns of class, id and role names, and of tags, that tell an element's part in a page.

The names are those that Vietnamese newspapers and their content management systems write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bs4.element import Tag

from indexer.intake.markup.pattern_prefilter import PatternPrefilter

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


@dataclass(frozen=True, slots=True)
class ElementPattern:
    """The names by which an element is known to play one part in a page.

    Attributes:
        names: A regular expression in lower case, matched anywhere in its class, identifier and
            type. Words that begin at a mark (`-`, `_`, blank) stand in one group of it at the
            end, which is far faster than a group each.
        attributes: Attributes that have a certain value.
        tag: A tag that is enough by itself.
    """

    names: str
    attributes: tuple[tuple[str, str], ...] = ()
    tag: str = ""

    def matches(self, tag: Tag) -> bool:
        """Tell whether an element has one of the names, attributes or the tag."""
        return self.is_marked(tag) or self.is_in(names_of(tag))

    def is_in(self, names: str) -> bool:
        """Tell whether one of the names is in the joined names of an element."""
        return bool(names) and _is_found(self.names, names)

    def is_marked(self, tag: Tag) -> bool:
        """Tell whether an element has one of the attributes or the tag."""
        if tag.name == self.tag:
            return True
        for name, value in self.attributes:
            if tag.attrs.get(name) == value:
                return True
        return False


def _is_found(pattern: str, names: str) -> bool:
    """Tell whether a pattern is in some names."""
    return pattern in _PREFILTER.candidates(names) and _is_matched(pattern, names)


@lru_cache(maxsize=1 << 14)
def _is_matched(pattern: str, names: str) -> bool:
    """Tell whether a pattern matches some names: a page, and a site, repeats few of them."""
    return _compiled(pattern).search(names) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


MARKING_ATTRIBUTES = frozenset(
    ("itemprop", "property", "data-role", "data-field", "datetime", "rel")
)
"""Attributes that the patterns below look at."""

HIDING_ATTRIBUTES = frozenset(("hidden", "aria-hidden", "style"))
"""Attributes that may hide an element."""

BODY = ElementPattern(
    r"fck_?detail|detail-?_*content|content-?_*detail|singular-content|article-?_*(?:body|content)"
    r"|cms-body|entry-?_*(?:content|body)|post-?_*(?:content|body)|content-?_*body|news-?_*content"
    r"|main-?content|noidung|noi-dung|knc-content|main-?detail|story-?_*body|text-?content"
    r"|art-?body|detail-?_*body|body-?_*detail|articlebody",
    attributes=(
        *(("itemprop", "articleBody"), ("data-role", "content")),
        *(("property", "articleBody"), ("property", "schema:articleBody")),
    ),
)
"""The element of the article's text (main content)."""

LEAD = ElementPattern(
    r"sapo|chapp?eau|(?:^|[-_ ])(?:lead|description|summary|intro|abs|abstract|desc|des|teaser"
    r"|sub-?title|sub-?headline|standfirst|headnote|excerpt)(?=[-_ ]|$)",
    attributes=(("data-role", "sapo"), ("data-field", "sapo")),
)
"""The lead: sapo (chapeau), standfirst."""

BYLINE = ElementPattern(
    r"(?:^|[-_ ])(?:author|by-?line|tac-?gia|writer|reporter|pen-?name|cms-author)s?(?=[-_ ]|$)",
    attributes=(
        *(("data-role", "author"), ("itemprop", "author"), ("rel", "author")),
        *(("property", "author"), ("property", "schema:author")),
    ),
)
"""The names of the authors."""

CAPTION = ElementPattern(
    r"caption|photocms(?!_author)|photo-?desc|desc_?cation|chu-?thich|chuthich|im(?:g|age)-?_?desc"
    r"|avatar-?desc|imgdesc|photo-?note|(?:^|[-_ ])l[eé]gende?(?=[-_ ]|$)",
    tag="figcaption",
)
"""The words under a picture."""

CREDIT = ElementPattern(
    r"photocms_author|photo-?_?(?:author|credit|source)|im(?:g|age)-?_?(?:credit|source)"
)
"""The photographer or source of a picture."""

FACTS = ElementPattern(r"(?:news|post|article|detail|entry)-?_*(?:info|meta|sub-?info)")
"""A box of facts about the article: names and date."""

DATE = ElementPattern(
    r"date|time|publish|ngay",
    attributes=(("data-role", "publishdate"),),
    tag="time",
)
UNFOLDED = ElementPattern(
    r"accordion|collaps|faq|spoiler|answer|tra-?loi"
    r"|(?:^|[-_ ])(?:tabs?|tab-?_*(?:pane|panel|content)|panel|step|slide)(?=[-_ ]|$)",
    attributes=(("role", "tabpanel"),),
)
"""A part of the text that a button or a tab shows."""

BREADCRUMBS = ElementPattern(r"bread-?_?crumb|(?:^|[-_ ])crumbs?(?=[-_ ]|$)")
"""The path from the front page to the article."""

CATEGORY = ElementPattern(
    r"(?:^|[-_ ])(?:cate?|category|chuyen-?muc|cate-name)(?=[-_ ]|$)",
    attributes=(("data-role", "cate-name"),),
)

# Readers' comments and the frame of the page: boilerplate whatever it holds.
_FRAME = (
    r"comment|kommentar|binh-?luan|y-?kien|phan-?hoi|nhan-?xet|feedback|discuss|replies|disqus|footer|side-?bar"
    r"|popup|modal|cookie|consent|gdpr|newsletter|twitter-tweet|instagram-media|fb-post"
    r"|(?:^|[-_ ])(?:respond|(?:nav|menu)(?:bar)?(?=[-_ ]|$))"
)
_DISCUSSION = (
    r"comment|kommentar|binh-?luan|y-?kien|phan-?hoi|nhan-?xet|feedback|discuss|replies|disqus|popup|modal|cookie"
    r"|consent|gdpr"
)
_NAMES = "joined_names"
_NAMING = ("class", "id", "type", "data-type", "aria-labelledby")
_FRAME_ROLES = frozenset("navigation complementary banner contentinfo search dialog menu".split())
# Related articles, advertisements, newsletters: boilerplate inside the article.
_ASIDE = (
    r"relate(?!d?-?content-wrap)|lien-?quan|lienquan|ads[-_]|adsby|advert|banner|quang-?cao"
    r"|bread-?_?crumb|author-?_*(?:info|box|bio|desc)|list-?news|news-?list|tin-?khac|tinkhac"
    r"|suggest|recommend|link-?content|article-?link|box-?tin(?!h)|videostream"
    r"|insert-?(?:news|wiki|link)|inner-?article|onenews|vcobjectbox|cung-?chuyen-?muc|most-?view"
    r"|hot-?news|tin-?moi|doc-?nhieu|(?:^|[\W_])ads?\b|(?:^| )widget(?=[ _]|$)"
)
# Buttons, tags, polls, notices: small things inside the article. Words that begin at a mark stand
# in one group, since a search tries every group at every letter.
_SMALL_ASIDE = (
    r"social|addthis|tag-?list|box-?tag|podcast|signin|subscribe|follow|font-?size"
    r"|google-?news|reaction|emotion|donate|copyright|keywords?(?=[-_ ]|$)|(?:post|entry)-?_*meta"
    r"|disclosure|disclaimer|editsection|flyout|sr-only|screen-?reader|visually-?hidden|upsell"
    r"|(?:^|[-_ ])(?:shar(?:e|ing)|tags?(?=[-_ ]|$)|poll|vote|rating|audio|zoom)"
)
# A button, or the text that it unfolds or prints.
_BUTTON = r"print|read-?more|doc-?them|xem-?them|xemthem|see-?more"
_PREFILTER = PatternPrefilter(
    (
        *(BODY.names, LEAD.names, BYLINE.names, CAPTION.names, CREDIT.names, FACTS.names),
        *(DATE.names, UNFOLDED.names, BREADCRUMBS.names, CATEGORY.names),
        *(_FRAME, _DISCUSSION, _ASIDE, _SMALL_ASIDE, _BUTTON),
    )
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# The setting of a line, in its style, align and class.
_CENTRED = re.compile(r"text-align:\s*center|\bcenter\b|align-center|text-center", re.IGNORECASE)
_RIGHT = re.compile(r"text-align:\s*right|\bright\b|align-right|text-right", re.IGNORECASE)


def descendants(tag: Tag) -> Iterator[Tag]:
    """Yield the elements inside an element, in order; none may be removed meanwhile."""
    return (inner for inner in tag.descendants if isinstance(inner, Tag))


def holds(tag: Tag, names: frozenset[str]) -> bool:
    """Tell whether an element with one of these tag names is inside an element."""
    return any(inner.name in names for inner in descendants(tag))


def names_of(tag: Tag) -> str:
    """Return the class, identifier and type of an element as one text in lower case, bounded."""
    if not tag.attrs:
        return ""
    # Kept at the element: it is asked for by every pattern.
    names: str | None = tag.__dict__.get(_NAMES)
    if names is None:
        values = [value for name in _NAMING if (value := tag.attrs.get(name))]
        names = " ".join(map(str, values))[:500].lower() if values else ""
        tag.__dict__[_NAMES] = names
    return names


@dataclass(frozen=True, slots=True)
class NameRoles:
    """The parts in a page that the names of an element speak of.

    Attributes:
        frame: Readers' comments and the frame of the page.
        discussion: Readers' comments or a dialog, which may be long.
        aside: What stands beside the article's text.
        small_aside: Tags or a notice, which are never long.
        button: A button to unfold or print, or the text of one.
        content: The article's text or lead.
        hidden: Whether the attributes hide the element.
    """

    frame: bool
    discussion: bool
    aside: bool
    small_aside: bool
    button: bool
    content: bool
    hidden: bool = False


@lru_cache(maxsize=1 << 13)
def _roles_in(names: str) -> NameRoles:
    return NameRoles(
        frame=_is_found(_FRAME, names),
        discussion=_is_found(_DISCUSSION, names),
        aside=_is_found(_ASIDE, names),
        small_aside=_is_found(_SMALL_ASIDE, names),
        button=_is_found(_BUTTON, names),
        content=BODY.is_in(names) or LEAD.is_in(names),
    )


def named_roles(tag: Tag) -> NameRoles:
    """Return the parts that an element plays by its names alone."""
    return _roles_in(names_of(tag))


def roles_of(tag: Tag) -> NameRoles:
    """Return the parts that an element plays by its names, its tag and its attributes."""
    roles = named_roles(tag)
    if tag.name in BOILERPLATE_TAGS:
        return replace(roles, frame=True)
    attributes = tag.attrs
    if not attributes:
        return roles
    if "role" in attributes and _attribute(tag, "role").lower() in _FRAME_ROLES:
        return replace(roles, frame=True)
    return replace(roles, hidden=True) if is_hidden(tag) else roles


def is_hidden(tag: Tag) -> bool:
    """Tell whether an element is not shown, by its attributes."""
    attributes = tag.attrs
    if not attributes or HIDING_ATTRIBUTES.isdisjoint(attributes):
        return False
    if "hidden" in attributes or _attribute(tag, "aria-hidden").lower() == "true":
        return True
    return "style" in attributes and _HIDDEN.search(_attribute(tag, "style")) is not None


def is_framing(tag: Tag) -> bool:
    """Tell whether an element is the frame of the page, or beside the article's text."""
    roles = roles_of(tag)
    return roles.frame or roles.aside or roles.hidden


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
