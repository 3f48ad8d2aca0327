"""The script of the pages: one text inside each of them, which its hash alone allows to run.

A file of its own would be kept by browsers, but costs the first page a connection before what
matters most is drawn; packed, the text is a few thousand bytes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup

_FOLDER = Path(__file__).parent.parent / "static" / "scripts"


@cache
def page_script() -> str:
    """Return all scripts of the pages as one, with the line ends that browsers see."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.js")))


def script_source() -> str:
    """Return the source of scripts that a content security policy allows: this one by its hash."""
    digest = hashlib.sha256(page_script().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def register(app: Flask) -> None:
    """Give templates the script."""
    script = Markup(page_script())  # noqa: S704 - a file of this program
    app.jinja_env.globals["page_script"] = script
