"""Links between news and legal documents, in both directions."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from indexer.intake.legal.legal_pass import with_legal_record
from tests.factories import ArchiveFactory, article, client_of
from tests.indexer.intake.legal.decrees import DECREE, document

DECREE_ARTICLE = with_legal_record(document(*DECREE))
NEWS = with_legal_record(
    article("Thử máy", "Theo Nghị định 99/2031/NĐ – CP và 5/2000/NĐ-CP, máy được thử.")
)


def site(archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(archive_of(DECREE_ARTICLE, NEWS))


def test_news_leads_to_the_decree_and_the_decree_to_the_news(archive_of: ArchiveFactory) -> None:
    client = site(archive_of)
    news = client.get(f"/article/{NEWS.identifier}").text
    assert f'<a href="/article/{DECREE_ARTICLE.identifier}">{DECREE_ARTICLE.title}</a>' in news
    assert "<li>5/2000/NĐ-CP</li>" in news
    decree = client.get(f"/article/{DECREE_ARTICLE.identifier}").text
    assert f'<a href="/article/{NEWS.identifier}">Thử máy</a>' in decree
    assert "<dd>99/2031/NĐ-CP</dd>" in decree
    assert "<li>12/2030/NĐ-CP</li>" in decree
    assert '<time datetime="2031-05-02">02/05/2031</time>' in decree


def test_articles_clauses_and_points_have_anchors(archive_of: ArchiveFactory) -> None:
    page = site(archive_of).get(f"/article/{DECREE_ARTICLE.identifier}").text
    for anchor in ("chuong-i", "dieu-2a", "dieu-1-khoan-2", "dieu-1-khoan-2-diem-dd"):
        assert page.count(f'id="{anchor}"') == 1


def test_the_contents_set_articles_below_their_chapters(archive_of: ArchiveFactory) -> None:
    page = site(archive_of).get(f"/article/{DECREE_ARTICLE.identifier}").text
    contents = page[page.index('<details class="contents">') :].partition("</details>")[0]
    within = re.findall(r'<li( class="within")?><a href="#s\d+">(Chương|Điều)', contents)
    assert {name for is_within, name in within if is_within} == {"Điều"}
    assert {name for is_within, name in within if not is_within} == {"Chương"}


def test_an_article_without_citations_has_no_such_part(archive_of: ArchiveFactory) -> None:
    plain = article("Cầu mới", "Không dẫn văn bản nào.")
    assert 'id="legal"' not in client_of(archive_of(plain)).get(f"/article/{plain.identifier}").text
