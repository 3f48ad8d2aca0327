"""Bylines: the names in one, however they are listed, and which of them are people's.

Metadata, elements named as byline, last lines and records are all split here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.intake.inverted_names import is_inverted
from indexer.intake.month_names import ENGLISH_MONTH, SHORT_WEEKDAY, VIETNAMESE_MONTH, WEEKDAY
from indexer.vietnamese.normalization import fold

_LONGEST_BYLINE = 500
_LONGEST_NAME = 80
_MOST_SYLLABLES = 7

_ADDRESS = re.compile(r"\S{1,80}@\S{1,80}|https?://\S{1,200}")
_REMARK = re.compile(r"\s{0,3}[(\[][^()\[\]]{0,100}[)\]]\s{0,3}|\bRole,[^,;]{0,100}")
_DATE = re.compile(
    r"\d|\b[Tt]hứ (?:hai|ba|tư|năm|sáu|bảy|[Hh]ai|[2-7])\b|\b[Cc]hủ nhật|\b[Nn]gày(?=\s\d)"
    rf"|\b[Tt]háng\s(?i:{VIETNAMESE_MONTH})\s(?=\d)"
    rf"|\b(?:{WEEKDAY}),?\s{{1,3}}(?:[^\W\d_]{{3,9}}\.?\s)?(?=\d)"
    rf"|\b(?:{SHORT_WEEKDAY}),?\s{{1,3}}(?=(?:\d{{1,2}}\s)?{ENGLISH_MONTH}(?!\w))"
    rf"|\b{ENGLISH_MONTH}\s{{1,3}}(?=\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
    r"|\b(?:[Cc]ập nhật|[Đđ]ăng|[Xx]uất bản|[Pp]osted|[Pp]ublished|[Uu]pdated)"
    r"(?::| (?:lúc|ngày|on|at)\b)"
)
"""The words from a date on are no name: `Ban Thời sự - Thứ hai, ngày 19/12/2022`, `Mon, 19 Dec`."""

_BETWEEN = re.compile(
    r"\s{0,3}(?:[;/|&·•\n]|\s[-–—]\s|(?<=\s)(?:và|and|cùng|với|und|et)(?=\s))\s{0,3}"
)
_COMMA = re.compile(r"\s{0,3},\s{0,3}")
_SOURCE = re.compile(r"\s(?:theo|tổng hợp|lược dịch|biên dịch|dịch|ghi|thực hiện)(?=\s|$)")
_LABEL = re.compile(
    r"(?:theo|nguồn|(?:bài|tin),?(?: và)? ảnh|bài viết|bài|tin bài|tin|ảnh|clip|video|đồ họa|đồ hoạ"
    r"|tác giả|thực hiện|người viết|phóng viên|pv|p\.v|ctv|cộng tác viên|bởi|trình bày|thiết kế"
    r"|biên dịch|biên tập|lược dịch|tổng hợp|written by|by|von|par|por|authors?|reporters?)"
    r"(?:\s{0,3}:\s{0,3}|\.?\s{1,3}|$)",
    re.IGNORECASE,
)
"""Words before a name that tell what its bearer did."""

_HEADINGS = frozenset(
    "article information|role|author|authors|byline|share|follow|xem thêm|chia sẻ".split("|")
)
_EDGES_BUT_STOP = " :-–—|·•*\"'“”"
_INITIAL = re.compile(r"(?:^|\s)(?:[^\W\d_]\.){1,4}$")

_ORGANISATION = re.compile(
    r"^(?:theo )?(?:báo|đài|tờ|hãng|tập đoàn|nhà xuất bản|bộ|sở|ubnd|hội|trường|viện)\s"
    r"|tạp chí|công ty|t[òo][àa] soạn|điện tử|trang thông tin|cổng thông tin|thông tấn xã"
    r"|ban biên tập|biên tập viên|ban thời sự"
)
_ORGANISATION_WORDS = re.compile(
    r"\b(?:online|news|newspaper|admin|administrator|editors?|btv|btvn|media|redaktion|newsroom"
    r"|staff|desk|webmaster|correspondent|tap chi|cong ty|toa soan|dien tu|trang thong tin"
    r"|cong thong tin|thong tan xa|ban bien tap|bien tap vien)\b"
)
"""Words of offices; those of several syllables only count in names without diacritics."""

_NAMELESS = frozenset("pv|p.v|p.v.|ctv|btv|phóng viên|cộng tác viên|reporter".split("|"))
_AGENCY = re.compile(r"[A-Z]{2,6}\d?")
_WORD_OF_NO_NAME = re.compile(
    r"\b(?:tại|ở|của|theo|từ|trong|là|được|các|những|the|from|at|in|of)\b"
)


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a byline, each once, without the words and the date around them."""
    text = _REMARK.sub(" ", _ADDRESS.sub(" ", text[:_LONGEST_BYLINE]))
    text = _without_labels(_DATE.split(text)[0].strip(_EDGES_BUT_STOP))
    return tuple(dict.fromkeys(_names(_parts(text))))


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a byline that may be names; one with its family name first is whole."""
    for part in _BETWEEN.split(text):
        name = _without_labels(part.strip(_EDGES_BUT_STOP))
        yield from [name] if is_inverted(name) else _COMMA.split(part)


def _names(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        name, is_whole = part, is_inverted(part)
        if not is_whole:
            name = _SOURCE.split(_without_labels(part.strip(_EDGES_BUT_STOP)))[0]
            name = name.strip(_EDGES_BUT_STOP).lstrip(".")
            name = name if _INITIAL.search(name) else name.rstrip(_EDGES_BUT_STOP + ".")
        if not 2 <= len(name) <= _LONGEST_NAME or name.lower() in _HEADINGS:
            continue
        if is_whole or name[0].isupper():
            yield name


def _without_labels(part: str) -> str:
    """Return a part of a byline without `Theo`, `Bài và ảnh:`, `PV` before its name."""
    for _ in range(3):
        shorter = _LABEL.sub("", part, count=1) if _LABEL.match(part) else part
        # `PV` alone is all that there is of a name.
        if shorter == part or not shorter:
            break
        part = shorter
    return part


def people_in(texts: Iterable[str], publisher_names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the people in some bylines; agencies such as `AFP` only where there are none.

    Args:
        texts: The bylines.
        publisher_names: Names of the publisher, which are no person's.
    """
    names = [name for text in texts for name in split_names(text)]
    people = [name for name in names if is_person(name, publisher_names)]
    return tuple(dict.fromkeys(persons_among(people) or people))


