"""The page of trends: what an address draws, the table beside it, and the files."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from flask.testing import FlaskClient

from tests.conftest import ArchiveFactory
from tests.factories import article, client_of, day


@pytest.fixture(scope="module")
def client(shared_archive_of: ArchiveFactory) -> FlaskClient:
    return client_of(
        shared_archive_of(
            article("Một", "công an bắt cướp", published=day(2022, 1, 5)),
            article("Hai", "công an và ma túy", published=day(2022, 1, 9)),
            article("Ba", "hoa xuân", published=day(2022, 1, 20)),
            article("Bốn", "công an phường", published=day(2022, 3, 1)),
            article("Năm", "công an không ngày"),
        )
    )


def rows(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == "attachment; filename=trends.csv"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


def test_counts_and_shares_of_every_month(client: FlaskClient) -> None:
    assert rows(client, "/trends.csv?q=công+an&q=ma+túy") == [
        ["2022-01", "công an", "2", "3", "0.666667"],
        ["2022-02", "công an", "0", "0", ""],
        ["2022-03", "công an", "1", "1", "1.000000"],
        ["2022-01", "ma túy", "1", "3", "0.333333"],
        ["2022-02", "ma túy", "0", "0", ""],
        ["2022-03", "ma túy", "0", "1", "0.000000"],
    ]


def test_numbers_lead_to_the_articles_they_count(client: FlaskClient) -> None:
    page = client.get("/trends?q=công+an&lang=vi").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'<td><a href="([^"]+)"', page)]
    counts = [int(number) for number in re.findall(r'<td><a href="[^"]+">(\d+)</a>', page)]
    assert counts == [1, 2]  # the latest month first
    for link, count in zip(links, counts, strict=True):
        assert f"<strong>{count} bài</strong>" in client.get(link).text


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/trends", []),
        ("/trends?q=&q=+&by=decade&measure=x", []),
        ("/trends?q=công+an&q=công+an", ["công an"]),
        (
            "/trends?" + "&".join(f"q=từ{number}" for number in range(60)),
            [f"từ{n}" for n in range(5)],
        ),
        ("/trends?q=%22%28%3Cb%3E+OR", ["&#34;(&lt;b&gt; OR"]),
        ("/trends?q=" + "công+" * 3000, None),
    ],
)
def test_any_address_is_answered(
    client: FlaskClient, address: str, queries: list[str] | None
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    if queries is not None:
        fields = re.findall(r'<input id="q\d" name="q" type="text" value="([^"]*)"', answer.text)
        assert fields == queries


def test_a_cell_is_no_formula(client: FlaskClient) -> None:
    assert rows(client, "/trends.csv?q=%3Dhoa")[0][1] == "'=hoa"


def test_the_drawing_is_an_svg_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/trends.svg?q=công+an&q=%3Cscript%3Ehoa&measure=count")
    assert answer.content_type.startswith("image/svg+xml")
    tree = ElementTree.fromstring(answer.text)
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert names == {"svg", "title", "rect", "g", "line", "circle", "text"}
    assert "2. <script>hoa" in "".join(tree.itertext())


def test_results_lead_to_their_trend(client: FlaskClient) -> None:
    page = client.get("/?q=công+an&lang=vi").text
    address = next(link for link in re.findall(r'href="(/trends[^"]*)"', page))
    assert "công an" in client.get(address.replace("&amp;", "&")).text


@pytest.mark.parametrize(
    ("address", "ticks"),
    [
        ("/trends?q=công+an&measure=count", ["1", "2"]),
        ("/trends?q=ma+túy", ["10 %", "20 %", "30 %"]),
        ("/trends?q=không+có+chữ+này&measure=count", ["1"]),
    ],
)
def test_the_axis_has_round_numbers(client: FlaskClient, address: str, ticks: list[str]) -> None:
    chart = client.get(f"{address}&lang=vi").text.partition('<g class="axis"')[2]
    labels = re.findall(r"<text [^>]*>([^<]*)</text>", chart.partition("</g>")[0])
    assert labels == ticks


def test_a_legend_names_each_line(client: FlaskClient) -> None:
    legend = client.get("/trends?q=công+an&q=ma+túy&lang=vi").text.partition('<ol class="legend">')[
        2
    ]
    lines = re.findall(r'<b>(\d)</b> <span lang="vi">([^<]*)</span>', legend.partition("</ol>")[0])
    assert lines == [("1", "công an"), ("2", "ma túy")]
