"""The language of a text whose document names none: by its words, its letters, or unknown.

Vietnamese is told by its syllables, English by the words that every English text is full of, and
some languages by a script of their own. What is none of these stays unknown, which is better than
wrong: the label goes out with every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from archive.records import Article
from indexer.vietnamese.syllables import is_bare_syllable, is_syllable

_BEGINNING = 1200
"""Characters of a text that are looked at: some two hundred words."""

_GLANCE = 300
"""Characters that suffice where nearly every word is Vietnamese."""

_WORD = re.compile(r"[^\W\d_]{1,30}")
_OWN_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
"""Letters that Vietnamese writes, and other languages hardly or never."""

_OWN_SHARE = 0.1
"""Their share of the characters of a text that is surely Vietnamese; most have 0.15."""

_LEAST_OWN = 2
"""Different syllables with such a letter that a text has in which not every word is a syllable."""

_MOSTLY_MARKED, _MARKED_SHARE = 0.5, 0.2
"""The share of syllables with diacritics of a Vietnamese text, and of one full of other names."""

_LEAST_BARE, _BARE_SHARE = 20, 0.85
"""Words of a text without diacritics, and the share of syllables that makes it Vietnamese."""

_ENGLISH = frozenset(
    "the of and to is was for that with are as by from at have has it on be this were not "
    "you your will can which they their an or if".split()
)
_LEAST_ENGLISH, _ENGLISH_SHARE = 4, 0.12
"""Different ones of these words in an English text, and their share of its words."""

_SCRIPTS = (
    ("th", re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")),
    ("lo", re.compile("[\u0e81-\u0ede]")),
    ("km", re.compile("[\u1780-\u17d3]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3041-\u30fa]")),
)
"""Languages with a script of their own, and its letters."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_MODERN_CHINESE = re.compile("[的是了这這们們]")
"""Signs that today's Chinese is full of; classical Chinese and Nôm have hardly any."""

_SCRIPT_SHARE, _MODERN_SHARE = 0.3, 0.02


def with_language(article: Article) -> Article:
    """Return an article with the language of its text, where its document named none."""
    if article.language and not article.is_language_detected:
        return article
    language = text_language(_beginning_of(article))
    return replace(article, language=language, is_language_detected=True)


def text_language(text: str) -> str:
    """Return the label of the language of a text in canonical form; empty where unknown."""
    text = text[:_BEGINNING]
    if len(_OWN_LETTER.findall(text, 0, _GLANCE)) >= _OWN_SHARE * _GLANCE:
        return "vi"
    words = _WORD.findall(text)
    return _language_of_words(words) or _language_of_script(text)


def _beginning_of(article: Article) -> str:
    """Return as much of an article as is looked at."""
    parts: list[str] = []
    length = 0
    for part in _parts(article):
        parts.append(part[: _BEGINNING - length])
        length += len(parts[-1]) + 1
        if length >= _BEGINNING:
            break
    return "\n".join(parts)


def _parts(article: Article) -> Iterator[str]:
    yield from (article.title, article.lead)
    for section in article.sections:
        yield section.heading
        yield from section.paragraphs
    for caption in article.captions:
        yield caption.text


def _language_of_words(words: list[str]) -> str:
    """Return `vi` or `en`; a text of the one may hold names and titles of the other."""
    syllables = [word for word in words if _is_any_syllable(word)]
    marked = [word for word in syllables if not word.isascii()]
    own = set(filter(_OWN_LETTER.search, marked))
    if own and len(syllables) == len(words) > 1:
        return "vi"
    if len(words) >= _LEAST_BARE and len(syllables) >= _BARE_SHARE * len(words):
        return "vi"
    is_marked = len(own) >= _LEAST_OWN
    if is_marked and len(marked) >= _MOSTLY_MARKED * len(words):
        return "vi"
    if _is_english(words):
        return "en"
    return "vi" if is_marked and len(marked) >= _MARKED_SHARE * len(words) else ""


@lru_cache(1 << 14)
def _is_any_syllable(word: str) -> bool:
    """Tell whether a word is a Vietnamese syllable, with its diacritics or without any."""
    return is_syllable(word) or (word.isascii() and is_bare_syllable(word))


def _is_english(words: list[str]) -> bool:
    found = [word for word in map(str.lower, words) if word in _ENGLISH]
    is_frequent = len(found) >= _ENGLISH_SHARE * len(words)
    return is_frequent and len(set(found)) >= _LEAST_ENGLISH


def _language_of_script(text: str) -> str:
    """Return the language that alone writes most of the letters of a text."""
    if text.isascii():
        return ""
    letters = sum(map(str.isalpha, text))
    for language, script in _SCRIPTS:
        if len(script.findall(text)) >= _SCRIPT_SHARE * max(letters, 1):
            return language
    signs = len(_HAN.findall(text))
    is_modern = len(_MODERN_CHINESE.findall(text)) >= max(1, _MODERN_SHARE * signs)
    return "zh" if is_modern and signs >= _SCRIPT_SHARE * letters else ""
