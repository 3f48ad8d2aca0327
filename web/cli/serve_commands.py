"""Commands that serve the search page: serve and demo."""

from __future__ import annotations

import importlib.resources
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.indexing.index_builder import IndexBuilder
from indexer.intake.ingest import ingest
from indexer.search.service import SearchService
from web import create_app
from web.http.access_log import log_to
from web.http.processes import Processes, door
from web.http.server import Listening, Server
from web.settings import Settings

_PORT = click.IntRange(0, 65_535)

DEMO_HOME = Path("demo")
"""Where `tangthu demo` keeps its archive, below the current folder."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, type=_PORT, show_default=True, help="0 takes a free one.")
@click.option("--threads", default=8, show_default=True, help="Requests of one process at once.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that make pages, one at a time each.",
)
@click.option("--budget", default=1.0, show_default=True, help="Seconds for one page's search.")
@click.option("--no-limits", is_flag=True, help="No rate limits (a proxy or nobody else asks).")
@click.option("--proxies", default=0, show_default=True, help="Trusted proxies in front.")
@click.option("--host-name", multiple=True, help="A name the site may be asked for under.")
@click.option("--access-log", type=click.Path(dir_okay=False), help="A file, or - for output.")
@click.pass_obj
def serve(home: Path, /, **options: Any) -> None:
    """Serve the search page until Ctrl+C or SIGTERM; requests under way are answered first."""
    settings = Settings(
        budget=max(0.01, options["budget"]),
        exports_at_once=max(1, options["threads"] // 2),
        proxies=max(0, options["proxies"]),
        hosts=options["host_name"],
        access_log=bool(options["access_log"]),
    )
    if options["no_limits"]:
        settings = replace(settings, rate="", export_rate="")
    if options["access_log"]:
        log_to(options["access_log"])
    where = Listening(options["host"], options["port"], options["threads"])
    if options["processes"] > 1:
        _serve_in_processes(home, where, settings, options["processes"])
        return
    with Store(home) as store:
        _serve(store, where, settings)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, type=_PORT, show_default=True, help="0 takes a free one.")
@click.option("--no-serve", is_flag=True, help="Only make the archive.")
@click.pass_context
def demo(context: click.Context, host: str, port: int, no_serve: bool) -> None:
    """Take the shipped first article into an archive in ./demo and serve the search page."""
    named = context.find_root().get_parameter_source("home")
    given = named is not None and named.name != "DEFAULT"
    home: Path = context.obj if given else DEMO_HOME
    sample = importlib.resources.files("archive") / "sample" / "first-article.txt"
    with Store(home) as store:
        with importlib.resources.as_file(sample) as path:
            report = ingest(store, [str(path)])
        IndexBuilder(store).update()
        kept = report.added + report.unchanged
        click.echo(f"{kept} article in {home}: try `tangthu --home {home} search cong an`")
        if not no_serve:
            _serve(store, Listening(host, port))


def _serve_in_processes(home: Path, where: Listening, settings: Settings, count: int) -> None:
    # Opened once before, so that what is wrong with it is said once.
    Store(home).close()
    opened = door(where.host, where.port)
    where = replace(where, port=opened.getsockname()[1], door=opened)
    _say_where(where)

    def work() -> None:
        with Store(home) as store:
            _serve(store, where, settings)

    if not Processes(work, count).run():
        raise SystemExit(1)


def _say_where(where: Listening) -> None:
    shown = "127.0.0.1" if where.host in ("0.0.0.0", "::") else where.host  # noqa: S104
    click.echo(f"tangthu: http://{shown}:{where.port}/ (Ctrl+C ends it)")


def _serve(store: Store, where: Listening, settings: Settings | None = None) -> None:
    settings = settings or Settings()
    live = LiveIndex(store.home / "index")
    app = create_app(store, SearchService(store, live), live, settings)
    server = Server(app, where, behind_proxy=settings.proxies > 0)
    if where.door is None:
        _say_where(replace(where, port=server.port))
    try:
        server.run()
    finally:
        live.close()
