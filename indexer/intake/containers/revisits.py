"""Revisits of a crawl: answers that it did not keep again, led to the one that it had before."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from archive.catalogue.lookup_keys import address_key
from archive.originals.captures import Capture, capture_moment
from indexer.intake.containers.capture_moments import moment_of

_MOST_ANSWERS = 100_000
"""Answers of one crawl that are remembered, the newest ones; each takes some 300 bytes."""


class CapturedAnswers:
    """The answers of a crawl so far, by the digest that their records state and by address."""

    def __init__(self) -> None:
        self._answers = OrderedDict[str, Capture]()

    def remember(self, record: Any, capture: Capture) -> None:
        """Remember the answer in a record."""
        known = msgspec.structs.replace(capture, block=b"", refers_to=capture.address)
        digest = _stated_digest(record)
        for key in (digest, address_key(capture.address)):
            if key:
                self._answers.pop(key, None)
                self._answers[key] = known
        while len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)

    def resolve(self, record: Any, address: str) -> Capture | None:
        """Return what a revisit captured: the earlier answer, at this address and time.

        The digest of its content counts, else the address that it refers to, else its own. None
        where the crawl had no such answer before.
        """
        if digest := _stated_digest(record):
            earlier = self._answers.get(digest)
        else:
            referred = record.rec_headers.get_header("WARC-Refers-To-Target-URI") or address
            earlier = self._answers.get(address_key(str(referred).strip("<> ")))
        moment = moment_of(record)
        if earlier is None or moment is None or not address_key(address):
            return None
        return msgspec.structs.replace(earlier, address=address, captured=capture_moment(moment))


def _stated_digest(record: Any) -> str:
    """Return the digest of the payload that a record states; empty where it states none."""
    return str(record.rec_headers.get_header("WARC-Payload-Digest") or "").strip().lower()
