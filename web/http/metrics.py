"""Metrics for Prometheus at /metrics: requests, their seconds, and the size of the archive."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from archive.store import Store
from indexer.generations.generations import has_unmerged_index, read_engine_health, read_index_state
from indexer.open_archive import OpenArchive
from web.http.originals_watch import OriginalsState, OriginalsWatch, watch_of

blueprint = Blueprint("metrics", __name__)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
"""The bucket bounds of the histogram of request times."""

_NO_ENDPOINT = "none"
"""The label of requests to unknown addresses, which are too many to be labels themselves."""


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return all metrics in the text format of Prometheus."""
    registry: CollectorRegistry = current_app.extensions["tangthu.metrics"]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def register(app: Flask, archive: OpenArchive) -> None:
    """Let the application count its requests."""
    registry = app.extensions["tangthu.metrics"] = _make_registry(archive.store)
    children = Gauge("tangthu_drawing_children", "Children that draw pictures", registry=registry)
    children.set_function(lambda: archive.artist.child_count)
    if (watch := watch_of(app)).is_on:
        _add_storage(registry, watch)
    figures = RequestFigures(registry)
    app.before_request(figures.begin_request)
    app.after_request(figures.count_on_close)


class RequestFigures:
    """Number, seconds and endpoints of the requests of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "tangthu_requests",
            "Requests answered",
            ("endpoint", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "tangthu_request_seconds",
            "Seconds from a request to the end of its answer",
            ("endpoint",),
            buckets=SECONDS,
            registry=registry,
        )
        self._under_way = Gauge(
            "tangthu_requests_under_way", "Requests being answered", registry=registry
        )

    def begin_request(self) -> None:
        """Note when the request of this context began."""
        g.metrics_started = time.perf_counter()
        self._under_way.inc()

    def count_on_close(self, response: Response) -> Response:
        """Let a response be counted once its last byte is sent."""
        started = g.pop("metrics_started", None)
        if started is None:
            return response
        endpoint = request.endpoint or _NO_ENDPOINT
        method = request.method if request.endpoint else _NO_ENDPOINT

        def count() -> None:
            self._under_way.dec()
            self._seconds.labels(endpoint).observe(time.perf_counter() - started)
            self._requests.labels(endpoint, method, response.status_code).inc()

        response.call_on_close(count)
        return response


def _add_storage(registry: CollectorRegistry, watch: OriginalsWatch) -> None:
    """Add the figures of originals in an object storage."""
    answers = Gauge("tangthu_object_storage_up", "Whether it answered last", registry=registry)
    answers.set_function(lambda: watch.state() != OriginalsState.AWAY)
    text = "Pieces of originals that `tangthu ship` has to finish"
    unfinished = Gauge("tangthu_unfinished_pieces", text, registry=registry)
    unfinished.set_function(watch.unfinished_count)


def _make_registry(store: Store) -> CollectorRegistry:
    """Return a registry with the figures of this process and of the archive."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    for name, text, read_value in (
        ("tangthu_articles", "Articles kept, the deleted ones left out", store.count_articles),
        (
            "tangthu_indexed_articles",
            "Articles in the live generation",
            lambda: read_index_state(store).documents,
        ),
        ("tangthu_sequence", "The last change of the store", store.last_sequence),
        (
            "tangthu_indexed_sequence",
            "The last change in the live generation",
            lambda: read_index_state(store).sequence,
        ),
        (
            "tangthu_engine_up",
            "1 where every shard of the live index answers, 0 where some or all are away",
            lambda: read_engine_health(store).status in ("green", "yellow"),
        ),
        (
            "tangthu_engine_missing_shards",
            "Copies of shards of the live index that are on no node",
            lambda: read_engine_health(store).missing_shards,
        ),
        (
            "tangthu_engine_unmerged",
            "1 where the live index takes up to twice the disk: its merge did not end",
            lambda: has_unmerged_index(store),
        ),
    ):
        Gauge(name, text, registry=registry).set_function(read_value)
    return registry
