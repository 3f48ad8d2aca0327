"""English sentences about one thing: `1 article was done` where they are written for several."""

from __future__ import annotations

import re

COUNTED = {
    "addresses": "address",
    "answers": "answer",
    "articles": "article",
    "attachments": "attachment",
    "authors": "author",
    "brackets": "bracket",
    "bytes": "byte",
    "captures": "capture",
    "cells": "cell",
    "characters": "character",
    "collections": "collection",
    "dates": "date",
    "documents": "document",
    "elements": "element",
    "entries": "entry",
    "files": "file",
    "formats": "format",
    "frequencies": "frequency",
    "generations": "generation",
    "identifiers": "identifier",
    "images": "image",
    "levels": "level",
    "lines": "line",
    "members": "member",
    "messages": "message",
    "minutes": "minute",
    "objects": "object",
    "originals": "original",
    "pages": "page",
    "passages": "passage",
    "pictures": "picture",
    "pieces": "piece",
    "problems": "problem",
    "queries": "query",
    "records": "record",
    "rows": "row",
    "seconds": "second",
    "sections": "section",
    "sheets": "sheet",
    "slides": "slide",
    "statements": "statement",
    "tags": "tag",
    "tasks": "task",
    "terms": "term",
    "texts": "text",
    "times": "time",
    "versions": "version",
}
"""What commands count, and one of it."""

_VERBS = {"were": "was", "are": "is", "have": "has", "wait": "waits"}
"""The verbs of what is counted, and of one of it."""

_COUNT = re.compile(
    rf"(?<![\w.,/:-])1 (?P<kind>(?:[a-z]+ ){{0,2}}?)(?P<counted>{'|'.join(COUNTED)})\b"
)
_CLAUSE = re.compile(r"[^.,;:()]*")
_VERB = re.compile(rf"\b({'|'.join(_VERBS)})\b")


def plural_of(noun: str) -> str:
    """Return several of what is counted; a noun that is not known stays."""
    return next((several for several, single in COUNTED.items() if single == noun), noun)


def agree(sentence: str) -> str:
    """Return a sentence in which what is counted, and its verb, agree with the number one."""
    if "1 " not in sentence:
        return sentence
    said, place = "", 0
    for count in _COUNT.finditer(sentence):
        clause = _CLAUSE.match(sentence, count.end())
        end = clause.end() if clause else count.end()
        verbed = _VERB.sub(lambda verb: _VERBS[verb[1]], sentence[count.end() : end], count=1)
        said += sentence[place : count.start()]
        said += f"1 {count['kind']}{COUNTED[count['counted']]}{verbed}"
        place = end
    rest = sentence[place:]
    return said + (rest.replace("; they need ", "; it needs ") if said else rest)
