"""Pages are made one after the other, however many are asked for at once.

Python runs one thread at a time, and every array operation lets another one in, which then keeps
the interpreter for milliseconds: eight threads that make pages together made 27 a second where
one alone made 46 (35,431 articles, pages not made before). So whoever has to make something waits
for its turn. What a client has already, pages made before and what is no page (health, figures,
style sheets) need none. More processes make more pages at once.
"""

from __future__ import annotations

import threading

from flask import Flask, g

AT_ONCE = 1
"""Pages of one process that are made at the same time."""


def register(app: Flask) -> None:
    """Let the application's requests give their turn back, whatever becomes of them."""
    app.extensions["tangthu.turns"] = threading.BoundedSemaphore(AT_ONCE)

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        if g.pop("has_turn", False):
            app.extensions["tangthu.turns"].release()


def take_turn(app: Flask) -> None:
    """Wait until this request may be worked on; once for each request."""
    if not g.get("has_turn"):
        app.extensions["tangthu.turns"].acquire()
        g.has_turn = True
