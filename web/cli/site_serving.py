"""Serving the search page of an archive, in one process or many."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from web.access.readers import refuse_unusable_access
from web.app import compile_templates, create_app
from web.cli.background_rebuild import background_rebuild
from web.cli.translated_output import say
from web.http.access_log import log_to
from web.http.bounded_log import bound_error_log
from web.http.server import Server, ServerAddress
from web.settings import Settings


def serve_archive(home: Path, options: dict[str, Any]) -> None:
    """Serve an archive as the options of `serve` say."""
    settings = Settings(
        budget=options["budget"],
        most_waiting=max(1, options["threads"] - 1),
        exports_at_once=max(1, options["threads"] // 2),
        proxies=options["proxies"],
        proxy_headers=options["proxy_header"],
        hosts=options["host_name"],
        access_log=bool(options["access_log"]),
    )
    if options["no_limits"]:
        settings = replace(settings, rate="", export_rate="", seconds_per_minute=0.0)
    if options["access_log"]:
        log_to(options["access_log"])
    address = ServerAddress(options["host"], options["port"], options["threads"])
    count = options["processes"]
    with background_rebuild(home, not options["no_rebuild"]):
        if count > 1 and _serve_in_processes(home, address, settings, count):
            return
        with open_archive(home) as archive:
            _serve(archive, address, settings)


def make_demo(home: Path, address: ServerAddress | None) -> None:
    """Take the shipped first article into an archive, and serve it at an address, if any."""
    sample = importlib.resources.files("archive") / "sample" / "first-article.txt"
    with open_archive(home) as archive:
        with importlib.resources.as_file(sample) as path:
            report = ingest(archive.store, [str(path)])
        IndexBuilder(archive.store).update()
        count = report.added + report.unchanged
        say(f"{count} article in {home}: try `tangthu --home {home} search cong an`")
        if address:
            _serve(archive, address, Settings())


def _serve_in_processes(home: Path, address: ServerAddress, settings: Settings, count: int) -> bool:
    """Serve with gunicorn; False, and a sentence, where it is not installed."""
    if find_spec("gunicorn") is None:
        say(
            "tangthu: only one process serves; more of them need gunicorn: "
            "pip install 'tangthu[server]'",
            err=True,
        )
        return False
    from web.cli.gunicorn_server import GunicornServer, listening_socket

    # Opened once before, so that a damaged archive is named once.
    open_archive(home).close()
    with _refused_address_named(address):
        listener = listening_socket(address)
    _print_address(address.host, listener.getsockname()[1])
    GunicornServer(home, settings, listener, count, address.threads).run()
    return True


@contextmanager
def _refused_address_named(address: ServerAddress) -> Iterator[None]:
    """Name the address that cannot be listened at, and what to do about it."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"{address.host}, port {address.port}: {error.strerror or error}; end the other "
            "program, or take another port or address (--port, --host)"
        ) from error


def _print_address(host: str, port: int) -> None:
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    say(f"tangthu: http://{name}:{port}/ (Ctrl+C ends it)")


def _serve(archive: OpenArchive, address: ServerAddress, settings: Settings) -> None:
    bound_error_log()
    app = create_app(archive, settings)
    refuse_unusable_access(app, settings)
    compile_templates(app)
    with _refused_address_named(address):
        server = Server(app, address, settings.proxies > 0, settings.exports_at_once)
    _print_address(address.host, server.port)
    server.run()
