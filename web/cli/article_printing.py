"""Printing one article, and finding it by what it is called."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import NotFoundError
from archive.records import Article, to_dict
from archive.store import Store
from indexer.search.query.lookups import find_named
from indexer.vietnamese.dates import readable_date
from web.citations.citations import join_names
from web.citations.provenance import origin_line, origin_record, origins_of_version, title_keys
from web.cli.printed_output import print_json, print_line, print_text
from web.cli.translated_output import translate


def print_article(home: Path, name: str, as_json: bool, number: int | None) -> None:
    """Print an article, or a version of it, with its originals."""
    with Store(home) as store:
        identifier = resolve(store, name)
        versions = reversed(store.versions(identifier))
        version = next((each for each in versions if number in (None, each.number)), None)
        if version is None:
            raise NotFoundError(identifier, f"{identifier} has no version {number}")
        article = store.get(identifier, number)
        origins = origins_of_version(store.origins(article.identifier), version)
    if as_json:
        record = {**to_dict(article), **title_keys(article)}
        record["origins"] = [origin_record(origin) for origin in origins]
        print_json(record, indent=2)
        return
    print_text(_as_text(article))
    if len(origins) > 1:
        print_text(translate("\noriginals:"))
        for origin in origins:
            print_line(origin_line(origin))


def resolve(store: Store, name: str) -> str:
    """Return the identifier of the one article with a name, also of one that is withheld.

    Raises:
        UsageError: several have it; it says which.
    """
    # An argument that is no valid text names no article.
    name = name.encode("utf-8", "replace").decode()
    found = find_named(store, name)
    if len(found) > 1:
        raise click.UsageError(f"several articles have this name: {' '.join(found)}")
    return found[0] if found else name


def _as_text(article: Article) -> str:
    published = readable_date(article.published, article.published_precision, clock=True)
    subtitle = " · ".join(filter(None, (article.publisher, published, article.url)))
    lines = [article.shown_title, subtitle, "", article.lead]
    for section in article.sections:
        locator = f"[{section.locator}]" if section.locator else ""
        named = " ".join(filter(None, (locator, section.heading_line)))
        lines += ["", named, *section.paragraphs]
    lines += ["", *(f"[{caption.text}]" for caption in article.captions)]
    lines += [join_names(article.authors)]
    return "\n".join(lines).strip()
