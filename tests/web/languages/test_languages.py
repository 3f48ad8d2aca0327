"""The pages in Vietnamese and English: the choice, the addresses that keep it, the catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Response, url_for
from flask.testing import FlaskClient
from jinja2 import Environment

import web
from indexer.search.present.sentences import with_message
from indexer.search.query_notices import (
    AcronymNotice,
    ArticleNotice,
    BracketNotice,
    CutNotice,
    DateNotice,
    DepthNotice,
    DiacriticsNotice,
    EmptyDateNotice,
    EmptyFieldNotice,
    EmptyNotice,
    FieldNotice,
    FieldValueNotice,
    IgnoredNotice,
    KeystrokesNotice,
    LookupNotice,
    MissingPartNotice,
    NegationNotice,
    NoArticleNotice,
    Notice,
    OperatorNotice,
    QuoteNotice,
    RelaxedNotice,
    RepairNotice,
    SignNotice,
    SlopNotice,
    SuggestionNotice,
    TimeNotice,
    UndatedNotice,
    WildcardNotice,
    WordLimitNotice,
)
from tests.factories import ArchiveFactory, article, client_of
from web.languages.languages import FOLDER, language, language_links
from web.pages.notices import notice_markup

WEB = Path(web.__file__).parent
NAMES = {"tàng", "thư", "SHA", "CSV", "RIS", "GMT"}
METHODS = [("web/translations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NOTICES = (
    CutNotice(limit=9),
    WordLimitNotice(limit=9),
    QuoteNotice(),
    BracketNotice(),
    DepthNotice(limit=9),
    WildcardNotice(),
    DateNotice(value="x%s{y}"),
    FieldNotice(value="site:{y}", known="title, date"),
    FieldValueNotice(value="titel", known="title, date"),
    EmptyFieldNotice(field="person", value="{y}"),
    EmptyDateNotice(value="{y}"),
    UndatedNotice(),
    LookupNotice(value="id:1"),
    ArticleNotice(value="{y}"),
    NoArticleNotice(value="100%"),
    IgnoredNotice(value="^2"),
    SlopNotice(limit=50),
    OperatorNotice(word="or", operator="OR"),
    NegationNotice(word="KHÔNG"),
    SignNotice(sign="-", word="trọng", unit="trọng tài"),
    EmptyNotice(),
    KeystrokesNotice(method="Telex", read="100%"),
    AcronymNotice(short="CA", long="công an"),
    DiacriticsNotice(text="công", documents=3),
    RelaxedNotice(share=75, missing=(), left_out=()),
    SuggestionNotice(text="công"),
    RepairNotice(text="công"),
    MissingPartNotice(),
    TimeNotice(),
)


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(shared_archive_of(*(article(f"Công an số {number}") for number in range(24))))


@pytest.mark.parametrize(
    ("address", "accepted", "expected"),
    [
        ("/", None, "vi"),
        ("/", "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/", "fr,en;q=0.5", "en"),
        ("/", "fr", "vi"),
        ("/", "*", "vi"),
        ("/", "en;q=nonsense,,;;", "vi"),
        ("/?lang=en", "vi", "en"),
        ("/?lang=vi", "en", "vi"),
        ("/?lang=de", "en", "en"),
        ("/nothing?lang=en", None, "en"),
        ("/article/none", "en", "en"),
    ],
)
def test_the_language_is_chosen_or_accepted(
    client: FlaskClient, address: str, accepted: str | None, expected: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accepted} if accepted else {})
    assert f'<html lang="{expected}">' in answer.text
    assert answer.headers["Content-Language"] == expected
    assert "Accept-Language" in answer.headers["Vary"]
    button = {"vi": "Tìm</span></button>", "en": "Search</span></button>"}[expected]
    assert button in answer.text


def test_every_link_and_the_form_keep_the_choice(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an&lang=en").text
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', page)
    assert len(links) > 12
    chosen = [link for link in links if "lang=en" in link]
    assert [link for link in links if link not in chosen] == ["/?q=cong+an&amp;lang=vi"]
    assert '<input type="hidden" name="lang" value="en">' in page
    page = client.get("/?q=cong+an").text.partition("<footer")[0].partition("<body")[2]
    assert "lang=" not in " ".join(re.findall('(?:href|action)="[^"]*"', page))
    assert 'name="lang"' not in page


def test_the_head_names_the_page_in_every_language(client: FlaskClient) -> None:
    page = client.get("/?q=cong+an").text
    addresses = re.findall(r'<link rel="alternate" hreflang="(..)" href="([^"]*)"', page)
    assert addresses == [
        (code, f"http://localhost/?q=cong+an&amp;lang={code}") for code in ("vi", "en")
    ]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/?q=a&_external=1&_scheme=ftp&endpoint=x", "/?q=a&amp;_external=1"),
        ("/?q=a&q=b&lang=vi", "/?q=a&amp;q=b&amp;lang=en"),
        ('/?q="><script>', "/?q=%22%3E%3Cscript%3E&amp;lang=en"),
        ("/%22%3E?x", "/%22%3E?x=&amp;lang=en"),
    ],
)
def test_the_link_to_the_other_language_stays_on_the_page(
    client: FlaskClient, address: str, link: str
) -> None:
    assert f'href="{link}' in client.get(address).text


def test_no_link_leads_to_another_host(client: FlaskClient) -> None:
    page = client.get("/", environ_overrides={"PATH_INFO": "//evil.example/x"})
    assert page.status_code == 404
    assert 'href="/evil.example/x?lang=en"' in page.text


def test_every_message_is_translated() -> None:
    with (FOLDER / "vi" / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        catalogue = read_po(lines, locale="vi")
    used = {
        (message_id if isinstance(message_id, str) else message_id[0], context)
        for _, _, message_id, _, context in extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    }
    messages = {(singular(entry), entry.context): entry for entry in catalogue if entry.id}
    assert used == set(messages)
    assert list(catalogue.obsolete) == []
    for entry in messages.values():
        texts = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        assert all(texts), entry.id
        assert not entry.fuzzy
        for text in texts:
            assert placeholders(text) == placeholders(singular(entry)), entry.id


def singular(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize("path", sorted((WEB / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_templates_hold_no_text_of_their_own(path: Path) -> None:
    tokens = Environment().lex(path.read_text(encoding="utf-8"))
    plain = "".join(value if kind == "data" else "\x00" for _, kind, value in tokens)
    plain = re.sub(r"(?s)<(code|title)[^>]*>.*?</\1>", "", plain)
    named = re.findall(r'(?:aria-label|title|alt)="([^"\x00]+)"', plain)
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"(?s)<[^>]*>", " ", plain))
    words = [word for word in words if word not in NAMES]
    assert (words, named) == ([], [])


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_is_said_in_both_languages(client: FlaskClient, notice: Notice) -> None:
    with client.application.test_request_context("/?lang=vi"):
        vietnamese = notice_markup(notice, lambda text: f"/?q={text}")
    with client.application.test_request_context("/?lang=en"):
        english = notice_markup(notice, lambda text: f"/?q={text}")
    assert re.sub("<[^>]*>", "", vietnamese) == with_message(notice).message
    assert tags_of(vietnamese) == tags_of(english)
    assert english != vietnamese


def tags_of(markup: str) -> set[str]:
    """The tags; words that show no language (`100%`) have that of the page."""
    return {re.sub(r' lang="(?:vi|en)"', "", tag) for tag in re.findall("<[^>]*>", markup)}


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/vcard", "text/css"])
def test_only_a_page_names_its_language(client: FlaskClient, kind: str) -> None:
    with client.application.test_request_context("/", headers={"Accept-Language": "en"}):
        answer = client.application.process_response(Response("odd", mimetype=kind))
    assert "Content-Language" not in answer.headers
    assert "Accept-Language" not in answer.vary


def test_a_page_may_name_another_language_than_that_of_its_reader(client: FlaskClient) -> None:
    odd = Response("odd", headers={"Content-Language": "fr"}, mimetype="text/html")
    with client.application.test_request_context("/"):
        assert client.application.process_response(odd).headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("endpoint", "values", "is_carried"),
    [
        ("search.form", {}, True),
        ("articles.article", {"identifier": "1"}, True),
        ("static", {"filename": "style.css"}, False),
        ("feeds.feed", {}, False),
        ("exports.export", {"kind": "csv"}, False),
        ("opensearch.description", {}, False),
    ],
)
def test_addresses_carry_the_choice_where_it_changes_the_answer(
    client: FlaskClient, endpoint: str, values: dict[str, str], is_carried: bool
) -> None:
    with client.application.test_request_context("/?lang=en"):
        assert ("lang=en" in url_for(endpoint, **values)) is is_carried
        assert "lang=vi" in url_for("search.form", lang="vi")
    for query in ("", "?lang=", "?lang=fr"):
        with client.application.test_request_context(f"/{query}"):
            assert "lang=" not in url_for(endpoint, **values)


@pytest.mark.parametrize("code", ["vi", "en"])
def test_one_of_the_links_is_that_of_the_page(client: FlaskClient, code: str) -> None:
    with client.application.test_request_context(f"/a b?lang={code}&q=x&q=y"):
        links = {link.code: link for link in language_links()}
    assert {name: link.current for name, link in links.items()} == {
        "vi": code == "vi",
        "en": code == "en",
    }
    assert links["vi"].address == "/a%20b?q=x&q=y&lang=vi"
    assert links["en"].name == "English"


def test_who_reads_what_a_command_writes_is_not_known(client: FlaskClient) -> None:
    with client.application.app_context():
        assert language() == "vi"
