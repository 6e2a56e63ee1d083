"""The one HTTP server of the sandbox: an index, and the pages of each service."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, render_template, request
from werkzeug.wrappers import Response

from phuong_sandbox.service import Service
from phuong_sandbox.texts import LANGUAGES, Text

MOST_BYTES = 2_000_000
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def make_app(services: Sequence[Service]) -> Flask:
    """Put the pages of all services under one roof."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, TRUSTED_HOSTS=["127.0.0.1", "localhost"])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(_moment, "moment")
    for service in services:
        app.register_blueprint(service.blueprint())

    @app.context_processor
    def words() -> dict[str, Any]:
        language = _language()
        return {
            "lang": language,
            "kept_lang": "en" if language == "en" else None,
            "t": lambda vi, en: Text(vi, en).in_(language),
        }

    @app.get("/")
    def index() -> str:
        return render_template("index.html", services=services)

    @app.errorhandler(404)
    def not_there(_error: Exception) -> tuple[str, int]:
        return render_template("not_there.html"), 404

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app


def _language() -> str:
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _moment(written: str) -> str:
    return dt.datetime.fromisoformat(written).astimezone(_ZONE).strftime("%H:%M:%S, %d/%m/%Y")
