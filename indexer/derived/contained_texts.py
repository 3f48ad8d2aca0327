"""Contained texts: short reports of which nearly all stands in a longer article.

The similarity of two whole texts cannot tell them: a brief in an article of five times its
length has a Jaccard similarity of .2 at most, which unrelated reports on one matter have as well.
So each body keeps a sample of its shingles, those whose hashes are among the lowest quarter of
all values (FracMinHash: Irber et al. 2022), and the share of a short sample that is in a long one
estimates the share of the text. A sample takes about one byte a word.

Candidates share at least `_LEAST_SHARED` of the lowest hashes of the shorter one; both samples
are then compared whole. Sorting all samples finds them, so that time grows in step with the
articles; a hash that many articles share is passed over, since reports have rarer ones too. The
pairs are kept, so that an update sorts only the hashes that its new articles have.

Containment is not transitive: two reports in one digest have nothing to do with each other, so
that each short report only points to the article that contains it.

Measured on 35,431 articles of many papers, with 336 groups of near-duplicates: 230 short reports
are in 212 longer articles, 19 of which are collections. By all of their shingles 162 of them stand
there to .8 and more, 224 to .7, one to less than .6; of 24 drawn at random all told the same matter
as the longer article. It takes .65 s of the processor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import concatenate_ranges
from indexer.arrays.membership import is_among
from indexer.derived.phrase_keys import first_of_each

LEAST_CONTAINED: Final = 0.8
"""Share of a short text's sample in a long one's from which it is contained there."""

LEAST_SAMPLE: Final = 10
"""Hashes of the smallest sample that is compared: fewer agree by chance."""

NO_CONTAINER: Final = 0
"""The container of an article that no other contains."""

_SAMPLE_BITS: Final = 30
"""Hashes of 32 bits are sampled if they are lower than 2 to this power."""

_LOWEST: Final = 16
"""Hashes of a short text by which candidates are found, the lowest of its sample."""

_LEAST_SHARED: Final = 4
_MOST_HOLDERS: Final = 64
"""Articles with the same hash, at most, that are candidates by it."""

_ODD_FACTOR: Final = np.uint64(0xBF58476D1CE4E5B9)
_ARTICLE_BITS: Final = np.uint64(32)
_ARTICLE_MASK: Final = np.uint64(0xFFFFFFFF)

_TABLE_BITS: Final = 22

_SLICE_HASHES: Final = 1 << 21
"""Hashes that are sorted at a time, so that memory stays bounded: some 40 bytes for each."""

Sample = NDArray[np.uint32]
"""(hashes,) ascending, each once: the sampled shingles of a body."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of many articles, one after another.

    Attributes:
        hashes: all hashes.
        sizes: (articles,) how many belong to each article.
    """

    hashes: NDArray[np.uint32]
    sizes: NDArray[np.uint32]

    def by_article(self) -> list[Sample]:
        """Return the sample of each article."""
        ends = np.cumsum(self.sizes, dtype=np.int64).tolist()
        return [self.hashes[start:end] for start, end in pairwise([0, *ends])]


@dataclass(frozen=True, slots=True)
class ContainedPairs:
    """Texts and those that contain them.

    Attributes:
        pairs: (pairs, 2) the row of a text, and that of one with nearly all of it.
        shares: (pairs,) the share of the sample that is there, `LEAST_CONTAINED` at least.
    """

    pairs: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Containers:
    """Which articles contain which.

    Attributes:
        containers: (articles,) 1 + the row of the article that contains this one, else
            `NO_CONTAINER`.
        collections: (articles,) 1 for an article that contains several different reports.
    """

    containers: NDArray[np.uint32]
    collections: NDArray[np.uint8]


def sample_shingles(
    shingles: NDArray[np.uint64], article: NDArray[np.int64], articles: int
) -> Samples:
    """Return the samples of articles.

    Args:
        shingles: hashes of 64 bits.
        article: (shingles,) the number of each shingle's article.
        articles: how many there are.
    """
    hashes = (shingles * _ODD_FACTOR) >> np.uint64(32)
    is_sampled = hashes < np.uint64(1 << _SAMPLE_BITS)
    numbers = article[is_sampled].astype(np.uint64)
    # `np.unique` hashes them first, which takes three times as long as to sort them.
    keys = (numbers << _ARTICLE_BITS) | hashes[is_sampled]
    keys.sort()
    keys = keys[first_of_each(keys)]
    sizes = np.bincount((keys >> _ARTICLE_BITS).astype(np.int64), minlength=articles)
    return Samples(keys.astype(np.uint32), sizes.astype(np.uint32))


def find_contained(
    samples: Samples, figures: NDArray[np.uint32], is_new: NDArray[np.bool_]
) -> ContainedPairs:
    """Return the pairs of a text and one that contains it, one of which is new at least.

    Args:
        samples: of the bodies.
        figures: (articles,) the numbers in each title as a hash, or 0: titles with different
            numbers are of different reports.
        is_new: (articles,) whether pairs with the article are wanted.
    """
    pairs = _candidates(samples, is_new)
    short, long = pairs.T
    are_one_report = (
        (figures[short] == 0) | (figures[long] == 0) | (figures[short] == figures[long])
    )
    pairs = pairs[are_one_report]
    shares = _contained_shares(samples, pairs)
    is_contained = shares >= LEAST_CONTAINED
    return ContainedPairs(pairs[is_contained], shares[is_contained])


def choose_containers(
    contained: ContainedPairs, sizes: NDArray[np.uint32], groups: NDArray[np.uint32]
) -> Containers:
    """Return which article contains which.

    Of several that contain an article it is the one with most of it, of those the shortest.

    Args:
        contained: all pairs.
        sizes: (articles,) hashes of each one's sample.
        groups: (articles,) groups of near-duplicates, or 0, which do not contain one another.
    """
    count = len(sizes)
    short, long = contained.pairs.T
    are_apart = (groups[short] == 0) | (groups[short] != groups[long])
    short, long, shares = short[are_apart], long[are_apart], contained.shares[are_apart]
    containers = np.zeros(count, np.uint32)
    # The last one of a row stays: the best has to come last.
    order = np.lexsort((-long, -sizes[long].astype(np.int64), shares))
    containers[short[order]] = long[order] + 1
    # Reprints of a report are one of the reports in a collection.
    reports = np.where(groups > 0, groups.astype(np.int64), count + 1 + np.arange(count))
    contents = np.unique(np.stack([reports[long], reports[short]], axis=1), axis=0)
    contained_reports = np.bincount(contents[:, 0], minlength=2 * count + 1)
    return Containers(containers, (contained_reports[reports] > 1).astype(np.uint8))


def _candidates(samples: Samples, is_new: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (pairs, 2) the rows of a shorter and a longer text that share low hashes."""
    keys = [np.zeros(0, np.uint64)]
    for places in _places_by_hash(samples, is_new):
        pairs = _pairs_in_slice(samples, places)
        short, long = (pairs >> _ARTICLE_BITS), (pairs & _ARTICLE_MASK)
        keys.append(pairs[is_new[short.astype(np.int64)] | is_new[long.astype(np.int64)]])
    pairs, shared = np.unique(np.concatenate(keys), return_counts=True)
    pairs = pairs[shared >= _LEAST_SHARED]
    return np.stack([pairs >> _ARTICLE_BITS, pairs & _ARTICLE_MASK], axis=1).astype(np.int64)