def persons_among(names: Iterable[str]) -> list[str]:
    """Return the names that may be a person's, without agencies such as `AFP`."""
    return [name for name in names if is_person(name, ()) and not _AGENCY.fullmatch(name)]


def is_person(name: str, publisher_names: tuple[str, ...]) -> bool:
    """Tell whether a name may be a person's: of few words, and no paper's or office's."""
    if not 2 <= len(name) <= 60 or len(name.split()) > _MOST_SYLLABLES or "://" in name:
        return False
    if any(map(str.isdigit, name)) or name.lower() in _NAMELESS or _WORD_OF_NO_NAME.search(name):
        return False
    return not is_organisation(name, publisher_names)


def is_organisation(name: str, publisher_names: tuple[str, ...]) -> bool:
    """Tell whether a name is that of a paper, company or office, and so no person's.

    Its words say so, or it and one of the publisher's are the same, or one is in the other.
    Words are compared with their diacritics: `Bảo` is no `báo`.
    """
    lower = name.lower()
    if not _letters(name) or _ORGANISATION.search(lower) or _ORGANISATION_WORDS.search(lower):
        return True
    return any(_is_of_publisher(name, publisher) for publisher in publisher_names)


def _is_of_publisher(name: str, publisher: str) -> bool:
    # Of a host, the label that names the site: `dantri` of `www.dantri.com.vn`.
    label = max(publisher.split("."), key=len) if "." in publisher else publisher
    if fold(name) != name.lower() and fold(label) != label.lower():
        name_letters, label_letters = _letters(name, True), _letters(label, True)
    else:
        name_letters, label_letters = _letters(name), _letters(label)
    if name_letters == label_letters:
        return True
    shorter, longer = sorted((name_letters, label_letters), key=len)
    # `Thanh` is no part of `Thanh Niên`, but a name of its own.
    is_whole = " " in name.strip() or shorter == label_letters
    return is_whole and len(shorter) >= 5 and shorter in longer


def _letters(text: str, with_diacritics: bool = False) -> str:
    return "".join(filter(str.isalnum, text.lower() if with_diacritics else fold(text)))
