"""Walks through query trees: all nodes, and the words whose exact forms are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.analysis.fields import Field
from indexer.engine import queries as q
from indexer.engine.queries import Query


def walk(node: Query) -> Iterable[Query]:
    """Yield a node and all nodes below it."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(_children(node))


def folded_words(nodes: Sequence[Query]) -> Iterable[str]:
    """Yield the folded words of nodes whose exact forms their lowering needs."""
    has_section = any(isinstance(node, q.InSection) for node in nodes)
    for node in nodes:
        match node:
            case q.Phrase(field=Field.FOLDED):
                yield from node.texts
            case q.MultiPhrase(field=Field.FOLDED):
                for alternatives in node.texts:
                    yield from alternatives
            case q.Term(field=Field.FOLDED | Field.PAIRS) if has_section:
                yield from node.text.split(" ")
            case _:
                pass


def _children(node: Query) -> Sequence[Query]:
    match node:
        case q.And() | q.Or():
            return node.children
        case q.AndMaybe():
            return (node.required, node.preferred)
        case q.AndNot():
            return (node.required, node.excluded)
        case q.Coverage() | q.InSection():
            return (node.query,)
        case _:
            return ()
