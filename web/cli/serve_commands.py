"""Commands that serve the search page: serve and demo."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from archive.database import require_catalogue
from archive.errors import ArchiveError
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.open_archive import OpenArchive, open_archive
from web.access.readers import refuse_unusable_access
from web.app import compile_templates, create_app
from web.cli.archive_home import pass_archive
from web.cli.background_rebuild import background_rebuild
from web.cli.option_needs import refuse_beside, refuse_without
from web.cli.translated_output import say
from web.http.access_log import log_to
from web.http.bounded_log import bound_error_log
from web.http.server import Server, ServerAddress
from web.settings import PROXY_HEADERS, Settings

_PORT = click.IntRange(0, 65_535)

DEMO_HOME = Path("demo")
"""Where `tangthu demo` keeps its archive, below the current folder."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, type=_PORT, show_default=True, help="0 takes a free one.")
@click.option(
    "--threads",
    type=click.IntRange(1, 1000),
    default=8,
    show_default=True,
    help="Requests of one process at once.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes, each of which makes one page at a time; more than one needs gunicorn.",
)
@click.option(
    "--budget",
    type=click.FloatRange(0.01, 3600),
    metavar="SECONDS",
    default=1.0,
    show_default=True,
    help="Processor seconds of one page.",
)
@click.option(
    "--no-limits",
    is_flag=True,
    help="No limits for each client: where a proxy has them, or only you ask.",
)
@click.option(
    "--proxies",
    type=click.IntRange(0, 100),
    default=0,
    show_default=True,
    help="Trusted proxies in front.",
)
@click.option(
    "--proxy-header",
    multiple=True,
    type=click.Choice(PROXY_HEADERS),
    default=Settings().proxy_headers,
    show_default=True,
    help="Which X-Forwarded-… of the proxies is trusted; repeatable.",
)
@click.option(
    "--host-name", multiple=True, help="Name under which the site may be asked for; repeatable."
)
@click.option("--no-rebuild", is_flag=True, help="Do not rebuild an index of another version.")
@click.option(
    "--access-log",
    type=click.Path(dir_okay=False),
    help="File for a line a request, or - for standard output.",
)
@pass_archive
def serve(home: Path, /, **options: Any) -> None:
    """Serve the search page until Ctrl+C or SIGTERM; requests under way are answered first."""
    refuse_without("proxies", "proxy_header")
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


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, type=_PORT, show_default=True, help="0 takes a free one.")
@click.option("--no-serve", is_flag=True, help="Only make the archive.")
@click.pass_context
def demo(context: click.Context, host: str, port: int, no_serve: bool) -> None:
    """Take the shipped first article into an archive in ./demo and serve the search page."""
    refuse_beside("no_serve", "host", "port")
    source = context.find_root().get_parameter_source("home")
    home: Path = DEMO_HOME if source is ParameterSource.DEFAULT else context.obj
    if home is not DEMO_HOME:
        require_catalogue(home)
    sample = importlib.resources.files("archive") / "sample" / "first-article.txt"
    with open_archive(home) as archive:
        with importlib.resources.as_file(sample) as path:
            report = ingest(archive.store, [str(path)])
        IndexBuilder(archive.store).update()
        count = report.added + report.unchanged
        say(f"{count} article in {home}: try `tangthu --home {home} search cong an`")
        if not no_serve:
            _serve(archive, ServerAddress(host, port), Settings())


def _serve_in_processes(home: Path, address: ServerAddress, settings: Settings, count: int) -> bool:
    """Serve with gunicorn; False, and a sentence, where it is not installed."""
    if find_spec("gunicorn") is None:
        say(
            "tangthu: only one process serves; more of them need gunicorn: "
            "pip install 'tangthu[server]'",
            err=True,
        )
        return False
    from web.http.gunicorn_server import GunicornServer, listening_socket

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
