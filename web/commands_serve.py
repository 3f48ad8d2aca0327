"""Commands that serve the search page: serve and demo."""

from __future__ import annotations

import importlib.resources
import signal
from pathlib import Path

import click
import waitress

from archive.store import Store
from indexer.building.live import LiveIndex
from indexer.building.rebuild import Builder
from indexer.intake.ingest import ingest
from indexer.searching.search import Searcher
from web import create_app

DEMO_HOME = Path("demo")
"""Where `tangthu demo` keeps its archive, below the current folder."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port; 0 takes a free one.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
@click.pass_obj
def serve(home: Path, host: str, port: int, threads: int) -> None:
    """Serve the search page."""
    with Store(home) as store:
        _serve(store, host, port, threads)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port; 0 takes a free one.")
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
        Builder(store).update()
        kept = report.added + report.unchanged
        click.echo(f"{kept} article in {home}: try `tangthu --home {home} search cong an`")
        if not no_serve:
            _serve(store, host, port, 8)


def _serve(store: Store, host: str, port: int, threads: int) -> None:
    live = LiveIndex(store.home / "index")
    app = create_app(store, Searcher(store, live), live)
    server = waitress.create_server(app, host=host, port=port, threads=threads)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    click.echo(f"tangthu: http://{shown}:{server.effective_port}/ (Ctrl+C ends it)")
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        server.close()
        live.close()


def _stop(number: int, frame: object) -> None:
    """End as Ctrl+C does: waitress lets the requests under way finish."""
    raise SystemExit(0)
