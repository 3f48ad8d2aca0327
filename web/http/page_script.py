"""The scripts of the pages: texts inside them, which their hashes alone allow to run.

A file of its own would be kept by browsers, but costs the first page a connection before what
matters most is drawn; packed, the texts of a page are about two thousand bytes. A page holds
those for which it has something to do.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup

_FOLDER = Path(__file__).parent.parent / "static" / "scripts"

_COMMENT = re.compile(r"(^|[;{,]) *// .*$", re.MULTILINE)
_INDENT = re.compile(r"\n\s*")


@cache
def page_scripts() -> dict[str, str]:
    """Return the scripts by name, with the line ends that browsers see, without comments."""
    return {
        path.stem: dense_script(path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.js"))
    }


def dense_script(text: str) -> str:
    """Return a script without indents and comments, which stand alone or behind `;`, `{` or `,`."""
    return _INDENT.sub("\n", _COMMENT.sub(r"\1", text)).strip()


def script_sources() -> str:
    """Return the sources of scripts that a content security policy allows: these by their hash."""
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in page_scripts().values()
    )


def register(app: Flask) -> None:
    """Give templates the scripts."""
    app.jinja_env.globals["page_scripts"] = {
        name: Markup(script)  # noqa: S704 - a file of this program
        for name, script in page_scripts().items()
    }
