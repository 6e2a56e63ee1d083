"""The offices as a service of the sandbox: their port, their failures, their page."""

import tempfile
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.serving import BaseWSGIServer, make_server

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.service import LOOPBACK, Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text
from phuong_sandbox.warehouse.offices import OFFICES, Intake, Offices

MOST_SHOWN = 1000


class Warehouse(Service):
    """Takes data in for the city and the Ministry, and tells what it holds."""

    code: ClassVar[str] = "warehouse"
    title: ClassVar[Text] = Text("Kho dữ liệu dùng chung, IOC, CSDL của Bộ", "Shared warehouse, IOC, Ministry database")
    purpose: ClassVar[Text] = Text(
        "Nhận dữ liệu ngành theo đợt, từng lô một lần, đúng hợp đồng dữ liệu; trả lời tổng số để đối soát.",
        "Takes the sector's data in deliveries, each batch once, by the contract; tells totals to reconcile with.",
    )

    def __init__(self, port: int, folder: str) -> None:
        """Listen on ``port`` when started (0 takes a free one); certificates go to ``folder``, a new one when empty."""
        self.port, self.folder = port, folder
        self.offices = Offices()
        acts = "open, batch, close, totals, *"
        self.switches = Switches(
            Switch("down", Text(f"Ngừng phục vụ (503): {acts}", f"Out of service (503): {acts}")),
            Switch("lost", Text("Làm xong nhưng không trả lời (504)", "Done, but no answer (504)")),
            Switch("bad_signature", Text("Trả lời với chữ kí sai", "Answers with a wrong signature")),
            Switch("refuse", Text("Từ chối lô (422): city/learners", "Refuses batches (422): city/learners")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
        )
        self._server: BaseWSGIServer | None = None

    def start(self) -> dict[str, str]:
        """Make certificates, open the HTTPS port."""
        folder = Path(self.folder or tempfile.mkdtemp(prefix="phuong-warehouse-"))
        papers = Papers(folder)
        app = Intake(papers, self.offices, self.switches).app()
        self._server = make_server(LOOPBACK, self.port, app, threaded=True, ssl_context=papers.context())
        self.port = self._server.port
        Thread(target=self._server.serve_forever, name=self.code, daemon=True).start()
        return {"intake": f"https://{LOOPBACK}:{self.port}", "folder": str(folder)}

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.shutdown()

    def count(self) -> int:
        """Count the deliveries kept."""
        return sum(len(each.deliveries) for each in self.offices.all().values())

    def reset(self) -> None:
        """Forget deliveries, rows and contracts, switch failures off."""
        self.offices.clear()
        self.switches.clear()

    def routes(self, pages: Blueprint) -> None:
        """Show what is held; lose some of it."""

        @pages.get("/")
        def page() -> str:
            held = {name: each.told() for name, each in self.offices.all().items()}
            return render_template("warehouse.html", service=self, held=held, offices=OFFICES)

        @pages.get("/messages.json")
        def messages() -> Response:
            return jsonify({name: each.told() for name, each in self.offices.all().items()})

        @pages.get("/rows.json")
        def rows() -> tuple[Response, int]:
            found = self.offices.all().get(request.args.get("service", ""))
            if found is None:
                return jsonify({"error": "no such service"}), 404
            listed = [{"id": key, "text": row.text, "digest": row.digest} for key, row in sorted(found.rows.items())]
            return jsonify(listed[:MOST_SHOWN]), 200

        @pages.post("/lose.json")
        def lose() -> tuple[Response, int]:
            told: Any = request.get_json(silent=True) or {}
            found = self.offices.all().get(str(told.get("service", "")))
            if found is None:
                return jsonify({"error": "no such service"}), 404
            if told.get("deliveries"):
                found.deliveries.clear()
            return jsonify({"lost": found.lose(str(told.get("unit", "")))}), 200
