"""Random articles and the data derived from them, for tests."""

from __future__ import annotations

import random
from pathlib import Path

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import build_document
from indexer.derived.dataset import DerivedData
from tests.factories import article

REPORT = " ".join(f"dòng {number} của bản tin về lũ ở miền Trung" for number in range(12))

SYLLABLES = (
    "công an nhân dân Điện Biên diễn biến hòa bình hoà Bình, ma túy. TP.HCM 1.088 bắt".split()
)


def random_article(seed: int, words: int = 30) -> Article:
    chosen = random.Random(seed)
    title = " ".join(chosen.choices(SYLLABLES, k=6))
    return article(title, " ".join(chosen.choices(SYLLABLES, k=words)), external_id=str(seed))


def derive(articles: list[Article]) -> DerivedData:
    analyzer, derived = Analyzer(), DerivedData()
    for entry in articles:
        derived.add(entry, build_document(analyzer, entry))
    return derived


def save(derived: DerivedData, folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    derived.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}
