"""Sets of queries with their relevant articles, and the archives they are asked of."""

from __future__ import annotations

import gzip
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.vietnamese.normalization import canonical, lower_canonical
from tests.bench.typing_forms import in_new_style

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """One query; `leave_out` names the article that the query was made of."""

    qid: str
    text: str
    leave_out: str = ""


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries, their judgements, and the files of JSON lines that hold the articles.

    Attributes:
        relevant: qid -> external id of an article -> how relevant it is.
    """

    name: str
    corpora: tuple[Path, ...]
    topics: tuple[Topic, ...]
    relevant: dict[str, dict[str, int]] = field(default_factory=dict)


CORPORA = {
    "vims_clusters2016": ("eval/vims_clusters2016/articles.jsonl.xz", "corpus/baomoi2017.jsonl.xz"),
    "dantri_slugs": ("corpus/dantri2021.jsonl.xz",),
    "xquad_vi": ("eval/xquad_vi/articles.jsonl.xz",),
}
"""The public sets, with the corpora among which their relevant articles are looked for."""


SHORTENED = {"vims_short": "vims_clusters2016", "vims_three": "vims_clusters2016"}
"""Sets made of the queries of another: some of each query's rarest words, in their order.

A word is as rare as the articles of the set's corpora are that hold it, with its diacritics."""

LENGTHS = {"vims_short": (2, 3, 4), "vims_three": (3,)}
"""The words of the first query of a shortened set, of the second, and so on, again and again."""


def load_public_set(name: str, shared: Path) -> QuerySet:
    """Load one of the sets in `CORPORA` or `SHORTENED`, from the folder that holds them."""
    if name in SHORTENED:
        return shorten(load_public_set(SHORTENED[name], shared), name)
    folder = shared / "eval" / name
    corpora = tuple(shared / path for path in CORPORA[name])
    return load_own_set(name, corpora, folder / "queries.jsonl.xz", folder / "qrels.tsv")


def load_own_set(name: str, corpora: tuple[Path, ...], queries: Path, qrels: Path) -> QuerySet:
    """Load a set of one's own: articles, queries {qid, text, source_doc} and relevant articles."""
    topics = tuple(
        Topic(str(record["qid"]), record["text"], record.get("source_doc", ""))
        for record in read_lines(queries)
    )
    relevant: dict[str, dict[str, int]] = {}
    for line in qrels.read_text(encoding="utf-8").splitlines():
        qid, document, relevance = line.split("\t")
        relevant.setdefault(qid, {})[document] = int(relevance)
    return QuerySet(name, corpora, topics, relevant)


def shorten(chosen: QuerySet, name: str) -> QuerySet:
    """Return a set with some of the rarest words of each query; see `SHORTENED`."""
    lengths = LENGTHS[name]
    queries = [dict.fromkeys(_WORD.findall(canonical(topic.text))) for topic in chosen.topics]
    documents: Counter[str] = Counter()
    wanted = {lower_canonical(word) for query in queries for word in query}
    for path in chosen.corpora:
        for record in read_lines(path):
            text = " ".join(record.get(key) or "" for key in ("title", "summary", "body"))
            documents.update(wanted.intersection(_WORD.findall(lower_canonical(text))))
    topics = tuple(
        replace(
            topic, text=" ".join(_rarest(list(query), documents, lengths[number % len(lengths)]))
        )
        for number, (topic, query) in enumerate(zip(chosen.topics, queries, strict=True))
    )
    return replace(chosen, name=name, topics=topics)


def _rarest(words: list[str], documents: Counter[str], count: int) -> list[str]:
    rarest = sorted(words, key=lambda word: documents[lower_canonical(word)])[:count]
    return [word for word in words if word in rarest]


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a file of JSON lines, plain or compressed."""
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def convert_to_new_style(chosen: QuerySet, folder: Path) -> QuerySet:
    """Return the same set as another newspaper would have written it; see `in_new_style`."""
    chance = random.Random(2022)
    folder.mkdir(parents=True, exist_ok=True)
    corpora = tuple(_rewritten(path, folder, chance) for path in chosen.corpora)
    topics = tuple(replace(topic, text=in_new_style(topic.text, chance)) for topic in chosen.topics)
    return replace(chosen, name=f"{chosen.name} (new style)", corpora=corpora, topics=topics)


def _rewritten(path: Path, folder: Path, chance: random.Random) -> Path:
    target = folder / f"{path.parent.name}-{path.name.partition('.')[0]}.jsonl"
    if not target.exists():
        with target.open("w", encoding="utf-8") as out:
            for record in read_lines(path):
                texts = ("title", "summary", "body")
                record |= {key: in_new_style(record.get(key) or "", chance) for key in texts}
                out.write(json.dumps(record) + "\n")
    return target
