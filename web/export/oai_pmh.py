"""OAI-PMH 2.0, by which libraries harvest the archive: Dublin Core, and what was deleted.

The datestamp of a record is the time at which an operator changed it, else that of its capture.
A list goes on by the number of the last change that it held, so that nothing is lost or repeated
while the archive grows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request, url_for

from archive.catalogue.change_log import ArticleChange
from archive.clocks import by_clock
from archive.errors import NotFoundError
from archive.records import Article
from web.addresses.endpoint_descriptions import Content, EndpointDescription, describes
from web.addresses.parameters import choice_parameter, text_parameter
from web.citations.article_metadata import description_of
from web.citations.citations import Reference, reference
from web.citations.display_names import archive_name
from web.citations.permalinks import holding_of
from web.export.feeds import NOT_XML
from web.services import current_archive, current_site, public_address, public_url

blueprint = Blueprint("oai", __name__)

LIST_SIZE = 100
"""Records of one answer."""

PREFIX = "oai_dc"

_SCAN = 2000
"""Changes that are looked at in one query."""

_ARGUMENTS = {
    "Identify": (set[str](), set[str]()),
    "ListMetadataFormats": (set[str](), {"identifier"}),
    "ListSets": (set[str](), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set[str]()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
}
"""The arguments of each verb: those it needs, and those it may have."""

_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()-]+")
_SET = re.compile(rf"{_PREFIX.pattern}(:{_PREFIX.pattern})*")
_URI = re.compile(r"(?:[!#$&-;=?-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+")
_MAIL = re.compile(r"\S+@(\S+\.)+\S+")
"""What the protocol's schema takes for a prefix, a set, an identifier and an address."""
_SHAPES_OF_ARGUMENTS = {"metadataPrefix": _PREFIX, "set": _SET, "identifier": _URI}
_TOKEN = re.compile(r"([0-9]{1,18})_([0-9TZ:-]*)_([0-9TZ:-]*)", re.ASCII)
_UTC_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


class ProtocolError(Exception):
    """An error of the protocol: its code and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """A record: its header, and its Dublin Core if it is not deleted."""

    identifier: str
    datestamp: str
    is_deleted: bool
    elements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection of a list: changes after a number, with datestamps between two (inclusive)."""

    after: int
    since: str = ""
    until: str = ""

    @property
    def token(self) -> str:
        """The selection as a resumption token."""
        return f"{self.after}_{self.since}_{self.until}"


_PARAMETERS = (
    choice_parameter("verb", "What is asked for", tuple(_ARGUMENTS)),
    text_parameter("metadataPrefix", f"The form of records: {PREFIX}."),
    text_parameter("identifier", "The identifier of a record in the protocol."),
    text_parameter("from", "Records changed then or later (UTC)."),
    text_parameter("until", "Records changed then or earlier (UTC)."),
    text_parameter("set", "There are none: `noSetHierarchy`."),
    text_parameter("resumptionToken", "That of the part before; then no other but the verb."),
)


def _example(article: Article) -> str:
    """Return the answer to `GetRecord` for an article."""
    identifier, stamp = _oai_identifier(article.identifier), "2022-03-05T03:00:00Z"
    cited = reference(article, 0, holding_of(article.identifier))
    record = OaiRecord(identifier, stamp, False, _elements(article, cited))
    arguments = {"verb": "GetRecord", "metadataPrefix": PREFIX, "identifier": identifier}
    return _render(arguments, {"records": [record]}, datetime(2022, 3, 6, tzinfo=UTC))


