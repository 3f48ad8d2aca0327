"""The languages of the pages: the choice for each answer, and the translated messages.

Messages are English in the code and the templates and are translated by the catalogues
`translations/<language>/LC_MESSAGES/messages.po`. They are read as text when the application
starts, so that no compiled catalogue can be older than its source. A language that the reader
chose is part of the address (`?lang=en`): every state of a page is an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from web.services import current_site
from web.site.page_languages import LANGUAGES, NAMES

SOURCE_LANGUAGE = "en"
"""The language of the messages in the code; it needs no catalogue."""

FOLDER = Path(__file__).parents[1] / "translations"

_ENDPOINTS_WITHOUT_LANGUAGE = (
    "static",
    "api.",
    "exports.",
    "feeds.",
    "opensearch.",
    "assets.",
    "crawlers.",
    "oai.",
)
"""Endpoints that answer the same in every language."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A link to the same page in one language."""

    code: str
    name: str
    address: str
    current: bool


class _Catalogues(Domain):  # type: ignore[misc]
    """The message catalogues of all languages, read once."""

    def __init__(self) -> None:
        super().__init__()
        self._by_language = {language: catalogue(language) for language in LANGUAGES}

    def get_translations(self) -> NullTranslations:
        """Return the messages in the language of this request; outside of one, in the default."""
        return self._by_language[language()]


class _Babel(Babel):  # type: ignore[misc]
    """Flask-Babel with the catalogues that are read as text."""

    def __init__(self, app: Flask, locale_selector: Callable[[], str]) -> None:
        self._catalogues = _Catalogues()
        super().__init__(app, default_locale=LANGUAGES[0], locale_selector=locale_selector)

    @property
    def domain_instance(self) -> Domain:
        """Return the catalogues."""
        return self._catalogues


def register(app: Flask) -> None:
    """Let the application answer in the language of the reader."""
    messages = _Babel(app, _negotiated_language).domain_instance.get_translations
    # Templates use these directly: Flask-Babel would negotiate the language for each message.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: messages().gettext(text),
        ngettext=lambda text, plural, number: messages().ngettext(text, plural, number),
        pgettext=lambda context, text: messages().pgettext(context, text),
        newstyle=True,
    )
    app.add_template_global(_translator(messages), "_")
    app.add_template_global(language)
    app.add_template_global(chosen_language)
    app.add_template_global(language_links)
    app.url_defaults(_carry_language)

    @app.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Language", language())
            response.vary.add("Accept-Language")
        return response


def _translator(messages: Callable[[], NullTranslations]) -> Callable[..., str]:
    """Return `_` of the templates: gettext of new style, without the two calls of Jinja's own."""

    @pass_eval_context
    def translate(context: EvalContext, text: str, /, **variables: object) -> str:
        translated = messages().gettext(text)
        return (Markup(translated) if context.autoescape else translated) % variables

    return translate


def language() -> str:
    """Return the language of this answer, `vi` or `en`; it is negotiated once for each."""
    try:
        # Asked for each message of a page: the proxy's own way to an attribute takes twice as long.
        code: str = g._get_current_object().language
    except AttributeError:
        locale = get_locale()
        code = g.language = locale.language if locale else LANGUAGES[0]
    except RuntimeError:
        # There is no request, and so no reader whose language is known.
        return current_site().language
    return code


def chosen_language() -> str | None:
    """Return the language in the address (`lang`), or None."""
    code: str = request.args.get("lang", "")
    return code if code and code in current_site().languages else None


def language_links() -> list[LanguageLink]:
    """Return links to this page in every language of the site, the current one included."""
    # Without url_for, to which some parameters of an address would mean something. No path of
    # ours begins with two slashes, which would lead to another host.
    path = request.root_path.rstrip("/") + "/" + quote(request.path.lstrip("/"))
    params = [(name, value) for name, value in request.args.items(True) if name != "lang"]
    return [
        LanguageLink(
            code, name, f"{path}?{urlencode([*params, ('lang', code)])}", code == language()
        )
        for code, name in NAMES.items()
        if code in current_site().languages
    ]


@cache
def catalogue(code: str) -> NullTranslations:
    """Read the message catalogue of one language."""
    if code == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def _negotiated_language() -> str:
    site = current_site()
    if not has_request_context():
        # A command writes, of which no reader's language is known.
        return site.language
    return chosen_language() or request.accept_languages.best_match(site.languages, site.language)


def _carry_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let addresses in the answer carry on the chosen language."""
    if not has_request_context() or endpoint.startswith(_ENDPOINTS_WITHOUT_LANGUAGE):
        return
    if chosen := chosen_language():
        values.setdefault("lang", chosen)
