"""The owner's pages are rendered once, and what would take long is named instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.settings.settings_file import SettingsError
from tests.factories import ArchiveFactory, article, client_of
from web.owner.owner_pages import LARGEST_PAGE, MOST_BRACKETS, MOST_LINES, read_owner_pages
from web.site.site_settings import SiteSettings


def write(home: Path, text: str) -> None:
    (home / "pages").mkdir(exist_ok=True)
    (home / "pages" / "about.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "[" * (MOST_BRACKETS + 1),
        "![" * (MOST_BRACKETS + 1),
        "[a](" * (MOST_BRACKETS + 1),
        "[\n\n" * (MOST_BRACKETS + 1),
        "a" * (LARGEST_PAGE + 1),
        "a|b\n-|-\n" + "|\n" * MOST_LINES,
        "- a\n" * (MOST_LINES + 1),
        # Every row has as many cells as the head.
        "a|" * 1000 + "\n" + "-|" * 1000 + "\n" + "a\n" * 100,
        "> " * 5 + "a|b|c|d\n" + "> " * 5 + "-|-|-|-\n" + (">" * 5 + "|\n") * 5000,
    ],
)
def test_a_page_that_would_take_long_is_named(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingsError, match="about.md"):
        read_owner_pages(tmp_path, SiteSettings())


def test_a_page_with_many_links_is_rendered(tmp_path: Path) -> None:
    write(tmp_path, "# Về kho\n\n" + "[a](https://a.vn) " * (MOST_BRACKETS - 2) + "\n\n[b][c]")
    page = read_owner_pages(tmp_path, SiteSettings())["about", "vi"]
    assert page.title == "Về kho"
    assert page.body.count('<a href="https://a.vn">') == MOST_BRACKETS - 2


def test_a_page_with_a_long_table_is_rendered(tmp_path: Path) -> None:
    write(tmp_path, "a|b|c\n-|-|-\n" + "1|2|3\n" * 2000)
    page = read_owner_pages(tmp_path, SiteSettings())["about", "vi"]
    assert page.body.count("<tr>") == 2001


def test_links_by_name_are_resolved(tmp_path: Path) -> None:
    write(tmp_path, "[kho][1]\n\n[1]: https://a.vn\n")
    page = read_owner_pages(tmp_path, SiteSettings())["about", "vi"]
    assert page.body == '<p><a href="https://a.vn">kho</a></p>\n'
    assert page.title == ""


@pytest.mark.parametrize(("language", "label"), [("vi", "Bản quyền"), ("en", "Rights")])
def test_a_page_without_a_heading_has_one_in_the_language_of_the_page(
    archive_of: ArchiveFactory, language: str, label: str
) -> None:
    archive = archive_of(article("Bò sữa"))
    (archive.store.home / "pages").mkdir()
    (archive.store.home / "pages" / "rights.md").write_text("CC BY 4.0", encoding="utf-8")
    page = client_of(archive).get(f"/rights?lang={language}").text
    assert f"<title>{label} – " in page
    assert f"<h1>{label}</h1>" in page
