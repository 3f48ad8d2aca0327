"""The child that draws: it may die of any picture, and draws the next one all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from archive.errors import IntakeError
from indexer.intake.isolation.frames import ChildLimits
from indexer.intake.pictures import picture_artist
from indexer.intake.pictures.picture_artist import Drawing, PictureArtist
from indexer.intake.pictures.picture_sizes import PictureSize
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.indexer.intake.pictures.made_pictures import made_picture, picture_bomb, sides_of


@pytest.fixture
def artist() -> Iterator[PictureArtist]:
    artist = PictureArtist()
    yield artist
    artist.close()


def test_pictures_and_pages_are_drawn_by_one_child(artist: PictureArtist) -> None:
    picture = artist.draw(Drawing(PictureSize.SMALL), made_picture())
    assert sides_of(picture) == (320, 240)
    pdf = made_pdf([down("một"), down("hai")])
    page = artist.draw(Drawing(PictureSize.LARGE, 2), pdf)
    assert sides_of(page) == (905, 1280)
    with pytest.raises(IntakeError, match="page is damaged"):
        artist.draw(Drawing(PictureSize.SMALL, 3), pdf)


def test_a_bomb_costs_nothing_and_the_next_picture_is_drawn(artist: PictureArtist) -> None:
    with pytest.raises(IntakeError):
        artist.draw(Drawing(PictureSize.SMALL), picture_bomb(60_000, 60_000))
    assert artist.draw(Drawing(PictureSize.SMALL), made_picture())


def test_a_child_without_memory_dies_or_says_so_and_is_started_again() -> None:
    artist = PictureArtist(ChildLimits(memory=150 << 20))
    try:
        with pytest.raises(IntakeError):
            artist.draw(Drawing(PictureSize.LARGE), made_picture(6000, 6000, "BMP"))
    finally:
        artist.close()


def test_what_is_too_large_is_not_sent(
    artist: PictureArtist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_artist, "LARGEST_DOCUMENT", 100)
    with pytest.raises(IntakeError, match="too large"):
        artist.draw(Drawing(PictureSize.SMALL), made_picture())


def test_a_closed_artist_may_be_closed_again(artist: PictureArtist) -> None:
    artist.close()


def test_a_child_that_nobody_needs_ends_and_the_next_picture_starts_another() -> None:
    artist = PictureArtist(idle_seconds=0.05)
    try:
        for _ in range(2):
            assert artist.draw(Drawing(PictureSize.SMALL), made_picture())
            for _ in range(1000):
                if artist.child_count == 0:
                    break
                time.sleep(0.01)
            assert artist.child_count == 0
    finally:
        artist.close()
