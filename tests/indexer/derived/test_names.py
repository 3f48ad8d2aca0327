"""Names are the phrases that running text writes with capitals."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import EngineError
from indexer.derived.names import NameKind, NameTable, name_kind
from tests.factories import article
from tests.indexer.derived.deriving import derive, save

TEXT = "Hôm qua ông Trần Văn Mẫu, gặp Donald Trump, đến Điện Biên; công an nhân dân; gặp Ronaldo."


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NameTable:
    folder = tmp_path_factory.mktemp("index")
    save(derive([article("Tin", TEXT, external_id=number) for number in "123"]), folder)
    return NameTable(folder)


@pytest.mark.parametrize(
    ("folded", "surface"),
    [
        ("tran van mau", "Trần Văn Mẫu"),
        ("donald trump", "Donald Trump"),
        ("ronaldo", "Ronaldo"),
        ("dien bien", "Điện Biên"),
        ("tran van", None),  # part of a longer name
        ("cong an", None),
        ("", None),
    ],
)
def test_a_name_is_found_by_its_folded_words(
    names: NameTable, folded: str, surface: str | None
) -> None:
    name = names.find(folded.split())
    assert (name and name.surface) == surface
    assert name is None or name.documents == 3


def test_names_are_found_by_prefix(names: NameTable) -> None:
    assert [name.surface for name in names.with_prefix("d")] == ["Donald Trump", "Điện Biên"]
    assert [name.kind for name in names.with_prefix("tran v")] == [NameKind.PERSON]
    assert names.with_prefix("d", -1) == names.with_prefix("xyz") == []
    assert len(names) == 4


@pytest.mark.parametrize(
    ("surface", "kind"),
    [
        ("Nguyễn Văn Mẫu", NameKind.PERSON),
        ("Ngân hàng Mẫu", NameKind.ORGANIZATION),
        ("Bộ Y Tế", NameKind.ORGANIZATION),
        ("Tỉnh Điện Biên", NameKind.PLACE),
        ("Hồ Văn Mẫu", NameKind.PERSON),
        ("Donald Trump", NameKind.UNKNOWN),
        ("", NameKind.UNKNOWN),
    ],
)
def test_the_first_words_tell_the_kind(surface: str, kind: NameKind) -> None:
    assert name_kind(surface) is kind


def test_a_generation_without_names_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        NameTable(tmp_path)
