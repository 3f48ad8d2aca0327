"""The location of originals: option, environment and settings; no key anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.settings.catalogue_location import (
    CatalogueLocation,
    read_location,
    write_location,
)
from archive.settings.originals_location import (
    HOME_ORIGINALS,
    OriginalsLocation,
    check_originals_url,
    read_originals_location,
    write_originals_location,
)
from archive.settings.settings_file import SettingsError

URL = "s3://kho/bao/2026?endpoint=https://s3.example.vn:9000&region=vn-1"


def test_the_environment_wins_over_the_file_and_the_catalogue_stays(tmp_path: Path) -> None:
    assert read_originals_location(tmp_path, {}) == HOME_ORIGINALS
    catalogue = CatalogueLocation("postgresql://kho@db.vn/kho")
    write_location(tmp_path, catalogue)
    write_originals_location(tmp_path, OriginalsLocation(URL, "/run/keys"))
    assert read_originals_location(tmp_path, {}) == OriginalsLocation(URL, "/run/keys")
    assert read_originals_location(tmp_path, {"TANGTHU_ORIGINALS": "home"}).url == ""
    write_location(tmp_path, CatalogueLocation())
    assert read_originals_location(tmp_path, {}).url == URL
    assert read_location(tmp_path, {}) == CatalogueLocation()
    write_originals_location(tmp_path, HOME_ORIGINALS)
    assert read_originals_location(tmp_path, {}) == HOME_ORIGINALS


def test_a_url_says_bucket_prefix_and_options() -> None:
    location = OriginalsLocation(URL)
    assert (location.bucket, location.prefix) == ("kho", "bao/2026")
    assert location.storage == "s3://kho/bao/2026"
    assert location.option("endpoint") == "https://s3.example.vn:9000"
    assert not location.keeps_local_files
    assert OriginalsLocation(f"{URL}&local=keep").keeps_local_files
    assert check_originals_url("s3://kho", "here") == "s3://kho"


@pytest.mark.parametrize(
    "url",
    [
        "geheim",
        "http://kho/geheim",
        "s3://key:geheim@kho/x",
        "s3://kho/../geheim",
        "s3://kho/geheim geheim",
        "s3://kho?secret=geheim",
        "s3://kho?endpoint=ftp://geheim",
        "s3://kho?endpoint=https://a:geheim@s3.vn",
        "s3://kho?endpoint=https://s3.vn:geheim",
        "s3://kho?local=geheim",
        "s3:///geheim",
        "s3://[geheim",
        "s3://Geheim_geheim/x",
    ],
)
def test_what_is_no_location_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError, match="^here: ") as refusal:
        check_originals_url(url, "here")
    assert "geheim" not in str(refusal.value)


def test_keys_come_from_the_environment_or_a_file_and_are_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("key\nsecret\n")
    location = OriginalsLocation(URL, str(path))
    assert location.keys({}) == ("key", "secret")
    own = {"TANGTHU_ORIGINALS_KEY": "k", "TANGTHU_ORIGINALS_SECRET": "s"}
    assert location.keys(own) == ("k", "s")
    for content in (b"only-a-key\n", b"\xff\n", b""):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="keys") as refusal:
            location.keys({})
        assert "only-a-key" not in str(refusal.value)
    path.unlink()
    with pytest.raises(StoreError, match="cannot be read from"):
        location.keys({})