def _places_by_hash(samples: Samples, is_new: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of the hashes that new articles have, those of some values at a time."""
    places = None if is_new.all() else _shared_places(samples, is_new)
    hashes = samples.hashes if places is None else samples.hashes[places]
    slices = len(hashes) // _SLICE_HASHES + 1
    bounds = np.linspace(0, 1 << _SAMPLE_BITS, slices + 1, dtype=np.uint32).tolist()
    for low, high in pairwise(bounds):
        found = np.flatnonzero((hashes >= low) & (hashes < high))
        yield found if places is None else places[found]


def _shared_places(samples: Samples, is_new: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the places of all hashes that a new article has."""
    wanted = np.unique(samples.hashes[np.repeat(is_new, samples.sizes)])
    places = [np.zeros(0, np.int64)]
    for start in range(0, len(samples.hashes), _SLICE_HASHES):
        hashes = samples.hashes[start : start + _SLICE_HASHES]
        places.append(start + np.flatnonzero(is_among(hashes, wanted)))
    return np.concatenate(places)


def _pairs_in_slice(samples: Samples, places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the pairs that share a low hash of the shorter one, once for each such hash.

    Args:
        samples: of all articles.
        places: ascending, of the hashes to look at.

    Returns:
        (pairs with repetitions,) the row of the shorter one in the high bits, that of the longer.
    """
    sizes = samples.sizes.astype(np.int64)
    ends = np.cumsum(sizes)
    hashes = samples.hashes[places]
    article = np.searchsorted(ends, places, side="right")
    is_lowest = places - (ends - sizes)[article] < _LOWEST
    is_lowest &= sizes[article] >= LEAST_SAMPLE
    # Most hashes are the lowest of no article, which a table of their last bits tells.
    is_lowest_anywhere = np.zeros(1 << _TABLE_BITS, bool)
    last_bits = hashes & np.uint32((1 << _TABLE_BITS) - 1)
    is_lowest_anywhere[last_bits[is_lowest]] = True
    is_needed = is_lowest_anywhere[last_bits]
    postings = hashes[is_needed].astype(np.uint64) << _ARTICLE_BITS
    postings |= ((article << 1) | is_lowest)[is_needed].astype(np.uint64)
    short, long = _sharing_rows(postings)
    is_longer = (sizes[short] < sizes[long]) | ((sizes[short] == sizes[long]) & (short < long))
    pairs: NDArray[np.uint64] = short[is_longer].astype(np.uint64) << _ARTICLE_BITS
    pairs |= long[is_longer].astype(np.uint64)
    return pairs


def _sharing_rows(postings: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of articles with a hash as one of their lowest, and of others with it.

    Args:
        postings: the hash in the high bits, then its article, in the last bit whether it is one
            of the lowest of that article; sorted in place.
    """
    postings.sort()
    articles = ((postings & _ARTICLE_MASK) >> np.uint64(1)).astype(np.int64)
    values = postings >> _ARTICLE_BITS
    # (different hashes + 1,) where the articles of each begin.
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1], [True]]))
    holders = np.diff(starts)
    is_low = (postings & np.uint64(1)).astype(bool)
    is_low &= np.repeat((holders > 1) & (holders <= _MOST_HOLDERS), holders)
    number = np.searchsorted(starts, np.flatnonzero(is_low), side="right") - 1
    counts = holders[number]
    others = articles[concatenate_ranges(starts[number], starts[number] + counts)]
    return np.repeat(articles[is_low], counts), others


def _contained_shares(samples: Samples, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (pairs,) the share of the first one's sample that is in the second one's."""
    ends = np.cumsum(samples.sizes, dtype=np.int64)
    starts = ends - samples.sizes

    def sample(row: int) -> Sample:
        return samples.hashes[starts[row] : ends[row]]

    shares = [
        np.intersect1d(sample(short), sample(long), assume_unique=True).size
        / int(samples.sizes[short])
        for short, long in pairs.tolist()
    ]
    return np.array(shares, np.float64)
