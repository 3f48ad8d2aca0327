"""The article: its page with hits marked, its versions, its original and its references."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, render_template, request

from archive.errors import NotFoundError
from archive.records import Version, canonical_url
from web.export.citations import bibtex, csl, reference, ris, sentence
from web.export.formats import FORMATS, attachment
from web.pages.differences import difference
from web.pages.hit_anchors import HitMarks
from web.pages.provenance import original_name
from web.pages.search_params import number
from web.services import current_archive

pages = Blueprint("articles", __name__)

LONGEST_QUERY = 2000
"""Characters of the query that are marked in an article."""

SIMILAR = 5
"""Similar articles that are offered."""

_LAST_VERSION = 999_999_999


@pages.get("/article/<identifier>")
def article(identifier: str) -> str:
    """One article: `?q=` marks the words of a query, `?version=` shows an older version."""
    archive, wanted = current_archive(), _number("version")
    shown, versions = archive.store.get(identifier, wanted), archive.store.versions(identifier)
    version = _version(versions, wanted)
    text = request.args.get("q", "")[:LONGEST_QUERY]
    about = reference(shown)
    return render_template(
        "article.html",
        article=shown,
        headings=[section.heading_line for section in shown.sections],
        origin=canonical_url(shown.url) and shown.url,
        marks=HitMarks(archive.search.highlighter(text)),
        q=text,
        versions=versions,
        version=version,
        captured=_captured,
        original_name=original_name(version),
        similar=archive.search.similar(identifier, SIMILAR) if wanted is None else (),
        cited=sentence(about),
        bibtex=bibtex(about),
    )


@pages.get("/article/<identifier>/changes")
def changes(identifier: str) -> str:
    """What changed from one version to another: `?old=&new=`; without them, by the last one."""
    store = current_archive().store
    versions = store.versions(identifier)
    new = _version(versions, _number("new"))
    before = [one for one in versions if one.number < new.number] or [new]
    old = _version(versions, _number("old") or before[-1].number)
    newer = store.get(identifier, new.number)
    return render_template(
        "changes.html",
        article=newer,
        old=old,
        new=new,
        versions=versions,
        captured=_captured,
        lines=difference(store.get(identifier, old.number), newer),
    )


@pages.get("/article/<identifier>/original")
def original(identifier: str) -> Response:
    """The bytes an article was read from, to be kept as a file and never shown."""
    store, wanted = current_archive().store, _number("version")
    version = _version(store.versions(identifier), wanted)
    if wanted is None:
        # The newest version of a deleted article is only there for who names it.
        store.get(identifier)
    answer = Response(
        store.read_original(identifier, version.number), content_type="application/octet-stream"
    )
    answer.headers["Content-Disposition"] = attachment(_file_name(identifier, version))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@pages.get("/article/<identifier>/cite.<kind>")
def cite(identifier: str, kind: str) -> Response:
    """A reference to the article: `bib`, `ris` or `json` (CSL-JSON)."""
    about = reference(current_archive().store.get(identifier, _number("version")))
    if kind == "json":
        answer = jsonify([csl(about)])
        answer.content_type = "application/vnd.citationstyles.csl+json"
    elif kind in ("bib", "ris"):
        text = bibtex(about) if kind == "bib" else ris(about)
        answer = Response(text, content_type=FORMATS[kind].media_type)
    else:
        abort(404)
    answer.headers["Content-Disposition"] = attachment(f"{about.key}.{kind}")
    return answer


def _number(name: str) -> int | None:
    """The number of a version in the address; None when there is none, or no number."""
    return number(request.args.get(name, ""), 0, _LAST_VERSION) or None


def _version(versions: list[Version], wanted: int | None) -> Version:
    """The version of this number, else the newest.

    Raises:
        NotFoundError: there is none of this number.
    """
    if wanted is None:
        return versions[-1]
    for version in versions:
        if version.number == wanted:
            return version
    raise NotFoundError(str(wanted), f"there is no version {wanted} of this article")


def _captured(version: Version) -> datetime:
    return datetime.fromisoformat(version.captured)


def _file_name(identifier: str, version: Version) -> str:
    """The original's own name behind the article's, so that two of them never meet."""
    return f"{identifier}-{version.number}-{original_name(version)}"
