"""The languages in which there are pages."""

from __future__ import annotations

NAMES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages of the pages, from code to name; the first is the default."""

LANGUAGES = tuple(NAMES)
