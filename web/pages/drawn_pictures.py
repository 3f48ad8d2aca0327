"""Drawn pictures: from the cache of the home, or drawn now, for whoever may see the original."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, request

from archive.errors import IntakeError, WithdrawnError
from archive.originals.picture_cache import PictureCache
from archive.records import Article, Version
from indexer.intake.pictures.picture_artist import Drawing
from indexer.intake.pictures.picture_sizes import MEDIA_TYPE
from web.http.drawing_turns import drawing_turn
from web.http.static_files import KEPT_SECONDS
from web.pages.article_versions import find_version
from web.pages.picture_addresses import DIGEST_LENGTH, DRAWING_VERSION, PICTURE_DIGEST, cached_name
from web.services import current_archive


@dataclass(frozen=True, slots=True)
class PictureSource:
    """The source of a picture: the bytes that it is drawn from, in a version of an article.

    Attributes:
        identifier: The article.
        version: The number of the version; None is the newest.
        digest: The SHA-256 of the bytes.
        read: Reads the bytes.
    """

    identifier: str
    version: int | None
    digest: str
    read: Callable[[], bytes]


def shown_version(identifier: str, number: int | None) -> tuple[Article, Version]:
    """Return an article and its version, of which the original may be seen.

    Raises:
        NotFoundError: there is no such version, or it is withheld, or its original is.
    """
    store = current_archive().store
    try:
        article = store.get(identifier, number)
        version = find_version(store.versions(identifier), number)
        store.refuse_original(identifier)
    except WithdrawnError:
        # Another host may have withheld it: what was drawn here goes too.
        PictureCache(store.home).discard(identifier)
        raise
    return article, version


def send_drawn(source: PictureSource, drawing: Drawing) -> Response:
    """Send a picture; 404 where it cannot be drawn.

    Browsers keep it for a year under an address with its digest, but no cache of others does: a
    removed article's pictures are nobody's.
    """
    picture = _find_or_draw(source, drawing)
    if not picture:
        abort(404)
    answer = Response(picture, content_type=MEDIA_TYPE)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Robots-Tag"] = "noindex"
    rule = "private, no-cache"
    if PICTURE_DIGEST.read(request.args) == source.digest[:DIGEST_LENGTH]:
        rule = f"private, max-age={KEPT_SECONDS}, immutable"
    answer.headers["Cache-Control"] = rule
    answer.set_etag(f"{source.digest[:DIGEST_LENGTH]}-{DRAWING_VERSION}")
    answer.make_conditional(request)
    return answer


def _find_or_draw(source: PictureSource, drawing: Drawing) -> bytes:
    """Return a picture from the cache, or draw it in its turn; empty for what cannot be drawn."""
    archive = current_archive()
    cache = PictureCache(archive.store.home)
    name = cached_name(source.digest, drawing.page, drawing.size)
    picture = cache.read(source.identifier, name)
    if picture is not None:
        return picture
    with drawing_turn():
        # Another request may have drawn it meanwhile.
        picture = cache.read(source.identifier, name)
        if picture is None:
            try:
                picture = archive.artist.draw(drawing, source.read())
            except IntakeError:
                picture = b""
            cache.write(source.identifier, name, picture)
    # It may have been withheld while it was drawn.
    shown_version(source.identifier, source.version)
    return picture
