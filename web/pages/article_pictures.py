"""The pictures of saved pages that their captures have: figures of an article, thumbnails of hits.

Readers get them drawn anew alone, never the bytes that came.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urljoin, urlsplit

from flask import Blueprint, Response, abort, request

from archive.captured_picture import CapturedPicture
from archive.errors import WithdrawnError
from archive.originals.captures import CapturedResource
from archive.records import Article, Caption, Version
from archive.store import Store
from indexer.intake.pictures.picture_artist import Drawing
from indexer.intake.pictures.picture_sizes import PictureSize
from indexer.search.search_records import ResultHit
from web.addresses.parameter_checks import takes
from web.pages.article_versions import VERSION
from web.pages.drawn_pictures import PictureSource, send_drawn, shown_version
from web.pages.picture_addresses import (
    PICTURE_DIGEST,
    ShownPicture,
    captured_picture,
    is_undrawable,
    page_picture,
)
from web.services import current_archive

blueprint = Blueprint("article_pictures", __name__)

MOST_SHOWN = 30
"""Pictures of one article that are shown."""

_MOST_OF_HIT = 3
"""Pictures of a hit among which its thumbnail is looked for."""

_LONGEST_ADDRESS = 2000
_DRAWABLE = frozenset(f"image/{kind}" for kind in "jpeg jpg pjpeg png gif webp bmp".split())
_FILE_NAME = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture of an article that is in the archive.

    Attributes:
        number: Its place among the article's pictures, from 1.
        picture: What its page says of it.
        digest: That of its bytes.
        capture: Its capture; None where the page itself holds it.
    """

    number: int
    picture: CapturedPicture
    digest: str
    capture: CapturedResource | None = None

    @property
    def alt(self) -> str:
        """The text in its place: what its caption does not say, and is no name of a file."""
        alt, caption = self.picture.alt, self.picture.caption
        is_said = alt.casefold()[:40] in caption.casefold()
        return "" if is_said or alt.lower().endswith(_FILE_NAME) else alt


@dataclass(frozen=True, slots=True)
class ArticleFigure:
    """A picture as an article shows it.

    Attributes:
        picture: Where it is drawn for the reading column.
        thumbnail: Where it is drawn small.
        alt: The text in its place; empty where the caption says all.
        caption: Its caption; None where it has none.
        follows: The place that it stands below (`CapturedPicture.follows`).
    """

    picture: ShownPicture
    thumbnail: ShownPicture
    alt: str
    caption: Caption | None = None
    follows: str = ""


def find_pictures(
    store: Store,
    pictures: Sequence[tuple[int, CapturedPicture]],
    base: str,
    captures: dict[str, list[CapturedResource]] | None = None,
    moment: datetime | None = None,
) -> list[FoundPicture]:
    """Return those pictures of an article that are in the archive, in order.

    Args:
        store: The archive's store.
        pictures: The pictures with their numbers.
        base: The address of their page.
        captures: What was captured at their addresses; None has it looked up.
        moment: When their page was captured: of several captures the nearest is taken.
    """
    if captures is None:
        captures = store.captures_of(addresses_of((each for _, each in pictures), base))
    found = []
    for number, picture in pictures:
        if picture.embedded:
            found.append(FoundPicture(number, picture, picture.embedded))
            continue
        for address in _absolute(picture, base):
            capture = _nearest(captures.get(address, ()), moment)
            if capture is not None:
                found.append(FoundPicture(number, picture, capture.digest, capture))
                break
    return found


def addresses_of(pictures: Iterable[CapturedPicture], base: str) -> set[str]:
    """Return the whole addresses of pictures on a page."""
    return {address for picture in pictures for address in _absolute(picture, base)}


