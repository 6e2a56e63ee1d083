"""What every service of the sandbox is, and the routes that all of them share."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from phuong_sandbox.switches import Switches
from phuong_sandbox.texts import Text

LOOPBACK = "127.0.0.1"


class Service(ABC):
    """One part of the outside world: pages under ``/CODE/``, and ports of its own where the protocol is not HTTP."""

    code: ClassVar[str]
    title: ClassVar[Text]
    purpose: ClassVar[Text]
    switches: Switches

    @abstractmethod
    def routes(self, pages: Blueprint) -> None:
        """Add the service's own routes."""

    @abstractmethod
    def count(self) -> int:
        """Count what is remembered."""

    @abstractmethod
    def reset(self) -> None:
        """Forget everything and switch all failures off."""

    def start(self) -> dict[str, str]:
        """Open further ports; gives their addresses by protocol."""
        return {}

    def stop(self) -> None:  # noqa: B027  # most services speak HTTP only
        """Close them again."""

    def blueprint(self) -> Blueprint:
        """Give all routes of the service."""
        pages = Blueprint(self.code, __name__, url_prefix=f"/{self.code}")
        self.routes(pages)

        @pages.get("/failures.json")
        def failures() -> Response:
            return jsonify(self.switches.values())

        @pages.put("/failures.json")
        def put_failures() -> tuple[Response, int]:
            return self._put(request.get_json(silent=True))

        @pages.post("/failures")
        def set_failures() -> Answer:
            _answer, status = self._put(request.form.to_dict())
            return redirect(
                url_for(f"{self.code}.page", lang=request.args.get("lang"), bad=status if status > 400 else None)
            )

        @pages.delete("/messages.json")
        def forget() -> tuple[str, int]:
            self.reset()
            return "", 204

        @pages.post("/reset")
        def forget_by_form() -> Answer:
            self.reset()
            return redirect(url_for(f"{self.code}.page", lang=request.args.get("lang")))

        return pages

    def _put(self, wanted: Any) -> tuple[Response, int]:
        if not isinstance(wanted, dict):
            return jsonify({"error": "a JSON object of switches is needed"}), 422
        try:
            self.switches.put(wanted)
        except ValueError as error:
            return jsonify({"error": str(error)}), 422
        return jsonify(self.switches.values()), 200
