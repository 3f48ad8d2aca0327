"""The languages of what the archive holds, which are not always that of the page around it.

A text has the language of its article; names and queries have none, and show theirs at most.
"""

from __future__ import annotations

import re

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from indexer.vietnamese.syllables import are_vietnamese
from web.languages.languages import language

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}", re.ASCII)
_TWO_LETTERS = {"eng": "en", "vie": "vi"}
"""Labels of three letters that documents have, and the tags that browsers know."""

_WORD = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"\b\w+:")


def register(app: Flask) -> None:
    """Let the application's templates use the functions."""
    for function in (language_tag, words_language):
        app.add_template_filter(function)
    app.add_template_filter(with_language)
    app.add_template_filter(_lang_attribute_of_page, "lang_attribute")


def language_tag(label: str) -> str:
    """Return the tag (BCP 47) that an article's label is; empty where it is none."""
    tag = label.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return ""
    first, hyphen, rest = tag.partition("-")
    return _TWO_LETTERS.get(first.lower(), first.lower()) + hyphen + rest


def lang_attribute(label: str) -> Markup:
    """Return the attribute `lang` of an article's text; nothing where the page's says the same.

    An empty one tells browsers that the language is unknown.
    """
    tag = language_tag(label)
    return Markup("") if tag == language() else Markup(' lang="{}"').format(tag)


@pass_context
def _lang_attribute_of_page(_: Context, label: str) -> Markup:
    """Return the attribute, for each page anew.

    Without the context Jinja would ask for that of a constant once, when it compiles a template.
    """
    return lang_attribute(label)


def shown_language(text: str) -> str:
    """Return `vi` for a name or a query that shows to be Vietnamese, else nothing."""
    return "vi" if are_vietnamese(_WORD.findall(_FIELD.sub("", text))) else ""


def with_language(text: str) -> Markup:
    """Return a name or a query in markup that tells its language where that is not the page's."""
    if language() == "vi" or not (shown := shown_language(text)):
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(shown, text)


def words_language(text: str) -> str:
    """Return the language of a name or a query: that which it shows, else the page's."""
    return shown_language(text) or language()
