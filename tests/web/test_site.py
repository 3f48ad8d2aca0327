"""An archive under its owner's name: what readers and browsers see of the settings."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from archive.records import Article
from indexer.open_archive import OpenArchive
from tests.factories import ArchiveFactory, article, client_of, day

SETTINGS = """
[site]
name = { vi = "Kho báo Sông Hương", en = "Perfume River Archive" }
tagline = { vi = "Báo cũ của Huế", en = "Old papers of Huế" }
logo = "dau.png"
accent = "#00897b"
mail = "kho@example.vn"
address = "https://kho.example.vn"

[categories]
education = { vi = "Giáo dục", en = "Education" }

[publishers]
"song.vn" = "Báo Sông"
"""
ABOUT = "# Về kho\n\n<script>alert(1)</script> [xấu](javascript:alert(1)) [tốt](https://a.vn)\n"


def articles() -> list[Article]:
    return [
        article(
            f"Học phí đại học năm {year}",
            "Học phí đại học lại tăng; trường đại học họp về học phí.",
            publisher="song.vn",
            category="education",
            published=day(year, 5, 1),
        )
        for year in (2020, 2021, 2022)
    ]


@pytest.fixture
def owned(archive_of: ArchiveFactory) -> OpenArchive:
    archive = archive_of(*articles())
    home = archive.store.home
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "dau.png").write_bytes(b"\x89PNG")
    (home / "pages").mkdir()
    (home / "pages" / "about.md").write_text(ABOUT, encoding="utf-8")
    (home / "pages" / "about.en.md").write_text("# About the archive\n", encoding="utf-8")
    return archive


@pytest.mark.parametrize(
    ("language", "name", "tagline", "category"),
    [
        ("vi", "Kho báo Sông Hương", "Báo cũ của Huế", "Giáo dục"),
        ("en", "Perfume River Archive", "Old papers of Huế", "Education"),
    ],
)
def test_name_tagline_and_values_are_the_owners(
    owned: OpenArchive, language: str, name: str, tagline: str, category: str
) -> None:
    client = client_of(owned)
    page = client.get(f"/?lang={language}").text
    assert f"<title>{name} – {tagline}</title>" in page
    assert f">{name}</a>" in page
    assert f">{category}</a>" in page
    assert ">Báo Sông</a>" in page
    assert "mailto:kho@example.vn" in page
    results = client.get(f"/?q=hoc+phi&category=education&lang={language}").text
    assert f" – {name}</title>" in results
    assert category in results
    for path in ("/", "/?q=hoc+phi", "/nothing", "/values/category", "/about"):
        assert "tàng thư" not in client.get(f"{path}&lang={language}").text


def test_pages_of_the_owner_are_markdown_without_html(owned: OpenArchive) -> None:
    client = client_of(owned)
    page = client.get("/about?lang=vi").text
    assert "<title>Về kho – Kho báo Sông Hương</title>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert '<a href="https://a.vn">tốt</a>' in page
    assert "<h1>About the archive</h1>" in client.get("/about?lang=en").text
    assert 'href="/about?lang=vi">Giới thiệu</a>' in page
    for name in ("contact", "rights", "privacy"):
        assert client.get(f"/{name}").status_code == 404
        assert f'href="/{name}' not in page


def test_browsers_get_logo_icon_colours_manifest_and_contact(owned: OpenArchive) -> None:
    client = client_of(owned)
    page = client.get("/").text
    for path in ("/logo", "/accent.css", "/manifest.webmanifest"):
        assert f'"{path}"' in page
        assert client.get(path).status_code == 200
    assert client.get("/logo").data == b"\x89PNG"
    assert client.get("/logo").mimetype == "image/png"
    for path in ("/icon.svg", "/favicon.ico"):
        icon = client.get(path)
        assert icon.mimetype == "image/svg+xml"
        assert ElementTree.fromstring(icon.data)[1].text == "K"
    manifest = json.loads(client.get("/manifest.webmanifest?lang=en").data)
    assert manifest["name"] == "Perfume River Archive"
    assert manifest["icons"][0]["src"] == "/icon.svg"
    contact = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:kho@example.vn\n" in contact
    assert "Canonical: https://kho.example.vn/.well-known/security.txt\n" in contact


def test_an_archive_without_settings_has_a_name_an_icon_and_nothing_else(
    archive_of: ArchiveFactory,
) -> None:
    client = client_of(archive_of(*articles()))
    page = client.get("/").text
    assert "tàng thư</a>" in page
    assert client.get("/icon.svg").status_code == 200
    for path in ("/logo", "/accent.css", "/about", "/.well-known/security.txt"):
        assert client.get(path).status_code == 404
        assert path not in page


@pytest.mark.parametrize("prefix", ["", "/kho"])
def test_what_others_keep_leads_to_the_public_address(
    archive_of: ArchiveFactory, prefix: str
) -> None:
    archive = archive_of(*articles())
    public = f"https://kho.example.vn{prefix}/"
    settings = SETTINGS.replace("https://kho.example.vn", public)
    (archive.store.home / "settings.toml").write_text(settings, encoding="utf-8")
    (archive.store.home / "dau.png").write_bytes(b"\x89PNG")
    client = client_of(archive)
    # A proxy may take the prefix off, or leave it on as the root of the application.
    for root in ("", prefix):
        environ = {"SCRIPT_NAME": root, "REMOTE_ADDR": "127.0.0.1"}
        paths = ["/", "/?q=học+phí", "/feed.atom", "/feed.atom?q=h%E1%BB%8Dc"]
        paths += ["/oai?verb=Identify", "/opensearch.xml"]
        paths.append(f"/article/{articles()[0].identifier}")
        for path in paths:
            answer = client.get(path, environ_overrides=environ)
            told = answer.text + answer.headers.get("Link", "")
            assert "//localhost" not in told, (root, path)
            assert "https://kho.example.vn" in told
            assert all(part.startswith(prefix) for part in told.split("https://kho.example.vn")[1:])
            assert "/kho/kho/" not in told


def test_one_language_has_no_choice_of_languages(archive_of: ArchiveFactory) -> None:
    archive = archive_of(*articles())
    settings = archive.store.home / "settings.toml"
    settings.write_text('[site]\nlanguages = ["en"]\n', encoding="utf-8")
    client = client_of(archive)
    for path in ("/", "/?lang=vi"):
        page = client.get(path, headers={"Accept-Language": "vi"}).text
        assert '<html lang="en">' in page
        assert "hreflang" not in page


def test_changed_settings_make_new_pages(archive_of: ArchiveFactory) -> None:
    archive = archive_of(*articles())
    tag = client_of(archive).get("/").headers["ETag"]
    (archive.store.home / "settings.toml").write_text('[site]\nname = "Kho"\n', encoding="utf-8")
    answer = client_of(archive).get("/", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "<title>Kho</title>" in answer.text


def test_the_gate_refuses_wrong_settings(archive: OpenArchive, tmp_path: Path) -> None:
    (archive.store.home / "settings.toml").write_text("[site]\naccent = 'x'\n", encoding="utf-8")
    with pytest.raises(Exception, match="site.accent"):
        client_of(archive)


def test_an_owners_name_for_a_host_counts_where_no_publisher_is_named(
    archive_of: ArchiveFactory,
) -> None:
    named, other = (
        article(
            f"Tin {host}", "Học phí tăng.", url=f"https://www.{host}/tin", published=day(2022, 1, 1)
        )
        for host in ("song.vn", "khac.vn")
    )
    stated = article("Tin riêng", "Học phí tăng.", url="https://song.vn/rieng", publisher="Đài")
    archive = archive_of(named, other, stated)
    (archive.store.home / "settings.toml").write_text(
        '[site]\naddress = "https://kho.example.vn"\n'
        '[publishers]\n"song.vn" = { vi = "Báo Sông", en = "River News" }\n',
        encoding="utf-8",
    )
    client = client_of(archive)
    for path in (f"/article/{named.identifier}", "/?q=tin+song.vn", "/", "/calendar/2022-01-01"):
        assert "Báo Sông" in client.get(path).text, path
        assert "River News" in client.get(f"{path}{'&' if '?' in path else '?'}lang=en").text, path
    page = client.get(f"/article/{named.identifier}").text
    assert '<meta name="DC.publisher" content="Báo Sông">' in page
    assert '"name": "Báo Sông"' in page or '"name":"Báo Sông"' in page or "S\\u00f4ng" in page
    assert "khac.vn · " in client.get(f"/article/{other.identifier}").text
    assert "Đài" in client.get(f"/article/{stated.identifier}").text
    cited = {"bib": "{[Báo Sông]}", "ris": "[Báo Sông]", "json": "[Báo Sông]"}
    for extension, text in cited.items():
        assert text in client.get(f"/article/{named.identifier}/cite.{extension}").text
    assert "{[Báo Sông]}" in client.get("/export.bib?q=tin").text
    assert "<name>Báo Sông</name>" in client.get("/feed.atom?q=tin").text
    harvested = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    assert "<dc:publisher>Báo Sông</dc:publisher>" in harvested


def test_an_article_leads_to_the_rights_where_the_owner_states_them(owned: OpenArchive) -> None:
    address = f"/article/{articles()[0].identifier}"
    assert 'rel="license"' not in client_of(owned).get(address).text
    (owned.store.home / "pages" / "rights.md").write_text("# Quyền\n", encoding="utf-8")
    client = client_of(owned)
    for code, words in (("vi", "Ai được dùng bài này"), ("en", "Who may use this article")):
        page = client.get(f"{address}?lang={code}").text
        assert 'rel="license" href="/rights' in page
        assert words in page