@blueprint.route("/oai", methods=["GET", "POST"])
@describes(
    EndpointDescription(
        "oai",
        "Records for harvesters (OAI-PMH 2.0), errors of the protocol too",
        (Content("text/xml", _example),),
        _PARAMETERS,
        group="harvesting",
        is_strict=False,
    )
)
def oai() -> Response:
    """Answer a request of the protocol."""
    arguments = {name: request.values.getlist(name) for name in request.values}
    verb, context = "", dict[str, object]()
    try:
        verb = _verb(arguments)
        values = {name: each[0] for name, each in arguments.items() if name != "verb"}
        context = _answer(verb, values)
    except ProtocolError as error:
        context = {"error": error}
        if error.code in ("badVerb", "badArgument"):
            verb = ""
    shown = {name: each[0] for name, each in arguments.items()} if verb else {}
    page = _render(shown, context, datetime.now(UTC))
    return Response(page, content_type="text/xml; charset=utf-8")


def _render(arguments: dict[str, str], context: dict[str, object], now: datetime) -> str:
    """Return an answer of the protocol; without arguments where they are not as it has them."""
    page = render_template(
        "oai.xml",
        verb=arguments.get("verb", ""),
        arguments=arguments,
        base_url=public_url(url_for("oai.oai", lang=None)),
        now=_stamp(now),
        **context,
    )
    return NOT_XML.sub("", page)


def _verb(arguments: Mapping[str, list[str]]) -> str:
    """Return the verb of a request whose arguments are allowed."""
    verbs = arguments.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in _ARGUMENTS:
        raise ProtocolError("badVerb", f"the verb is one of {', '.join(_ARGUMENTS)}")
    verb = verbs[0]
    needed, allowed = _ARGUMENTS[verb]
    given = set(arguments) - {"verb"}
    if "metadataPrefix" in needed and "identifier" not in needed and "resumptionToken" in given:
        needed, allowed = {"resumptionToken"}, set()
    if not needed <= given or not given <= needed | allowed:
        takes = [
            f"{word} {', '.join(sorted(names))}"
            for word, names in (("needs", needed), ("may have", allowed))
            if names
        ]
        what = " and ".join(takes) or "takes no argument"
        raise ProtocolError("badArgument", f"{verb} {what}")
    if repeated := [name for name, values in arguments.items() if len(values) > 1]:
        raise ProtocolError("badArgument", f"{repeated[0]} is given more than once")
    return verb


def _answer(verb: str, values: Mapping[str, str]) -> dict[str, object]:
    """Return the variables of the answer to a verb."""
    for name, pattern in _SHAPES_OF_ARGUMENTS.items():
        if name in values and not pattern.fullmatch(values[name]):
            raise ProtocolError("badArgument", f"{values[name]!r} is no {name}")
    if values.get("metadataPrefix", PREFIX) != PREFIX:
        raise ProtocolError("cannotDisseminateFormat", f"there is only {PREFIX}")
    if verb == "ListSets" or "set" in values:
        raise ProtocolError("noSetHierarchy", "there are no sets")
    if verb == "Identify":
        first = current_archive().store.newest_changes(0, 1)
        return {
            "name": archive_name(current_site()),
            "mail": _administrators_mail(),
            "earliest": min((_datestamp(each) for each in first), default="1970-01-01T00:00:00Z"),
            "example": _oai_identifier("0" * 20),
            "namespace": _namespace(),
        }
    if verb in ("ListMetadataFormats", "GetRecord"):
        record = _record(_change(values["identifier"])) if "identifier" in values else None
        return {"records": [record], "prefix": PREFIX}
    return _list(_selection(values), headers_only=verb == "ListIdentifiers")


def _selection(values: Mapping[str, str]) -> Selection:
    if "resumptionToken" in values:
        match = _TOKEN.fullmatch(values["resumptionToken"])
        try:
            if match is None:
                raise ProtocolError("badResumptionToken", "this is no resumption token")
            return Selection(int(match[1]), *_checked_span(match[2], match[3]))
        except ProtocolError as error:
            raise ProtocolError("badResumptionToken", str(error)) from error
    return Selection(0, *_checked_span(values.get("from", ""), values.get("until", "")))


def _checked_span(since: str, until: str) -> tuple[str, str]:
    """Return the first and the last datestamp of a list, which are UTC dates or empty."""
    for text in filter(None, (since, until)):
        if not _is_utc_date(text):
            raise ProtocolError("badArgument", f"{text!r} is no UTC date")
    if since and until and (len(since) != len(until) or since > until):
        raise ProtocolError("badArgument", "from and until do not fit each other")
    return since, until


