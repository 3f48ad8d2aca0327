"""Figures for Prometheus at /metrics: requests, their time, and what is kept and indexed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

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
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from archive.errors import NoIndexError
from indexer.open_archive import OpenArchive

pages = Blueprint("metrics", __name__)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
"""The bounds of the histogram of times."""

_NOWHERE = "none"
"""The endpoint of an address that leads nowhere: addresses themselves would have no end."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of requests."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    under_way: Gauge


class _Archive(Collector):
    """What is kept and indexed, read when it is asked for."""

    def __init__(self, archive: OpenArchive) -> None:
        self._archive = archive

    def collect(self) -> Iterator[Metric]:
        """The gauges of this moment."""
        documents = sequence = 0
        try:
            with self._archive.live_index.open_generation() as opened:
                status = opened.engine.status()
                documents, sequence = status.documents, status.sequence
        except NoIndexError:
            pass
        store = self._archive.store
        for name, text, value in (
            (
                "tangthu_articles",
                "Articles kept, the deleted ones left out",
                store.count_articles(),
            ),
            ("tangthu_indexed_articles", "Articles in the live generation", documents),
            ("tangthu_sequence", "The last change of the store", store.last_sequence()),
            ("tangthu_indexed_sequence", "The last change in the live generation", sequence),
        ):
            yield GaugeMetricFamily(name, text, value)


@pages.get("/metrics")
def metrics() -> Response:
    """Everything that is counted, in the text format of Prometheus."""
    figures: Figures = current_app.extensions["tangthu.figures"]
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)


def register(app: Flask, archive: OpenArchive) -> None:
    """Let the application count its requests."""
    figures = _figures(archive)
    app.extensions["tangthu.figures"] = figures

    @app.before_request
    def begin() -> None:
        g.counted_from = time.perf_counter()
        figures.under_way.inc()

    @app.after_request
    def count(response: Response) -> Response:
        began = g.pop("counted_from", None)
        if began is None:
            return response
        endpoint = request.endpoint or _NOWHERE

        def end() -> None:
            figures.under_way.dec()
            figures.seconds.labels(endpoint).observe(time.perf_counter() - began)
            figures.requests.labels(endpoint, request_method, response.status_code).inc()

        request_method = request.method if request.endpoint else _NOWHERE
        response.call_on_close(end)
        return response


def _figures(archive: OpenArchive) -> Figures:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Archive(archive))
    return Figures(
        registry,
        Counter(
            "tangthu_requests",
            "Requests answered",
            ("endpoint", "method", "status"),
            registry=registry,
        ),
        Histogram(
            "tangthu_request_seconds",
            "Seconds from a request to the end of its answer",
            ("endpoint",),
            buckets=SECONDS,
            registry=registry,
        ),
        Gauge("tangthu_requests_under_way", "Requests being answered", registry=registry),
    )
