"""The engine on a cluster gives the answers of the embedded one, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import (
    And,
    Column,
    Coverage,
    InSection,
    MatchAll,
    Or,
    Prefix,
    Query,
    Term,
)
from indexer.engine.records import EngineQuery
from indexer.engine_factory import open_engine, open_writer
from indexer.opensearch_engine.expanded_nodes import ExpandedNode
from indexer.opensearch_engine.mapping import COVERAGE_FIELDS, WORDS_OF
from indexer.opensearch_engine.query_walk import walk
from tests.indexer.opensearch_engine.cluster_indices import create_index
from tests.indexer.opensearch_engine.random_documents import documents_of
from tests.opensearch_server import delete_indices
from tests.oracle.test_oracle import EXTRAS, queries

NAME = "test-same-answers"
ENOUGH = Or(
    (Prefix(Field.PAIRS, "an b"), MatchAll(), Prefix(Field.EXACT, "á", limit=1)),
    minimum_should_match=1.2,
    weights=(1.0, 0.7, 0.1),
)
"""An alternative whose parts have to weigh enough together."""

COLUMNS = (Column.PUBLISHER, Column.MONTH, Column.AUTHOR, Column.PERSON)


@pytest.fixture(scope="module")
def both(
    opensearch_urls: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    """Yield the embedded engine and one on the cluster, of the same documents."""
    folder = tmp_path_factory.mktemp("both")
    delete_indices(opensearch_urls[0], NAME)
    create_index(opensearch_urls, folder / "cluster", NAME)
    with ExitStack() as opened:
        engines = []
        for name in ("embedded", "cluster"):
            with open_writer(folder / name) as writer:
                for document in documents_of(40, seed=8):
                    writer.add(document)
                writer.commit(1)
            engine = open_engine(folder / name)
            opened.callback(engine.close)
            engines.append(engine)
        yield engines[0], engines[1]
    delete_indices(opensearch_urls[0], NAME)


def is_asked_of_clusters(query: Query) -> bool:
    """Coverage is kept for titles alone; patterns of pairs stand outside of sections.

    Inside of them a pair is a phrase, which an extra term of a place may be part of.
    """
    nodes = list(walk(query))
    covered = {node.field for node in nodes if isinstance(node, Coverage)}
    pairs = any(_is_pattern_of_pairs(node) or _is_pair_of_extra(node) for node in nodes)
    in_section = any(isinstance(node, InSection) for node in nodes)
    return covered <= COVERAGE_FIELDS.keys() and not (pairs and in_section)


def _is_pattern_of_pairs(node: Query) -> bool:
    return isinstance(node, ExpandedNode) and node.field in WORDS_OF


def _is_pair_of_extra(node: Query) -> bool:
    is_pair = isinstance(node, Term) and node.field in WORDS_OF
    return is_pair and not set(EXTRAS).isdisjoint(node.text.split())


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(query=queries.filter(is_asked_of_clusters))
# What stands twice is asked once with twice its score; no more of it matches.
@example(query=And((ENOUGH, ENOUGH)))
@example(query=Or((ENOUGH, And((MatchAll(), ENOUGH)), ENOUGH)))
@example(query=And((And((ENOUGH,)), ENOUGH)))
def test_random_queries_have_the_same_answers(both: tuple[Engine, Engine], query: Query) -> None:
    request = EngineQuery(query, limit=100, facets=COLUMNS, counts=(query,))
    embedded, cluster = (engine.search(request) for engine in both)
    assert cluster.total == embedded.total
    assert {hit.identifier for hit in cluster.hits} == {hit.identifier for hit in embedded.hits}
    assert (cluster.counts, cluster.facets) == (embedded.counts, embedded.facets)
