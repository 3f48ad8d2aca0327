"""Near-duplicates: articles with nearly the same text, such as reprints of one agency's report.

Search uses them for deduplication. An article's signature is MinHash (Broder 1997) of its body's
shingles, runs of `SHINGLE_WORDS` words; the share of equal values in two signatures estimates the
Jaccard similarity of the two sets of shingles, with a standard error of
sqrt(s (1 - s) / `SIGNATURE_VALUES`). Kept are the low 16 bits of each value (b-bit minwise
hashing, Li and Koenig 2010). Groups (`near_duplicate_groups.py`) are computed anew from all
signatures whenever something changed, so that they do not depend on the order of additions and
removals.

A short report of which nearly all stands in a long article points to it besides, by a sample of
its shingles (`contained_texts.py`): the two fold, but two reports in one digest do not.

Signatures of the first 300 words alone took daily gold prices for near-duplicates. The library
is rensa (MIT, compiled, without dependencies): 7 microseconds a signature from ready hashes, .1 ms
from strings; datasketch took 1.7 ms and brings scipy (143 MB).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.derived.contained_texts import (
    NO_CONTAINER,
    Sample,
    Samples,
    find_containers,
    sample_shingles,
)
from indexer.derived.near_duplicate_groups import (
    NO_GROUP,
    SIGNATURE_VALUES,
    Signatures,
    group_near_duplicates,
)
from indexer.derived.word_ids import BREAK, ArticleWordIds, Vocabulary

NEAR_DUPLICATES_FILE: Final = "copies.learned"

SHINGLE_WORDS: Final = 3

SHORTEST_BODY: Final = 40
"""Words of the shortest body that is compared: shorter ones agree by chance."""

_NO_SAMPLE: Final = np.zeros(0, np.uint32)
_SEED: Final = 20221219
_ODD_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)


class Fingerprint(NamedTuple):
    """The fingerprint of an article, by which its near-duplicates are found.

    Attributes:
        digest: the digest prefix of its version.
        figures: a hash of the numbers in its title, else in its lead; 0 for none.
        signature: the MinHash signature of its body.
        sample: its sampled shingles; empty if an earlier release added the article.
    """

    digest: int
    figures: int
    signature: Signatures
    sample: Sample


class Report(NamedTuple):
    """What tells whether an article shows the same report as another.

    Attributes:
        number: the same for near-duplicates; 0 for an unknown article.
        container: the number of the report that contains nearly all of this one, else 0.
        is_collection: whether it contains several different reports.
    """

    number: int
    container: int
    is_collection: bool


_UNKNOWN_REPORT: Final = Report(0, 0, False)


class NearDuplicateBuilder:
    """The fingerprints of an archive's articles, by identifier, while they are collected."""

    def __init__(self, articles: dict[str, Fingerprint] | None = None) -> None:
        self._articles = articles or {}

    def digest(self, identifier: str) -> int | None:
        """Return the digest prefix of an article that was added, or None."""
        fingerprint = self._articles.get(identifier)
        return fingerprint and fingerprint.digest

    def add(
        self, digests: Mapping[str, int], texts: Sequence[ArticleWordIds], vocabulary: Vocabulary
    ) -> None:
        """Add articles in place of earlier versions.

        Args:
            digests: identifier -> `digest_prefix` of each article.
            texts: the words of the same articles, in the same order.
            vocabulary: assigned the ids of the words.
        """
        signatures, samples = _make_signatures(texts, vocabulary)
        figures = [_hash_figures(text, vocabulary) for text in texts]
        rows = zip(digests.items(), figures, signatures, samples.by_article(), strict=True)
        for (identifier, digest), title_figures, signature, sample in rows:
            # A copy, so that the samples of all other articles can be let go.
            fingerprint = Fingerprint(digest, title_figures, signature, sample.copy())
            self._articles[identifier] = fingerprint

    def remove(self, identifier: str) -> None:
        """Remove an article."""
        self._articles.pop(identifier, None)

    def merge(self, addition: NearDuplicateBuilder) -> None:
        """Add the signatures of other articles."""
        self._articles |= addition._articles

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the file into a generation under construction; a checkpoint gets no groups."""
        names = sorted(self._articles)
        fingerprints = [self._articles[name] for name in names]
        signatures = np.array([each.signature for each in fingerprints], np.uint16)
        signatures = signatures.reshape(len(names), SIGNATURE_VALUES)
        figures = np.array([each.figures for each in fingerprints], np.uint32)
        compared = signatures if served else signatures[:0]
        samples = _join_samples(each.sample for each in fingerprints)
        groups = group_near_duplicates(compared, figures[: len(compared)])
        containers = find_containers(
            samples if served else _join_samples([]), figures[: len(compared)], groups
        )
        # (articles,) byte strings of one width, padded with zeros, so that they can be bisected.
        identifiers = np.array([name.encode() for name in names], "S")
        arrays = (
            ("width", np.array([identifiers.dtype.itemsize], np.uint32)),
            ("identifiers", identifiers.view(np.uint8)),
            ("digests", np.array([each.digest for each in fingerprints], np.uint64)),
            ("figures", figures),
            ("groups", groups),
            ("containers", containers.containers),
            ("collections", containers.collections),
            ("signatures", signatures.ravel()),
            ("sample_sizes", samples.sizes),
            ("samples", samples.hashes),
        )
        write_arrays(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, arrays)


class NearDuplicateIndex:
    """The groups of near-duplicates of a generation, mapped; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the file of a generation.

        Raises:
            EngineError: it is missing or damaged.
        """
        self._file = ArrayFile(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, None)
        with self._file.damage_named():
            width = max(1, self._file.array("width").item(0))
            # (articles,) ascending.
            self._identifiers = self._file.array("identifiers").read().view(f"S{width}")
        self._groups = self._file.array("groups")
        self._has_samples = "samples" in self._file
        lengths = {len(self._groups), len(self._container_rows()), len(self._collection_flags())}
        if len(lengths) > 1 or lengths.isdisjoint((0, len(self._identifiers))):
            raise self._file.damaged("its groups are not those of its articles")

    def identifiers(self) -> list[str]:
        """Return the identifiers of all articles, ascending."""
        return [name.decode() for name in self._identifiers.tolist()]

    def groups(self, identifiers: Sequence[str]) -> list[int]:
        """Return the group of each article, `NO_GROUP` for one without near-duplicates."""
        if not len(self._groups):
            return [NO_GROUP] * len(identifiers)
        rows, is_present = self._rows(identifiers)
        groups = np.where(is_present, self._groups.read().take(rows, mode="clip"), NO_GROUP)
        numbers: list[int] = groups.tolist()
        return numbers

    def reports(self, identifiers: Sequence[str]) -> list[Report]:
        """Return what report each article shows."""
        if not len(self._groups):
            return [_UNKNOWN_REPORT] * len(identifiers)
        rows, is_present = self._rows(identifiers)
        rows[~is_present] = 0
        with self._file.damage_named():
            containers = self._container_rows()[rows].astype(np.int64)
            of_containers = self._report_numbers(containers - 1)
            of_containers[(containers == NO_CONTAINER) | ~is_present] = 0
            numbers = np.where(is_present, self._report_numbers(rows), 0)
            collections = is_present & self._collection_flags()[rows].astype(bool)
        return list(map(Report, numbers.tolist(), of_containers.tolist(), collections.tolist()))

    def near_duplicates(self, identifier: str) -> list[str]:
        """Return the other articles with an article's report, by identifier.

        They are those of its group, the one that contains it, and those that it contains.
        """
        rows, is_present = self._rows([identifier])
        if not len(self._groups) or not is_present.all():
            return []
        row, groups, containers = rows[0], self._groups.read(), self._container_rows()
        is_alike = (groups == groups[row]) & (groups != NO_GROUP)
        is_alike |= containers == row + 1
        if containers[row] != NO_CONTAINER:
            is_alike[containers[row] - 1] = True
        is_alike[row] = False
        return [name.decode() for name in self._identifiers[is_alike].tolist()]

    def _rows(self, identifiers: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the row of each article, and whether it is there."""
        names = np.array([name.encode() for name in identifiers], "S")
        rows = np.searchsorted(self._identifiers, names)
        if not len(self._identifiers):
            return rows, np.zeros(len(rows), bool)
        return rows, self._identifiers.take(rows, mode="clip") == names

    def _report_numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the report of each row: its group, or one of its own beyond."""
        groups = self._groups.read()[rows].astype(np.int64)
        return np.where(groups == NO_GROUP, len(self._groups) + 1 + rows, groups)

    def _container_rows(self) -> NDArray[np.uint32]:
        """Return (articles,) 1 + the row of each one's container, or `NO_CONTAINER`."""
        if not self._has_samples:
            return np.zeros(len(self._groups), np.uint32)
        rows: NDArray[np.uint32] = self._file.array("containers").read()
        return rows

    def _collection_flags(self) -> NDArray[np.uint8]:
        """Return (articles,) 1 for each one that contains several reports."""
        if not self._has_samples:
            return np.zeros(len(self._groups), np.uint8)
        flags: NDArray[np.uint8] = self._file.array("collections").read()
        return flags

    def builder(self) -> NearDuplicateBuilder:
        """Return a builder with all signatures, to be extended."""
        with self._file.damage_named():
            names = self.identifiers()
            signatures = self._file.array("signatures").read().reshape(-1, SIGNATURE_VALUES)
            digests = self._file.array("digests").read().tolist()
            figures = self._file.array("figures").read().tolist()
            samples = self._samples().by_article()
            fingerprints = map(Fingerprint, digests, figures, signatures, samples)
            return NearDuplicateBuilder(dict(zip(names, fingerprints, strict=True)))

    def _samples(self) -> Samples:
        """Return the samples of all articles; empty ones in the file of an earlier release."""
        if not self._has_samples:
            return _join_samples([_NO_SAMPLE] * len(self._identifiers))
        hashes, sizes = self._file.array("samples").read(), self._file.array("sample_sizes").read()
        if int(sizes.sum(dtype=np.uint64)) != len(hashes):
            raise self._file.damaged("its samples are not those of its articles")
        return Samples(hashes, sizes)


