"""The names of a newspaper's usual sections, for categories that an archive names otherwise.

An importer keeps a category as its source has it: in another language than the page (`society`),
or as a piece of an address (`xa-hoi`). Only its name on a page changes; addresses, filters and
exports keep the value, and queries find it by each of the section's names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from indexer.vietnamese.normalization import fold, lower_canonical
from indexer.vietnamese.syllables import exact_form

_LONGEST = 40
"""Letters of a value that may be a section's name."""

_SEPARATORS = re.compile(r"[\s_/&–-]+")

_SECTIONS = (
    # English, Vietnamese, and what else means the same section: Vietnamese with its diacritics.
    ("Agriculture", "Nông nghiệp", "nông thôn", "nông nghiệp nông thôn"),
    ("Beauty", "Làm đẹp"),
    ("Books", "Sách"),
    ("Business", "Kinh doanh"),
    ("Cars", "Xe", "ô tô xe máy", "ô tô", "xe cộ", "auto", "autos", "car", "vehicles"),
    ("Culture", "Văn hóa", "văn hóa văn nghệ", "văn hóa nghệ thuật"),
    ("Current affairs", "Thời sự"),
    ("Defence", "Quốc phòng", "defense"),
    ("Economy", "Kinh tế", "economics", "economic"),
    ("Education", "Giáo dục"),
    ("Entertainment", "Giải trí", "showbiz"),
    ("Environment", "Môi trường"),
    ("Family", "Gia đình"),
    ("Fashion", "Thời trang"),
    ("Features", "Phóng sự", "feature"),
    ("Film", "Phim", "điện ảnh", "movies", "films", "cinema"),
    ("Finance", "Tài chính"),
    ("Food", "Ẩm thực", "cuisine"),
    ("Football", "Bóng đá", "soccer"),
    ("Health", "Sức khỏe"),
    ("Health care", "Y tế", "healthcare"),
    ("International", "Quốc tế"),
    ("Jobs", "Việc làm"),
    ("Labour", "Lao động", "labor"),
    ("Law", "Pháp luật", "legal"),
    ("Lifestyle", "Đời sống", "life", "life style"),
    ("Local", "Địa phương"),
    ("Music", "Âm nhạc"),
    ("News", "Tin tức"),
    ("Opinion", "Ý kiến", "opinions"),
    ("Perspectives", "Góc nhìn", "perspective"),
    ("Photos", "Ảnh", "photo"),
    ("Politics", "Chính trị"),
    ("Property", "Bất động sản", "real estate", "nhà đất"),
    ("Readers", "Bạn đọc"),
    ("Science", "Khoa học"),
    ("Security", "An ninh"),
    ("Society", "Xã hội", "social"),
    ("Sport", "Thể thao", "sports"),
    ("Stocks", "Chứng khoán", "stock market"),
    ("Technology", "Công nghệ", "tech"),
    ("Transport", "Giao thông", "traffic"),
    ("Travel", "Du lịch", "tourism"),
    ("World", "Thế giới"),
    ("Youth", "Giới trẻ", "nhịp sống trẻ"),
)


@dataclass(frozen=True, slots=True)
class _Section:
    """The section of a value: its names, and the language of the value itself."""

    english: str
    vietnamese: str
    value_language: str

    def name(self, language: str) -> str:
        return self.english if language == "en" else self.vietnamese


@lru_cache(1024)
def section_name(value: str, language: str) -> str:
    """Return a usual section's name in a language; what is none, or is in it already, as it is."""
    section = _SECTION_OF.get(_key(value)) if len(value) <= _LONGEST else None
    if section is None:
        return value
    # As readers write it, not as addresses do.
    is_written = value[0].isupper() and section.value_language == language
    return value if is_written else section.name(language)


def is_section(value: str) -> bool:
    """Tell whether a category is a usual section, which has a name in every language."""
    return len(value) <= _LONGEST and _key(value) in _SECTION_OF


@lru_cache(1024)
def other_names(value: str) -> tuple[tuple[str, ...], ...]:
    """Return the other names of a usual section, as folded words; none for another category."""
    section = _SECTION_OF.get(_key(value)) if len(value) <= _LONGEST else None
    if section is None:
        return ()
    own = tuple(fold(_key(value)).split())
    names = [
        tuple(fold(key).split())
        for key, named in _SECTION_OF.items()
        if named.english == section.english
    ]
    return tuple(name for name in dict.fromkeys(names) if name != own)


def _key(text: str) -> str:
    words = _SEPARATORS.sub(" ", lower_canonical(text)).split()
    return " ".join(map(exact_form, words))


def _sections() -> dict[str, _Section]:
    """Return the sections by every form of their names; bare ones of two syllables or more."""
    sections: dict[str, _Section] = {}
    for english, vietnamese, *others in _SECTIONS:
        for text in (english, vietnamese, *others):
            is_english = text.isascii() and text != vietnamese
            sections[_key(text)] = _Section(english, vietnamese, "en" if is_english else "vi")
            if " " in text and not is_english:
                # A bare form is the piece of an address, in no language as readers write it.
                sections.setdefault(_key(fold(text)), _Section(english, vietnamese, ""))
    return sections


_SECTION_OF = _sections()
