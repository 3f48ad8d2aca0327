"""The languages of titles, texts, names and queries on pages in either language, and in feeds."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from lxml import etree

from archive.records import Section, Speaker
from tests.factories import ArchiveFactory, article, client_of, day, identifier_of
from web.languages.content_languages import language_tag

TITLES = {
    "Lũ trên sông Hương": "vi",
    "Flood on the Perfume River": "en",
    "Crue de la rivière des Parfums": "fr-FR",
    "Agua nueva": "",
    "Vedi Napoli": "",
}
"""The titles of the articles, and the tags of their languages."""

LABELS = {"fr-FR": "fr_FR", "en": "eng"}
"""Labels as documents have them, where they are no tags; a label of the last title is none."""

SPEAKER = Speaker("Trần Thị B", role="Giám đốc")
STATEMENT = "River sông 2022"


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    articles = [
        article(
            title,
            published=day(2022, 3, 5),
            language="bằng tiếng Ý" if title == "Vedi Napoli" else LABELS.get(tag, tag),
            sections=(Section((STATEMENT,), heading="Trần Thị B:", speaker=SPEAKER),),
            authors=("Mary Smith",),
            publisher="Báo Hương Giang",
        )
        for title, tag in TITLES.items()
    ]
    archive = shared_archive_of(*articles)
    folder = archive.store.home / "collections"
    folder.mkdir()
    listed = [identifier_of(each) for each in articles[:2]]
    (folder / "song.toml").write_text(
        f'title = "Sông"\narticles = {listed}\nquery = "q=2022"\n', encoding="utf-8"
    )
    return client_of(archive)


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "lxml")


def language_of(element: Tag) -> str:
    """The language that a browser takes an element's text to be in."""
    holder = element if element.has_attr("lang") else element.find_parent(lang=True)
    assert isinstance(holder, Tag)
    return str(holder["lang"])


def languages_of(page: BeautifulSoup, text: str) -> set[str]:
    """The languages of the elements of the body that have just this text."""
    assert page.body is not None
    found = [each for each in page.body.find_all(True) if each.get_text("", strip=True) == text]
    return {language_of(each) for each in found if not each.find(True)}


PAGES = {
    "first": "/?",
    "results": "/?q=2022&size=50",
    "day": "/calendar/2022-03-05?",
    "person": "/person/Trần Thị B?",
    "collection": "/collections/song?",
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_title_has_the_language_of_its_article(
    client: FlaskClient, name: str, language: str
) -> None:
    page = soup(client, f"{PAGES[name]}&lang={language}")
    assert page.html is not None
    assert page.html["lang"] == language
    for title, tag in TITLES.items():
        assert languages_of(page, title) == {tag}, title


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_the_page_says_of_a_hit_has_the_language_of_the_page(
    client: FlaskClient, language: str
) -> None:
    page = soup(client, f"/?q=hương+2022&match=any&lang={language}")
    for selector in (".hits time", ".hits .why"):
        found = page.select(selector)
        assert found
        assert {language_of(each) for each in found} == {language}
    snippets = {language_of(each) for each in page.select(".hits .snippet")}
    assert snippets == set(TITLES.values())


def test_a_name_has_the_language_that_it_shows(client: FlaskClient) -> None:
    page = soup(client, "/person/Trần Thị B?lang=en")
    (heading,) = page.select("h1")
    assert heading["lang"] == "vi"
    first = soup(client, "/?lang=en")
    assert languages_of(first, "Trần Thị B") == {"vi"}
    assert languages_of(soup(client, "/?q=2022&lang=en"), "Mary Smith") <= {"en"}
    assert languages_of(soup(client, "/values/author?lang=en"), "Mary Smith") == {"en"}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/?q=2022&author=Trần+Văn+Sông", "Trần Văn Sông"),
        ("/?q=dòng+sông+xanh", "dòng sông xanh"),
        ("/?q=sông", "Báo Hương Giang"),
        ("/?", "Báo Hương Giang"),
        ("/calendar/2022-03-05?", "Báo Hương Giang"),
        ("/collections?", "Sông"),
        ("/collections/song?", "Báo Hương Giang"),
        ("/list?title=Của+tôi", "Của tôi"),
    ],
)
def test_names_between_words_of_the_page_have_their_language(
    client: FlaskClient, address: str, name: str
) -> None:
    english = languages_of(soup(client, f"{address}&lang=en".replace("?&", "?")), name)
    assert english == {"vi"}
    vietnamese = soup(client, f"{address}&lang=vi".replace("?&", "?"))
    assert not vietnamese.select("html[lang=vi] .about [lang]"), "it is the page's own"


def test_words_of_a_query_are_not_called_vietnamese_on_an_english_page(
    client: FlaskClient,
) -> None:
    address = "/trends?q=perfume&q=sông&lang=en"
    assert languages_of(soup(client, address), "perfume") == {"en"}
    assert languages_of(soup(client, address), "sông") == {"vi"}


def test_the_interface_names_the_language_of_each_hit(client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?q=2022&n=50").get_json()["hits"]
    labels = {tag: LABELS.get(tag, tag) for tag in TITLES.values()}
    for hit in hits:
        expected = labels[TITLES[hit["title"]]] if hit["title"] != "Vedi Napoli" else "bằng tiếng Ý"
        assert hit["language"] == expected
    assert len(hits) == len(TITLES)


def test_each_entry_of_a_feed_has_its_language(client: FlaskClient) -> None:
    feed = etree.fromstring(client.get("/feed.atom?q=2022").data)
    key, atom = "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/2005/Atom}"
    assert feed.get(key) == "vi"
    languages = {
        entry.findtext(f"{atom}title"): entry.get(key) for entry in feed.iter(f"{atom}entry")
    }
    # Atom has no empty tag: `und` is BCP 47's for a language that nobody told.
    assert languages == {title: tag or "und" for title, tag in TITLES.items()}


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        ("vi", "vi"),
        ("VI", "vi"),
        ("vie", "vi"),
        ("en_US", "en-US"),
        (" zh-Hant-TW ", "zh-Hant-TW"),
        ("", ""),
        ("Vietnamese", ""),
        ("tiếng Việt", ""),
        ('en" onclick="', ""),
        ("en-", ""),
        ("e", ""),
        ("vi\n", "vi"),
    ],
)
def test_a_label_is_a_tag_or_unknown(label: str, tag: str) -> None:
    assert language_tag(label) == tag