def load_near_duplicates(folder: Path) -> NearDuplicateBuilder:
    """Load the signatures of a generation, to be extended; none if it has no such file.

    Raises:
        EngineError: the file is damaged.
    """
    if not (folder / NEAR_DUPLICATES_FILE).exists():
        return NearDuplicateBuilder()
    return NearDuplicateIndex(folder).builder()


def digest_prefix(digest: str) -> int:
    """Return the first 64 bits of a digest in hexadecimal; 0 for an empty one."""
    return int(digest[:16] or "0", 16)


def _make_signatures(
    texts: Sequence[ArticleWordIds], vocabulary: Vocabulary
) -> tuple[Signatures, Samples]:
    """Return the MinHash signature and the sampled shingles of each text's body."""
    if not texts:
        return np.zeros((0, SIGNATURE_VALUES), np.uint16), _join_samples([])
    bodies = [text.exact_ids[text.body_start :] for text in texts]
    # (words,) all bodies in one row without breaks, and the article of each word.
    article = np.repeat(np.arange(len(bodies)), [len(body) for body in bodies])
    words = np.concatenate(bodies)
    article, words = article[words != BREAK], words[words != BREAK]
    sizes = np.bincount(article, minlength=len(bodies))
    # (shingles,) whether both ends are of one article, and that one is long enough.
    in_one_article = article[SHINGLE_WORDS - 1 :] == article[: len(article) - SHINGLE_WORDS + 1]
    in_one_article &= sizes[article[: len(in_one_article)]] >= SHORTEST_BODY
    shingles = _hash_shingles(vocabulary.word_hashes()[words])[in_one_article]
    counts = np.where(sizes >= SHORTEST_BODY, sizes - SHINGLE_WORDS + 1, 0)
    # (articles + 1,) where the shingles of each article begin.
    offsets = np.cumsum([0, *counts.tolist()]).astype(np.uint64)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        shingles, offsets, SIGNATURE_VALUES, _SEED
    )
    # The low 16 bits of each value.
    signatures = np.array(matrix.to_rows(), np.uint32).astype(np.uint16)
    signatures = signatures.reshape(len(texts), SIGNATURE_VALUES)
    signatures[counts == 0] = 0
    articles = article[: len(in_one_article)][in_one_article]
    return signatures, sample_shingles(shingles, articles, len(texts))


