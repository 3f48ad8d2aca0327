"""Replay of captured pages: what runs, embeds or sends is out, addresses lead to captures."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from archive.errors import IntakeError
from indexer.intake.html.page_replay import (
    LARGEST_PAGE,
    LARGEST_STYLE,
    ReplayAddresses,
    replay_page,
    replay_style,
)

ADDRESSES = ReplayAddresses(
    "https://bao.vn/muc/bai.html",
    lambda address: f"/kept/{address}" if "kept" in address else "",
    lambda address: f"/url/{address}",
)


def replayed(markup: str) -> BeautifulSoup:
    return BeautifulSoup(replay_page(markup.encode(), ADDRESSES).decode(), "html5lib")


@pytest.mark.parametrize(
    "active",
    [
        "<script>run()</script>",
        "<ScRiPt src=//evil></sCrIpT>",
        "<svg><script>run()</script></svg>",
        "<svg><a xlink:href='javascript:run()'>x</a></svg>",
        "<svg onload=run()></svg>",
        "<img src=x onerror=run()>",
        "<a href='javascript:run()'>x</a>",
        "<a href=' jAvAsCrIpT:run()'>x</a>",
        "<a href='java\tscript:run()'>x</a>",
        "<a href='data:text/html,run()'>x</a>",
        "<a ping='http://evil/run' href=x>x</a>",
        "<iframe srcdoc='run'></iframe>",
        "<object data='run.swf'></object>",
        "<embed src='run.swf'>",
        "<form action='http://evil/run'><button formaction='http://evil/run'>x</button></form>",
        "<meta http-equiv=refresh content='0;url=http://evil/run'>",
        "<base href='http://evil/run'>",
        "<link rel=preload href='http://evil/run'>",
        "<link rel='prefetch dns-prefetch' href='http://evil/run'>",
        "<body background='http://evil/run'>",
        "<p style='background:url(http://evil/run)'>x</p>",
        "<style>@import 'http://evil/run'; a{b:url(\"http://evil/run\")}</style>",
        "<img srcset='http://evil/run 1x, http://evil/run2 2x'>",
        "<video poster='http://evil/run'><source src='http://evil/run'></video>",
        "<template><script>run()</script></template>",
        "<noscript><img src='http://evil/run'></noscript>",
        "<input type=image src='http://evil/run'>",
    ],
)
def test_nothing_runs_or_is_fetched_from_elsewhere(active: str) -> None:
    page = replay_page(
        f"<html><head></head><body>{active}<p>đoạn</p></body></html>".encode(), ADDRESSES
    )
    assert b"run" not in page.replace(b"/url/https://bao.vn/muc/", b"")
    assert "đoạn".encode() in page


def test_captured_resources_are_shown() -> None:
    page = replayed(
        "<!DOCTYPE html><link rel=stylesheet href='/kept.css'><style>p{background:url(kept.png)}"
        "@import 'kept2.css';</style><p style='background:url(\"../kept3.png\")'><img src=kept.jpg"
        " srcset='kept1.jpg 1x, lost.jpg 2x'><img src=blank.gif data-src=kept4.jpg>"
        "<img src='data:image/png;base64,AA=='>"
    )
    assert page.link["href"] == "/kept/https://bao.vn/kept.css"
    assert 'url("/kept/https://bao.vn/muc/kept.png")' in page.style.string
    assert '@import "/kept/https://bao.vn/muc/kept2.css"' in page.style.string
    assert page.p["style"] == 'background:url("/kept/https://bao.vn/kept3.png")'
    first, lazy, embedded = page.find_all("img")
    assert first["src"] == "/kept/https://bao.vn/muc/kept.jpg"
    assert first["srcset"] == "/kept/https://bao.vn/muc/kept1.jpg 1x"
    assert lazy["src"] == "/kept/https://bao.vn/muc/kept4.jpg"
    assert embedded["src"] == "data:image/png;base64,AA=="


def test_links_lead_to_the_archive_out_of_the_frame() -> None:
    page = replayed("<a href='../khac.html#ba'>a</a><a href='#day'>b</a><a href='mailto:a@b'>c</a>")
    link, here, mail = page.find_all("a")
    assert (link["href"], link["target"]) == ("/url/https://bao.vn/khac.html", "_top")
    assert (here["href"], here.get("target")) == ("#day", None)
    assert not mail.has_attr("href")


def test_the_text_and_the_look_of_a_page_stay() -> None:
    page = replayed("<!DOCTYPE html><div class='a b' id=c lang=vi>một<script>x</script>hai</div>")
    assert page.div.get_text() == "mộthai"
    assert (page.div["class"], page.div["id"]) == (["a", "b"], "c")


@pytest.mark.parametrize("encoding", ["windows-1258", "utf-16", "utf-8"])
def test_pages_come_in_utf8(encoding: str) -> None:
    text = "<html><head><meta charset=ENC></head><body><p>Tin mua ban</p></body></html>"
    page = replay_page(text.replace("ENC", encoding).encode(encoding), ADDRESSES)
    assert "<p>Tin mua ban</p>" in page.decode("utf-8")
    assert b"charset" not in page


@pytest.mark.parametrize("markup", ["", "   ", "<!-- -->"])
def test_what_is_no_page_is_refused(markup: str) -> None:
    with pytest.raises(IntakeError, match="cannot be replayed"):
        replay_page(markup.encode(), ADDRESSES)


@pytest.mark.parametrize("doctype", ["<!DOCTYPE html>", ""])
def test_pages_are_laid_out_by_the_rules_of_their_time(doctype: str) -> None:
    page = replay_page(f"{doctype}<html><body><p>a</p></body></html>".encode(), ADDRESSES)
    assert page.startswith(f"{doctype}\n<html>".encode())


def test_sizes_are_bounded() -> None:
    with pytest.raises(IntakeError, match="too large"):
        replay_page(b"a" * (LARGEST_PAGE + 1), ADDRESSES)
    with pytest.raises(IntakeError, match="too large"):
        replay_style(b"a" * (LARGEST_STYLE + 1), ADDRESSES)


@pytest.mark.parametrize("part", ["<div>", "<b>", "<a href='x' ", "<svg>", "<table><tr><td>", "&#"])
def test_repeated_markup_is_read_in_bounded_time_and_depth(part: str) -> None:
    replay_page((part * 20_000).encode(), ADDRESSES)


@pytest.mark.parametrize("part", ["url(", "url('", "@import ", "url( ", 'url("a', "\\"])
def test_repeated_style_is_read_in_linear_time(part: str) -> None:
    replay_style((part * 20_000).encode(), ADDRESSES)