def _is_utc_date(text: str) -> bool:
    """Tell whether a text is a day or a second, as the protocol writes them."""
    try:
        return bool(_UTC_DATE.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _list(selection: Selection, *, headers_only: bool) -> dict[str, object]:
    """Return the records of a list, and the token to go on with; empty at its end."""
    store, chosen, after, token = (
        current_archive().store,
        list[ArticleChange](),
        selection.after,
        "",
    )
    # The database leaves out other days, so that a list without records is no walk over all.
    days = selection.since[:10], selection.until[:10]
    while changes := store.newest_changes(after, _SCAN, days):
        fitting = [each for each in changes if _is_between(_datestamp(each), selection)]
        room = LIST_SIZE - len(chosen)
        chosen += fitting[:room]
        if len(fitting) > room:
            token = Selection(chosen[-1].sequence, selection.since, selection.until).token
            break
        after = changes[-1].sequence
    if not chosen:
        raise ProtocolError("noRecordsMatch", "no record has such a datestamp")
    records = [_header(each) if headers_only else _record(each) for each in chosen]
    return {"records": records, "token": token, "is_first": not selection.after}


def _is_between(stamp: str, selection: Selection) -> bool:
    since, until = selection.since, selection.until
    return (not since or stamp[: len(since)] >= since) and (
        not until or stamp[: len(until)] <= until
    )


def _change(name: str) -> ArticleChange:
    """Return the newest change of the article that an identifier of the protocol names."""
    head, _, identifier = name.rpartition(":")
    try:
        if head != f"oai:{_namespace()}":
            raise NotFoundError(name)
        return current_archive().store.newest_change(identifier)
    except NotFoundError as error:
        raise ProtocolError("idDoesNotExist", f"{name!r} is none of this archive") from error


def _header(change: ArticleChange) -> OaiRecord:
    return OaiRecord(_oai_identifier(change.identifier), _datestamp(change), change.is_deleted)


def _record(change: ArticleChange) -> OaiRecord:
    header = _header(change)
    if change.is_deleted:
        return header
    try:
        article = current_archive().store.get(change.identifier)
    except NotFoundError:
        # It was withdrawn since.
        return OaiRecord(header.identifier, header.datestamp, is_deleted=True)
    cited = reference(article, 0, holding_of(change.identifier))
    return OaiRecord(header.identifier, header.datestamp, False, _elements(article, cited))


def _elements(article: Article, cited: Reference) -> tuple[tuple[str, str], ...]:
    """Return the Dublin Core of an article, as its page has it."""
    pairs = [
        ("title", cited.title),
        *(("creator", author) for author in cited.authors),
        ("subject", article.category),
        ("description", description_of(article)),
        ("publisher", cited.publisher.strip("[]")),
        ("date", article.published_text),
        ("type", "Text"),
        ("format", "text/html"),
        ("identifier", cited.address),
        ("source", cited.url),
        ("language", cited.language),
    ]
    return tuple((name, value) for name, value in pairs if value)


def _oai_identifier(identifier: str) -> str:
    return f"oai:{_namespace()}:{identifier}"


def _namespace() -> str:
    return urlsplit(public_address()).hostname or "localhost"


def _administrators_mail() -> str:
    """Return the address for notices, or one that is no one's: the protocol demands an address.

    Its host needs a dot by the protocol's schema; `.invalid` is never a real host (RFC 2606).
    """
    for address in (current_site().mail, f"nobody@{_namespace()}"):
        if _MAIL.fullmatch(address):
            return address
    return "nobody@archive.invalid"


def _datestamp(change: ArticleChange) -> str:
    try:
        return _stamp(datetime.fromisoformat(change.changed))
    except (ValueError, TypeError, OverflowError):
        return "1970-01-01T00:00:00Z"


def _stamp(moment: datetime) -> str:
    return f"{by_clock(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