def _join_samples(samples: Iterable[Sample]) -> Samples:
    """Return the samples of articles, one after another."""
    arrays = [_NO_SAMPLE, *samples]
    return Samples(np.concatenate(arrays), np.array(list(map(len, arrays[1:])), np.uint32))


def _hash_figures(text: ArticleWordIds, vocabulary: Vocabulary) -> int:
    """Return a hash of the numbers in a title, in any order; 0 for a title without any.

    Where there is no title, the lead tells reports apart.
    """
    is_number, hashes = vocabulary.numbers(), vocabulary.word_hashes()
    title = text.written_ids[: text.title_length or None].tolist()
    words = [vocabulary.exact_of[word] for word in title]
    figures = sorted(int(hashes[word]) for word in words if is_number[word])
    return int.from_bytes(blake2b(repr(figures).encode(), digest_size=4).digest()) if figures else 0


def _hash_shingles(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return (words - `SHINGLE_WORDS` + 1,) the hash of every run of words from their hashes.

    A polynomial modulo 2^64 with an odd factor; its high bits are mixed into the low ones.
    """
    size = max(0, len(hashes) - SHINGLE_WORDS + 1)
    shingles = np.zeros(size, np.uint64)
    for position in range(SHINGLE_WORDS):
        shingles *= _ODD_FACTOR
        shingles += hashes[position : position + size]
    return shingles ^ (shingles >> np.uint64(29))
