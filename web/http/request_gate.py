"""At most one page is rendered at a time in a process, however many requests are concurrent.

Python runs one thread at a time, and every array operation lets another one in, which then keeps
the interpreter for milliseconds: eight threads that rendered pages together made 27 a second where
one alone made 46 (35,431 articles, nothing cached). So a request that has to render something
waits for the render slot. Answers of 304, cached pages, health, metrics and static files need
none. More processes render more pages at once.
"""

from __future__ import annotations

import threading

from flask import Flask, g

RENDER_SLOTS = 1
"""Pages that one process renders at the same time."""

_SLOTS = "tangthu.render_slots"


def register(app: Flask) -> None:
    """Let the application's requests release their slot, whatever becomes of them."""
    app.extensions[_SLOTS] = threading.BoundedSemaphore(RENDER_SLOTS)

    @app.teardown_request
    def release_render_slot(_: BaseException | None) -> None:
        if g.pop("has_render_slot", False):
            app.extensions[_SLOTS].release()


def acquire_render_slot(app: Flask) -> None:
    """Wait until this request has a render slot; it takes no second one."""
    if not g.get("has_render_slot"):
        app.extensions[_SLOTS].acquire()
        g.has_render_slot = True
