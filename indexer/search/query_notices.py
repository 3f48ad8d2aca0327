"""Notices: remarks on how a query was understood, each kind a msgspec struct of its own.

JSON, its schema and the interface's description come from them. JSON keys are stable: new ones may
come, none changes its meaning.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0)]
"""A number of articles, pages or characters, or an offset."""


class QueryNotice(Struct, frozen=True, tag_field="kind"):
    """A remark on how the query was understood; every kind is a class of its own.

    Attributes:
        start, end: the span of the query's canonical text that it is about.
        message: its sentence in Vietnamese; empty until the page of results is made.
    """

    start: Count = 0
    end: Count = 0
    message: Annotated[str, Meta(description="The remark in Vietnamese.")] = ""


class CutNotice(QueryNotice, frozen=True, tag="cut", kw_only=True):
    """The query is longer than the limit in characters; the end was cut off."""

    limit: Count


class WordLimitNotice(QueryNotice, frozen=True, tag="too_many_words", kw_only=True):
    """The query has more words than the limit; only the first ones count."""

    limit: Count


class QuoteNotice(QueryNotice, frozen=True, tag="quote"):
    """A quotation mark was never closed."""


class BracketNotice(QueryNotice, frozen=True, tag="bracket"):
    """A bracket without its partner was ignored."""


class DepthNotice(QueryNotice, frozen=True, tag="too_deep", kw_only=True):
    """Brackets nested deeper than the limit were ignored."""

    limit: Count


class WildcardNotice(QueryNotice, frozen=True, tag="wildcard"):
    """A wildcard that cannot be answered was ignored."""


class DateNotice(QueryNotice, frozen=True, tag="date", kw_only=True):
    """A date that cannot be read was ignored."""

    value: str


class FieldNotice(QueryNotice, frozen=True, tag="field", kw_only=True):
    """A field that the archive does not have was left out with its value.

    Attributes:
        value: the field's name and value as typed.
        known: the names of the fields that there are.
    """

    value: str
    known: str


class FieldValueNotice(QueryNotice, frozen=True, tag="field_value", kw_only=True):
    """The value of a field that there is not was searched for in all text; `value` is its name."""

    value: str
    known: str


class EmptyFieldNotice(QueryNotice, frozen=True, tag="empty_field", kw_only=True):
    """No article has a value in a field."""

    field: str
    value: str


class EmptyDateNotice(QueryNotice, frozen=True, tag="empty_date", kw_only=True):
    """No article is of a time that was asked for."""

    value: str


class UndatedNotice(QueryNotice, frozen=True, tag="undated", kw_only=True):
    """A time was asked for, and no article of the archive has a date."""


class LookupNotice(QueryNotice, frozen=True, tag="lookup", kw_only=True):
    """An address or identifier beside other conditions was left out."""

    value: str


class ArticleNotice(QueryNotice, frozen=True, tag="article", kw_only=True):
    """The query is the address or an identifier of the articles that are shown."""

    value: str


class NoArticleNotice(QueryNotice, frozen=True, tag="no_article", kw_only=True):
    """No article has this address or identifier; its words were searched for."""

    value: str


class IgnoredNotice(QueryNotice, frozen=True, tag="ignored", kw_only=True):
    """Signs that mean nothing here were left out: a boost, a star inside quotation marks."""

    value: str


class SlopNotice(QueryNotice, frozen=True, tag="slop", kw_only=True):
    """The words of a phrase may stand no further apart than the limit."""

    limit: Count


class OperatorNotice(QueryNotice, frozen=True, tag="operator", kw_only=True):
    """A word was searched for that would be an operator in capitals."""

    word: str
    operator: str


class NegationNotice(QueryNotice, frozen=True, tag="negation", kw_only=True):
    """A negation in capitals was searched for as a word: the archive writes it in a row."""

    word: str


class SignNotice(QueryNotice, frozen=True, tag="sign", kw_only=True):
    """A sign or field is for its word alone, which the archive writes in one with the next."""

    sign: str
    word: str
    unit: str


class EmptyNotice(QueryNotice, frozen=True, tag="empty"):
    """The query has nothing that can be searched for."""


class KeystrokesNotice(QueryNotice, frozen=True, tag="keystrokes", kw_only=True):
    """Keystrokes of an input method (telex, vni, viqr) were decoded into the query searched."""

    method: str
    read: str


class AcronymNotice(QueryNotice, frozen=True, tag="acronym", kw_only=True):
    """The acronym, or the long form of one, was searched as well."""

    short: str
    long: str


class SpellingNotice(QueryNotice, frozen=True, tag="spelling", kw_only=True):
    """Another way to write words, with or without a blank, was searched as well."""

    text: str


class DiacriticsNotice(QueryNotice, frozen=True, tag="reading", kw_only=True):
    """A form with diacritics of a bare query, and how many documents hold it."""

    text: str
    documents: Count


class RelaxedNotice(QueryNotice, frozen=True, tag="relaxed", kw_only=True):
    """No article matches fully: the hits match in part.

    Attributes:
        share: percent of the words' weight that had to match; 0 is any word.
        missing: words that the archive does not hold.
        left_out: words that the best hit does not hold.
        apart: articles that hold all the words all the same, apart or with other diacritics.
        near: whether the words of a quotation stand near one another, all of them or all but one.
    """

    share: Annotated[int, Meta(ge=0, le=100)]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    apart: Count = 0
    near: bool = False


class SuggestionNotice(QueryNotice, frozen=True, tag="suggestion", kw_only=True):
    """Did you mean: another query."""

    text: str


class RepairNotice(QueryNotice, frozen=True, tag="repair", kw_only=True):
    """The query with its spelling repaired was searched as well, at less weight."""

    text: str


class MissingPartNotice(QueryNotice, frozen=True, tag="missing"):
    """A part of the index did not answer; its articles are in no figure and no list."""


class TimeNotice(QueryNotice, frozen=True, tag="time"):
    """The time budget ran out; the page shows the hits up to then."""


Notice = (
    CutNotice
    | WordLimitNotice
    | QuoteNotice
    | BracketNotice
    | DepthNotice
    | WildcardNotice
    | DateNotice
    | FieldNotice
    | FieldValueNotice
    | EmptyFieldNotice
    | EmptyDateNotice
    | UndatedNotice
    | LookupNotice
    | ArticleNotice
    | NoArticleNotice
    | IgnoredNotice
    | SlopNotice
    | OperatorNotice
    | NegationNotice
    | SignNotice
    | EmptyNotice
    | KeystrokesNotice
    | AcronymNotice
    | SpellingNotice
    | DiacriticsNotice
    | RelaxedNotice
    | SuggestionNotice
    | RepairNotice
    | MissingPartNotice
    | TimeNotice
)
"""A notice of any kind; in JSON its `kind` tells which."""
