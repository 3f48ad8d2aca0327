"""The state of the query parser: open brackets, and the signs in front of what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.analysis.fields import Field
from indexer.search.query.syntax import AndNode, OrNode, SyntaxNode


@dataclass(slots=True)
class Signs:
    """The signs and the field name in front of the next word or bracket."""

    negated: bool = False
    exact: bool = False
    literal: bool = False
    field: Field | None = None


@dataclass(slots=True)
class OpenBracket:
    """An open bracket: the alternatives read so far, and the signs in front of it."""

    signs: Signs = field(default_factory=Signs)
    start: int = 0
    alternatives: list[list[SyntaxNode]] = field(default_factory=lambda: [[]])

    def node(self) -> SyntaxNode | None:
        """Return the node of the bracket's content; None if it has none."""
        groups = [
            nodes[0] if len(nodes) == 1 else AndNode(tuple(nodes))
            for nodes in self.alternatives
            if nodes
        ]
        if len(groups) > 1:
            return OrNode(tuple(groups))
        return groups[0] if groups else None
