"""An element with more attributes than any real one costs no time: its page is refused."""

from __future__ import annotations

import time

import pytest

from archive.errors import IntakeError
from indexer.intake.html.page import read_html
from indexer.intake.html.page_replay import ReplayAddresses, replay_page
from indexer.intake.markup import attribute_limit
from indexer.intake.markup.attribute_limit import MOST_ATTRIBUTES, refuse_crowded_elements

ADDRESSES = ReplayAddresses("https://bao.vn/a.html", lambda _: "", lambda _: "")
PADDING = f"<p>{'Chợ nổi họp từ sáng sớm. ' * 4_000}</p>"


def attributes(count: int, value: str = "x") -> str:
    return " ".join(f"a{number}={value}" for number in range(count))


@pytest.mark.parametrize(
    "element",
    [
        "<div {}>",
        "<br {}/>",
        "<DIV\n{}>",
        # Quotes in which a tag seems to begin or to end.
        "<i title='>' {} alt=\"<p\">",
        "<i title=\"'\" {} alt='\"'>",
        "<!-- <a ' --><i {}>",
        '<script>"<a</script><u {}>',
    ],
)
def test_an_element_with_too_many_attributes_is_refused(element: str) -> None:
    markup = element.format(attributes(MOST_ATTRIBUTES + 1, '"><p"'))
    with pytest.raises(IntakeError, match="1,00[0-9] attributes"):
        refuse_crowded_elements(PADDING + markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"<div {attributes(MOST_ATTRIBUTES)}>",
        f"<!-- <div {attributes(2 * MOST_ATTRIBUTES)}> -->",
        f"<p title='{attributes(2 * MOST_ATTRIBUTES)}'>",
        f"<div {'a=x ' * 2 * MOST_ATTRIBUTES}>",
        # A tag that never ends is none.
        f"<div {attributes(2 * MOST_ATTRIBUTES)}",
        "<" * 100_000,
        "\0" * 100_000,
        " " * 100_000,
        "",
    ],
)
def test_other_pages_are_not(markup: str) -> None:
    refuse_crowded_elements(markup)
    refuse_crowded_elements(PADDING + markup)


def test_a_small_page_is_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can cost no time worth the second parse."""
    markup = f"<p {attributes(MOST_ATTRIBUTES + 1)}>"
    refuse_crowded_elements(markup)
    monkeypatch.setattr(attribute_limit, "_LARGEST_UNCHECKED", len(markup) - 1)
    with pytest.raises(IntakeError):
        refuse_crowded_elements(markup)


def test_readers_and_replay_refuse_it_in_bounded_time() -> None:
    markup = f"<html><body><p {attributes(100_000)}>Chợ nổi</p></body></html>"
    started = time.process_time()
    with pytest.raises(IntakeError, match="attributes"):
        read_html(markup, "page.html")
    with pytest.raises(IntakeError, match="attributes"):
        replay_page(markup.encode(), ADDRESSES)
    # The tree of it takes 13 seconds.
    assert time.process_time() - started < 5
