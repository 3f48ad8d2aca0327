"""Commands that serve the search page: serve and demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from web.cli.archive_home import pass_archive
from web.cli.option_needs import refuse_beside, refuse_without
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

    from web.cli.site_serving import serve_archive

    serve_archive(home, options)


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
    # Imported here: help is printed without any of it.
    from archive.catalogue.database import require_catalogue
    from web.cli.site_serving import make_demo
    from web.http.server import ServerAddress

    if home is not DEMO_HOME:
        require_catalogue(home)
    make_demo(home, None if no_serve else ServerAddress(host, port))