def article_figures(store: Store, article: Article, version: Version) -> list[ArticleFigure]:
    """Return the pictures of an article that readers may see, in order."""
    numbered = list(enumerate(article.pictures, 1))[:MOST_SHOWN]
    if not numbered:
        return []
    try:
        store.refuse_original(article.identifier)
    except WithdrawnError:
        return []
    moment = datetime.fromisoformat(version.captured)
    captions = {caption.text: caption for caption in article.captions}
    address = partial(captured_picture, article.identifier, version=VERSION.read(request.args))
    return [
        ArticleFigure(
            address(found.digest, found.number, PictureSize.LARGE, _ratio(found.picture)),
            address(found.digest, found.number, PictureSize.SMALL, _ratio(found.picture)),
            found.alt,
            captions.get(found.picture.caption),
            found.picture.follows,
        )
        for found in find_pictures(store, numbered, article.url, moment=moment)
        if not is_undrawable(article.identifier, found.digest)
    ]


def hit_thumbnails(store: Store, hits: Collection[ResultHit]) -> dict[str, ShownPicture]:
    """Return the thumbnails of hits: the page of the document, or the first picture captured."""
    pages = {hit.identifier: _page_of(hit) for hit in hits if hit.section and hit.section.page}
    pictured = [hit for hit in hits if hit.pictures and hit.identifier not in pages]
    return pages | (_captured_thumbnails(store, pictured) if pictured else {})


def _page_of(hit: ResultHit) -> ShownPicture:
    """Return the page that a hit is on, as it was printed."""
    number = hit.section.page if hit.section else 1
    return page_picture(hit.identifier, hit.digest, number, PictureSize.SMALL)


def _captured_thumbnails(store: Store, hits: Collection[ResultHit]) -> dict[str, ShownPicture]:
    addresses = set[str]()
    for hit in hits:
        addresses |= addresses_of(hit.pictures[:_MOST_OF_HIT], hit.url)
    captures = store.captures_of(addresses)
    thumbnails = {}
    for hit in hits:
        first = list(enumerate(hit.pictures[:_MOST_OF_HIT], 1))
        for found in find_pictures(store, first, hit.url, captures):
            if is_undrawable(hit.identifier, found.digest):
                continue
            thumbnails[hit.identifier] = captured_picture(
                hit.identifier, found.digest, found.number, PictureSize.SMALL
            )
            break
    return thumbnails


@blueprint.get("/article/<identifier>/pictures/<int:number>/<size>.webp")
@takes(VERSION, PICTURE_DIGEST)
def picture(identifier: str, number: int, size: str) -> Response:
    """Send a picture of an article, `small` or `large`."""
    chosen = VERSION.read(request.args) or None
    article, version = shown_version(identifier, chosen)
    numbered = list(enumerate(article.pictures, 1))[max(0, number - 1) : number]
    if size not in PictureSize.__members__.values() or not number or not numbered:
        abort(404)
    store, moment = current_archive().store, datetime.fromisoformat(version.captured)
    found = find_pictures(store, numbered, article.url, moment=moment)
    if not found:
        abort(404)
    embedded = numbered[0][1].embedded
    drawing = Drawing(PictureSize(size), embedded=embedded, reader=version.origin.reader)
    read = _reader(store, found[0], version, identifier)
    return send_drawn(PictureSource(identifier, chosen, found[0].digest, read), drawing)


def _reader(
    store: Store, found: FoundPicture, version: Version, identifier: str
) -> Callable[[], bytes]:
    if found.capture is None:
        return partial(store.read_original, identifier, version.number)
    return partial(store.originals.read, found.capture.location, found.capture.digest)


def _absolute(picture: CapturedPicture, base: str) -> list[str]:
    addresses = []
    for written in picture.addresses:
        try:
            address = urljoin(base, written).partition("#")[0]
            is_web = urlsplit(address).scheme in ("http", "https")
        except ValueError:
            continue
        if is_web and len(address) <= _LONGEST_ADDRESS:
            addresses.append(address)
    return addresses


def _nearest(
    captures: Iterable[CapturedResource], moment: datetime | None
) -> CapturedResource | None:
    drawable = [
        capture
        for capture in captures
        if capture.status == 200
        and capture.media_type.partition(";")[0].strip().lower() in _DRAWABLE
    ]
    if moment is None:
        return drawable[-1] if drawable else None
    return min(
        drawable,
        key=lambda capture: abs(datetime.fromisoformat(capture.captured) - moment),
        default=None,
    )


def _ratio(picture: CapturedPicture) -> tuple[int, int] | None:
    return (picture.width, picture.height) if picture.width and picture.height else None
