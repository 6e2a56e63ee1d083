"""The gateway as a service of the sandbox: its port, its failures, its page."""

import logging
import tempfile
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from typing import ClassVar

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response as Answer

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.lgsp.gateway import Gateway
from phuong_sandbox.lgsp.population import FIELDS, Population
from phuong_sandbox.lgsp.requests import Requests
from phuong_sandbox.service import LOOPBACK, Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text

SHOWN = 100


class Lgsp(Service):
    """Answers questions about citizens, later and within quotas."""

    code: ClassVar[str] = "lgsp"
    title: ClassVar[Text] = Text("Trục LGSP, CSDL dân cư", "LGSP gateway, population database")
    purpose: ClassVar[Text] = Text(
        "Đối chiếu người với CSDL quốc gia về dân cư: gửi theo lô, kí từng yêu cầu, trả lời sau, có hạn mức.",
        "Compares people with the population database: in batches, each request signed, answers later, with quotas.",
    )

    def __init__(self, port: int, folder: str) -> None:
        """Listen on ``port`` when started (0 takes a free one); certificates go to ``folder``, a new one when empty."""
        self.port, self.folder = port, folder
        self.population, self.requests = Population(), Requests()
        self.switches = Switches(
            Switch("down", Text("Ngừng phục vụ (503): send, ask hoặc *", "Out of service (503): send, ask or *")),
            Switch("lost", Text("Làm xong nhưng không trả lời (504)", "Done, but no answer (504)")),
            Switch("bad_signature", Text("Trả lời với chữ kí sai", "Answers with a wrong signature")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
            Switch("delay", Text("Kết quả có sau, giây", "Results are ready after, seconds"), is_seconds=True),
            Switch("per_minute", Text("Số lần gửi mỗi phút", "Requests a minute"), is_count=True),
            Switch("per_day", Text("Số người mỗi ngày", "Persons a day"), is_count=True),
            Switch("pending", Text("Chưa có kết quả: số định danh", "No result yet: personal numbers")),
            Switch("not_found", Text("Không tìm thấy: số định danh", "Not found: personal numbers")),
            Switch("duplicate", Text("Hai công dân một số", "Two citizens of one number")),
            Switch("full_name", Text("Khác họ tên", "Another name")),
            Switch("birth_date", Text("Khác ngày sinh", "Another birth date")),
            Switch("sex", Text("Khác giới tính", "Another sex")),
            Switch("number", Text("Khác số định danh", "Another number")),
            Switch("only_loaded", Text("Chỉ có công dân đã nạp", "Only loaded citizens exist")),
        )
        self._server: BaseWSGIServer | None = None

    def start(self) -> dict[str, str]:
        """Make certificates, open the HTTPS port."""
        folder = Path(self.folder or tempfile.mkdtemp(prefix="phuong-lgsp-"))
        papers = Papers(folder)
        app = Gateway(papers, self.population, self.requests, self.switches).app()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server(LOOPBACK, self.port, app, threaded=True, ssl_context=papers.context())
        self.port = self._server.port
        Thread(target=self._server.serve_forever, name="lgsp", daemon=True).start()
        return {"gateway": f"https://{LOOPBACK}:{self.port}", "folder": str(folder)}

    def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.shutdown()

    def count(self) -> int:
        """Count the requests kept."""
        return self.requests.totals()["requests"]

    def reset(self) -> None:
        """Forget requests and citizens, switch failures off."""
        for each in (self.requests, self.population, self.switches):
            each.clear()

    def routes(self, pages: Blueprint) -> None:
        """Show what was asked; take citizens in; forget tickets."""

        @pages.get("/")
        def page() -> str:
            shown = self.requests.newest_first()[:SHOWN]
            facts = {"totals": self.requests.totals(), "loaded": self.population.count(), "fields": FIELDS}
            return render_template("lgsp.html", service=self, requests=shown, **facts)

        @pages.get("/messages.json")
        def messages() -> Response:
            listed = [each.told() for each in self.requests.newest_first()[:SHOWN]]
            return jsonify({**self.requests.totals(), "messages": listed})

        @pages.get("/asked/<request_id>.json")
        def asked(request_id: str) -> tuple[Response, int]:
            found = next((each for each in self.requests.newest_first() if each.id == request_id), None)
            if found is None:
                return jsonify({"error": "no such request"}), 404
            return jsonify([{"ref": ref, **asdict(each)} for ref, each in found.people()]), 200

        self._citizen_routes(pages)

    def _citizen_routes(self, pages: Blueprint) -> None:
        @pages.post("/citizens.json")
        def load() -> tuple[Response, int]:
            try:
                return jsonify({"loaded": self.population.load(request.get_json(silent=True))}), 201
            except ValueError as error:
                return jsonify({"error": str(error)}), 422

        @pages.post("/citizens")
        def load_by_form() -> Answer:
            bad = None
            try:
                self.population.load([request.form.to_dict()])
            except ValueError:
                bad = 422
            return redirect(url_for("lgsp.page", lang=request.args.get("lang"), bad_citizen=bad))

        @pages.post("/lose.json")
        def lose() -> Response:
            return jsonify({"lost": self.requests.lose()})
