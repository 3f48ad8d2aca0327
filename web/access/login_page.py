"""The pages to log in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from web.access.readers import current_control

blueprint = Blueprint("access", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response:
    """Ask for name and password, and begin a session."""
    control, place = current_control(), _place_of_ours(request.args.get("next", ""))
    if not control.has_passwords:
        abort(404)
    name, is_wrong = request.form.get("name", ""), False
    if request.method == "POST":
        check_form_token()
        if control.log_in(name, request.form.get("password", "")):
            return redirect(place, 303)
        is_wrong = True
    page = render_template("login.html", name=name, is_wrong=is_wrong, next=place)
    answer = make_response(page, 403 if is_wrong else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/logout", methods=["GET", "POST"])
def logout() -> Response:
    """End the session."""
    if not current_control().has_passwords:
        abort(404)
    if request.method == "POST":
        check_form_token()
        current_control().log_out()
        return redirect(url_for(".login"), 303)
    answer = make_response(render_template("logout.html"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def check_form_token() -> None:
    """Check that a form came from a page of ours.

    Raises:
        CSRFError: it did not, or the session has ended.
    """
    current_app.extensions["csrf"].protect()


def _place_of_ours(place: str) -> str:
    """Return a path of this site, else that of the search page."""
    parts = urlsplit(place.replace("\\", "/"))
    is_ours = place.startswith("/") and not place.startswith("//")
    if not is_ours or parts.scheme or parts.netloc or "\\" in place or not place.isprintable():
        return url_for("search.form")
    return place
