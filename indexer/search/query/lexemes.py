"""The lexemes of the query language: patterns of its words, signs and values."""

from __future__ import annotations

import re

from indexer.search.query.date_values import QUOTES
from indexer.search.query.field_names import NAMES_OF_TWO_WORDS

MOST_WILDCARDS = 8
"""Wildcards of one word that are read."""

LEXEME = re.compile(
    rf"(?P<blank>\s+)|(?P<open>\()|(?P<close>\))"
    rf"|(?P<address>[A-Za-z]+://[^\s(){QUOTES}]+)"
    rf"|(?P<name>(?i:{'|'.join(NAMES_OF_TWO_WORDS)})|[^\W\d_]+(?:[\-_][^\W\d_]+)?):"
    rf"|(?P<sign>(?:[\-+!](?==?[^\s)\-+=*!?.])|=(?=[^\s)\-+=*!?.])))|(?P<quote>[{QUOTES}])"
    rf"|(?P<boost>\^\d+(?:\.\d+)?(?![^\s)]))"
    rf"|(?P<word>[^\s(){QUOTES}]+)"
)
VALUE = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]?|\((?:[^()]|\([^()]*\))*\)?|[^\s()]+")
"""The value of a field that is left out."""

WORD_BOOST = re.compile(r"(?<=[^\W\d_]{3})\*?(\^\d+(?:\.\d+)?)$")
"""A boost; `m^2` and `10^6` have none."""

PHRASE_SIGNS = re.compile(r"(?:~(?P<slop>\d*)(?:\.\d+)?)?(?P<boost>\^\d+(?:\.\d+)?)?(?![^\s)])")
WILDCARD = re.compile(r"[^\W_]+(?:[*?]+[^\W_]+)*(?:[*?]+[^\W_]+\**|\?+\*+)")
"""A word with a wildcard inside; a `?` at its end is punctuation, a `*` makes a prefix."""

DOTTED_NAME = re.compile(r"\.[A-Z]{2,}")
"""A name that begins with a dot, `.NET`: no word of Vietnamese."""

FUZZY = re.compile(r"([^\W_]{2,})~([12]?)")
BAD_PATTERN = re.compile(
    rf"\?+[^\W_]|[^\W_]+~\d|(?:[^*?]*[*?]+){{{MOST_WILDCARDS + 1}}}|.*\[[^\]\s]-[^\]\s]\]"
)
"""A wildcard in front, a distance other than 1 and 2, too many wildcards, a choice of letters."""
