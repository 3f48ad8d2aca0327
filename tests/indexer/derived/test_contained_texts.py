"""A short sample that is nearly whole in a long one belongs to a contained text."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.derived import contained_texts
from indexer.derived.contained_texts import (
    LEAST_SAMPLE,
    Containers,
    Samples,
    choose_containers,
    find_contained,
    sample_shingles,
)


def numbers(low: int, high: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Return hashes spread over all that are sampled."""
    return (np.arange(low, high, dtype=np.uint64) * 104_729 % (1 << 30)).astype(np.uint32)


def containers(*texts: object, figures: list[int] | None = None, groups: list[int]) -> Containers:
    """Return the containers of texts that are given by their hashes."""
    arrays = [np.unique(np.asarray(text, np.uint32)) for text in texts]
    samples = Samples(np.concatenate(arrays), np.array([len(each) for each in arrays], np.uint32))
    contained = find_contained(
        samples, np.array(figures or [0] * len(texts), np.uint32), np.ones(len(texts), bool)
    )
    return choose_containers(contained, samples.sizes, np.array(groups, np.uint32))


@pytest.mark.parametrize("slice_hashes", [1 << 21, 64])
def test_the_parts_of_a_digest_are_contained_and_not_near_one_another(
    monkeypatch: pytest.MonkeyPatch, slice_hashes: int
) -> None:
    monkeypatch.setattr(contained_texts, "_SLICE_HASHES", slice_hashes)
    parts = [numbers(100 * start, 100 * start + 40) for start in range(1, 6)]
    digest = np.concatenate([numbers(0, 90), *parts])
    result = containers(*parts, digest, numbers(5000, 5100), groups=[0] * 7)
    assert result.containers.tolist() == [6] * 5 + [0, 0]
    assert result.collections.tolist() == [0] * 5 + [1, 0]


def test_reprints_of_one_report_make_no_collection() -> None:
    report, article = numbers(0, 60), numbers(0, 300)
    result = containers(report, report, article, groups=[1, 1, 0])
    assert result.containers.tolist() == [3, 3, 0]
    assert result.collections.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("shared", "is_contained"), [(100, True), (90, True), (60, False), (20, False), (0, False)]
)
def test_nearly_all_of_a_text_has_to_be_in_the_other(shared: int, is_contained: bool) -> None:
    short = np.concatenate([numbers(0, shared), numbers(7000, 7100 - shared)])
    result = containers(short, numbers(0, 600), groups=[0, 0])
    assert result.containers.tolist() == [2 if is_contained else 0, 0]


@pytest.mark.parametrize(
    ("figures", "groups", "container"),
    [([0, 9], [0, 0], 2), ([9, 9], [0, 0], 2), ([8, 9], [0, 0], 0), ([0, 0], [3, 3], 0)],
)
def test_other_figures_are_other_reports_and_groups_need_no_container(
    figures: list[int], groups: list[int], container: int
) -> None:
    texts = numbers(0, 50), numbers(0, 200)
    assert containers(*texts, figures=figures, groups=groups).containers[0] == container


def test_the_container_is_the_one_with_most_and_of_those_the_shortest() -> None:
    short = numbers(0, 100)
    nearly = np.concatenate([numbers(0, 85), numbers(300, 400)])
    longest, shorter = numbers(0, 900), numbers(0, 500)
    assert containers(short, nearly, longest, shorter, groups=[0] * 4).containers[0] == 4


def test_tiny_samples_are_not_compared() -> None:
    texts = numbers(0, LEAST_SAMPLE - 1), numbers(0, 200)
    assert not containers(*texts, groups=[0, 0]).containers.any()
    assert containers(numbers(0, 0), groups=[0]).containers.tolist() == [0]


def test_a_sample_is_about_a_quarter_of_the_shingles_each_once() -> None:
    shingles = np.random.default_rng(3).integers(0, 1 << 63, 8000).astype(np.uint64)
    article = np.repeat(np.arange(3), [4000, 0, 4000])
    samples = sample_shingles(np.tile(shingles, 2), np.tile(article, 2), 3)
    first, empty, last = samples.by_article()
    assert len(empty) == 0
    for sample in (first, last):
        assert 900 < len(sample) < 1100
        assert (np.diff(sample.astype(np.int64)) > 0).all()


@pytest.mark.parametrize("slice_hashes", [1 << 21, 64])
def test_the_pairs_of_new_texts_are_those_of_all_with_them(
    monkeypatch: pytest.MonkeyPatch, slice_hashes: int
) -> None:
    monkeypatch.setattr(contained_texts, "_SLICE_HASHES", slice_hashes)
    rng = np.random.default_rng(8)
    starts = rng.integers(0, 4000, 200).tolist()
    hashes = [np.sort(numbers(start, start + int(rng.integers(8, 300)))) for start in starts]
    sizes = np.array(list(map(len, hashes)), np.uint32)
    samples = Samples(np.concatenate(hashes), sizes)
    figures = rng.integers(0, 3, 200).astype(np.uint32)
    all_pairs = find_contained(samples, figures, np.ones(200, bool))
    assert len(all_pairs.pairs) > 100
    for share in (0.0, 0.02, 0.5, 1.0):
        is_new = rng.random(200) < share
        contained = find_contained(samples, figures, is_new)
        with_new = is_new[all_pairs.pairs].any(axis=1)
        assert contained.pairs.tolist() == all_pairs.pairs[with_new].tolist()
        assert contained.shares.tolist() == all_pairs.shares[with_new].tolist()
