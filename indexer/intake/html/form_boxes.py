"""Boxes around forms: to sign up for a newsletter or to comment, found by their fields.

No article asks for an address: what is said around such a field is said by the page.
"""

from __future__ import annotations

from bs4.element import Tag

from indexer.intake.markup.class_patterns import BODY
from indexer.intake.markup.text_density import TextDensities, TextDensity

_MOST_FIELDS = 20
_LARGEST_BOX = 600
"""Characters of the largest box that says nothing but what its form is for."""
_LONGEST_LINE = 300
_MOST_PARAGRAPHS = 2
_LARGEST_SHARE = 0.2
"""Share of the page's prose that such a box has at most."""


def remove_form_boxes(densities: TextDensities) -> None:
    """Remove the largest box around each field for an address or comment that holds little else."""
    content = {densities[tag].order for tag in densities.tagged("h1")}
    content |= {densities[tag].order for tag in densities.named(BODY)}
    most = _LARGEST_SHARE * densities.page.prose
    for field in densities.fields[:_MOST_FIELDS]:
        box: Tag | None = None
        around: Tag | None = field
        while around is not None and around.name not in ("body", "html", "main", "article"):
            density = densities[around]
            if density.is_removed or not _is_small(density, most):
                break
            if any(density.order <= order <= density.last for order in content):
                break
            box, around = around, around.parent
        if box is not None and not densities[box].is_removed:
            densities.remove(box)


def _is_small(density: TextDensity, most: float) -> bool:
    """Tell whether an element holds a few lines, and no paragraph of an article."""
    is_short = density.text <= _LARGEST_BOX and density.longest <= _LONGEST_LINE
    return is_short and density.paragraphs <= _MOST_PARAGRAPHS and density.prose <= most
