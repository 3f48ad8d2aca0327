"""The accent colour of an owner, made readable: shades for light and dark pages.

Contrast is that of WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance of sRGB.
"""

from __future__ import annotations

Colour = tuple[int, int, int]

LEAST_CONTRAST = 4.5
"""The contrast of text that WCAG demands at level AA."""

LEAST_SIGN_CONTRAST = 3.0
"""The contrast of signs that are no text, such as bars."""

PAPERS: dict[str, Colour] = {"light": (0xFD, 0xFC, 0xF9), "dark": (0x17, 0x16, 0x14)}
"""The colour of the page in both schemes, as in `style.css`."""

_WHITE: Colour = (255, 255, 255)
_BLACK: Colour = (0, 0, 0)
_STEPS = 40


def accent_sheet(accent: str) -> str:
    """Return the style sheet for an accent colour, `#rrggbb`."""
    colour = _colour(accent)
    light, dark = readable(colour, PAPERS["light"]), readable(colour, PAPERS["dark"])
    return (
        f":root{{{_rules(light, PAPERS['light'])}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_rules(dark, PAPERS['dark'])}}}}}\n"
    )


def text_on(accent: str) -> str:
    """Return the colour of letters on an accent colour, black or white."""
    return _hex(_text_on(_colour(accent)))


def faded(colour: Colour, paper: Colour) -> Colour:
    """Return a readable colour as near to the paper as a bar of a chart may be."""
    shades = (_mix(paper, colour, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, paper) >= LEAST_SIGN_CONTRAST)


def readable(colour: Colour, paper: Colour) -> Colour:
    """Return a colour, darker or lighter until its contrast to the paper suffices."""
    target = _BLACK if luminance(paper) > 0.5 else _WHITE
    for step in range(_STEPS + 1):
        shade = _mix(colour, target, step / _STEPS)
        if contrast(shade, paper) >= LEAST_CONTRAST:
            return shade
    return target


def contrast(one_colour: Colour, other_colour: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one_colour), luminance(other_colour)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rules(accent: Colour, paper: Colour) -> str:
    """Return the custom properties of a scheme."""
    return (
        f"--accent:{_hex(accent)};--on-accent:{_hex(_text_on(accent))};"
        f"--bar:{_hex(faded(accent, paper))}"
    )


def _colour(text: str) -> Colour:
    return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def _text_on(colour: Colour) -> Colour:
    return max((_WHITE, _BLACK), key=lambda text: contrast(text, colour))


def _mix(colour: Colour, target: Colour, share: float) -> Colour:
    red, green, blue = (
        round(channel + (goal - channel) * share)
        for channel, goal in zip(colour, target, strict=True)
    )
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour)
