"""The languages of the pages: which one an answer is in, and the messages in it.

Messages stand in the code and the templates in English and are translated by the catalogues
`translations/<language>/LC_MESSAGES/messages.po`. They are read as text when the application
starts, so that no compiled catalogue can be older than its source. A language that somebody
chose is part of the address (`?lang=en`): every state of a page is an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_locale

NAMES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages of the pages by their code, each with its own name; the first is the default."""

LANGUAGES = tuple(NAMES)

SOURCE_LANGUAGE = "en"
"""The language that the messages are written in; it needs no catalogue."""

FOLDER = Path(__file__).parents[1] / "translations"

_UNTRANSLATED = ("static", "api.", "exports.", "feeds.", "opensearch.")
"""Endpoints that answer the same in every language."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in a language."""

    code: str
    name: str
    address: str
    current: bool


class _Catalogues(Domain):  # type: ignore[misc]
    """The catalogues of every language, read once."""

    def __init__(self) -> None:
        super().__init__()
        self._read = {language: catalogue(language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        """The messages in the language of this request; outside of one, in the default."""
        return self._read[language()]


class _Babel(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues."""

    def __init__(self, app: Flask, locale_selector: Callable[[], str]) -> None:
        self._catalogues = _Catalogues()
        super().__init__(app, default_locale=LANGUAGES[0], locale_selector=locale_selector)

    @property
    def domain_instance(self) -> Domain:
        """The catalogues."""
        return self._catalogues


def register(app: Flask) -> None:
    """Let the application answer in the reader's language."""
    here = _Babel(app, _wanted).domain_instance.get_translations
    # Templates take the messages from here: Flask-Babel looks for the language at each of them.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: here().gettext(text),
        ngettext=lambda one, more, number: here().ngettext(one, more, number),
        pgettext=lambda context, text: here().pgettext(context, text),
        npgettext=lambda context, one, more, number: here().npgettext(context, one, more, number),
        newstyle=True,
    )
    app.add_template_global(language)
    app.add_template_global(chosen)
    app.add_template_global(language_links)
    app.url_defaults(_keep_language)

    @app.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Language", language())
            response.vary.add("Accept-Language")
        return response


def language() -> str:
    """The language of this answer: `vi` or `en`; worked out once for each."""
    if not has_app_context():
        return LANGUAGES[0]
    code: str | None = g.get("language")
    if code is None:
        locale = get_locale()
        code = g.language = locale.language if locale else LANGUAGES[0]
    return code


def chosen() -> str | None:
    """The language that the address asks for; None when it leaves the choice to us."""
    asked: str = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def language_links() -> list[LanguageLink]:
    """This page in every language, the current one among them."""
    # Made by hand: an address may hold names that mean something to url_for. No page of ours
    # begins with two slashes, which would lead to another host.
    path = request.root_path.rstrip("/") + "/" + quote(request.path.lstrip("/"))
    others = [(name, value) for name, value in request.args.items(True) if name != "lang"]
    return [
        LanguageLink(
            code, name, f"{path}?{urlencode([*others, ('lang', code)])}", code == language()
        )
        for code, name in NAMES.items()
    ]


def catalogue(code: str) -> NullTranslations:
    """The messages of one language."""
    if code == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def _wanted() -> str:
    return chosen() or request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses made while answering carry on the language that was chosen."""
    if has_request_context() and not endpoint.startswith(_UNTRANSLATED) and chosen():
        values.setdefault("lang", chosen())
