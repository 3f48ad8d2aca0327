"""Finding near-duplicates: articles with nearly the same text, such as an agency's reports.

An article's signature is MinHash (Broder 1997) of its body's shingles, runs of `SHINGLE_WORDS`
words; the share of equal values in two signatures estimates the Jaccard similarity of the two
sets of shingles, with a standard error of sqrt(s (1 - s) / `SIGNATURE_VALUES`). Kept are the low
16 bits of each value (b-bit minwise hashing, Li and Koenig 2010). Groups
(`near_duplicate_groups.py`) are made anew from all pairs whenever something changed, so that they
do not depend on the order of additions and removals; the pairs of articles that did not change
are kept in the file.

A short report of which nearly all stands in a long article points to it besides, by a sample of
its shingles (`contained_texts.py`): the two fold, but two reports in one digest do not.

Signatures of the first 300 words alone took daily gold prices for near-duplicates. The library
is rensa (MIT, compiled, without dependencies): 7 microseconds a signature from ready hashes, .1 ms
from strings; datasketch took 1.7 ms and brings scipy (143 MB).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import rensa
from numpy.typing import NDArray

from indexer.arrays.array_file import Array, write_arrays
from indexer.derived.contained_texts import (
    Samples,
    choose_containers,
    find_contained,
    sample_shingles,
)
from indexer.derived.fingerprints import (
    NO_ROW,
    CollectedTable,
    Fingerprint,
    FingerprintTable,
    Rows,
    join_samples,
    join_tables,
)
from indexer.derived.near_duplicate_groups import (
    SIGNATURE_VALUES,
    Signatures,
    find_near_pairs,
    group_near_duplicates,
)
from indexer.derived.near_duplicates import NEAR_DUPLICATES_FILE, KnownPairs, NearDuplicateIndex
from indexer.derived.word_ids import BREAK, ArticleWordIds, Vocabulary

SHINGLE_WORDS: Final = 3

SHORTEST_BODY: Final = 40
"""Words of the shortest body that is compared: shorter ones agree by chance."""

_NO_ROWS: Final = np.zeros(0, np.uint32)
_SEED: Final = 20221219
_ODD_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)


class NearDuplicateBuilder:
    """The fingerprints of an archive's articles, by identifier, while they are collected."""

    def __init__(
        self, table: FingerprintTable | None = None, pairs: KnownPairs | None = None
    ) -> None:
        """Extend a table, or none, among whose articles these pairs are known, or unknown."""
        self._tables = [] if table is None else [CollectedTable(table)]
        self._pairs = pairs
        self._added: dict[str, Fingerprint] = {}

    def digest(self, identifier: str) -> int | None:
        """Return the digest prefix of an article that was added, or None."""
        fingerprint = self._added.get(identifier)
        if fingerprint is not None:
            return fingerprint.digest
        digests = (table.digest(identifier) for table in reversed(self._tables))
        return next((digest for digest in digests if digest is not None), None)

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
            self.remove(identifier)
            # A copy, so that the samples of all other articles can be let go.
            fingerprint = Fingerprint(digest, title_figures, signature, sample.copy())
            self._added[identifier] = fingerprint

    def remove(self, identifier: str) -> None:
        """Remove an article."""
        self._added.pop(identifier, None)
        for table in self._tables:
            table.remove(identifier)

    def merge(self, addition: NearDuplicateBuilder) -> None:
        """Add the fingerprints of other articles."""
        for builder in (self, addition):
            if builder._added:
                builder._tables.append(CollectedTable(FingerprintTable.of(builder._added)))
                builder._added = {}
        if not self._tables:
            self._pairs = addition._pairs
        self._tables += addition._tables

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the file into a generation under construction; a checkpoint gets no groups."""
        tables = [*self._tables, CollectedTable(FingerprintTable.of(self._added))]
        table, old_rows = join_tables(tables)
        arrays = _table_arrays(table)
        if served:
            # Only the rows of the first table are those of the known pairs.
            base = len(tables[0].table)
            arrays += _group_arrays(table, self._find_pairs(table, old_rows, base))
        else:
            arrays += [(name, _NO_ROWS) for name in ("groups", "containers", "collections")]
        write_arrays(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, arrays)

    def _find_pairs(self, table: FingerprintTable, old_rows: Rows, base: int) -> KnownPairs:
        """Return all pairs of a table: those that are known, and those with a new article.

        Args:
            table: all articles.
            old_rows: (articles,) the row of each in all collected tables, one after another.
            base: articles of the first of them.
        """
        is_new = old_rows >= base if self._pairs else np.ones(len(table), bool)
        found = KnownPairs(
            find_near_pairs(table.signatures, is_new),
            find_contained(table.samples, table.figures, is_new),
        )
        if self._pairs is None:
            return found
        new_rows = np.full(base, NO_ROW, np.int64)
        new_rows[old_rows[~is_new]] = np.flatnonzero(~is_new)
        return self._pairs.renumbered(new_rows).extended(found)


def load_near_duplicates(folder: Path) -> NearDuplicateBuilder:
    """Load the signatures of a generation, to be extended; none if it has no such file.

    Raises:
        EngineError: the file is damaged.
    """
    if not (folder / NEAR_DUPLICATES_FILE).exists():
        return NearDuplicateBuilder()
    index = NearDuplicateIndex(folder)
    return NearDuplicateBuilder(index.fingerprints(), index.known_pairs())


def digest_prefix(digest: str) -> int:
    """Return the first 64 bits of a digest in hexadecimal; 0 for an empty one."""
    return int(digest[:16] or "0", 16)


def _make_signatures(
    texts: Sequence[ArticleWordIds], vocabulary: Vocabulary
) -> tuple[Signatures, Samples]:
    """Return the MinHash signature and the sampled shingles of each text's body."""
    if not texts:
        return np.zeros((0, SIGNATURE_VALUES), np.uint16), join_samples([])
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


def _table_arrays(table: FingerprintTable) -> list[tuple[str, Array]]:
    """Return the arrays of the file that an update extends."""
    return [
        ("width", np.array([table.identifiers.dtype.itemsize], np.uint32)),
        ("identifiers", table.identifiers.view(np.uint8)),
        ("digests", table.digests),
        ("figures", table.figures),
        ("signatures", table.signatures.ravel()),
        ("sample_sizes", table.samples.sizes),
        ("samples", table.samples.hashes),
    ]


def _group_arrays(table: FingerprintTable, pairs: KnownPairs) -> list[tuple[str, Array]]:
    """Return the arrays of the file that searching uses, and the pairs they are made from."""
    groups = group_near_duplicates(pairs.near, table.figures)
    containers = choose_containers(pairs.contained, table.samples.sizes, groups)
    return [
        ("groups", groups),
        ("containers", containers.containers),
        ("collections", containers.collections),
        ("near_pairs", pairs.near.astype(np.uint32).ravel()),
        ("contained_pairs", pairs.contained.pairs.astype(np.uint32).ravel()),
        ("contained_shares", pairs.contained.shares),
    ]


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
