"""A home in which nothing is kept is taken back, and no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.catalogue.database import CATALOGUE_FILE
from archive.store import Store
from archive.upkeep.home_making import LOCK_FILE, HomeMaking
from archive.writing.lock import WriterLock
from tests.factories import article, keep


def test_an_empty_home_goes_with_the_folders_that_were_made_for_it(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    making = HomeMaking.begin(home)
    with Store(home):
        pass
    assert making.take_back()
    assert not any(tmp_path.iterdir())


def test_a_home_with_an_article_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    making = HomeMaking.begin(home)
    with Store(home) as store:
        keep(store, article("Một bài"))
    assert not making.take_back()
    with Store(home) as store:
        assert store.count_articles() == 1


def test_articles_whose_originals_are_elsewhere_stay(tmp_path: Path) -> None:
    home = tmp_path / "home"
    making = HomeMaking.begin(home)
    with Store(home) as store:
        keep(store, article("Một bài"))
    shutil.rmtree(home / "originals")
    assert not making.take_back()
    with Store(home) as store:
        assert store.count_articles() == 1


def test_a_catalogue_that_cannot_be_read_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    making = HomeMaking.begin(home)
    home.mkdir()
    (home / CATALOGUE_FILE).write_bytes(b"rubbish" * 1000)
    assert not making.take_back()
    assert (home / CATALOGUE_FILE).exists()


def test_what_was_there_before_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Store(home):
        pass
    files = sorted(home.rglob("*"))
    assert not HomeMaking.begin(home).take_back()
    assert sorted(home.rglob("*")) == files


def test_a_file_that_somebody_put_beside_it_stays(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    making = HomeMaking.begin(home)
    with Store(home):
        pass
    (home / "settings.toml").write_text("[site]")
    assert making.take_back()
    assert [path.name for path in home.iterdir()] == ["settings.toml"]


def test_a_home_that_another_process_writes_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    making = HomeMaking.begin(home)
    with Store(home), WriterLock(home / LOCK_FILE):
        assert not making.take_back()
        assert (home / "catalogue.sqlite").exists()


@pytest.mark.parametrize("part", ["identity.json", "originals", "lock", "catalogue.sqlite"])
def test_a_home_with_any_part_of_an_archive_is_not_new(tmp_path: Path, part: str) -> None:
    (tmp_path / part).mkdir()
    making = HomeMaking.begin(tmp_path)
    assert not making.is_new
    assert not making.take_back()
    assert (tmp_path / part).exists()
