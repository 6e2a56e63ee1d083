"""The demo of the journeys in a process whose clock stands on another day; no part of the product.

``python -m tests.e2e.clock 2026-11-04T08:00+07:00 serve 8123`` serves it, ``… count 2026-10-31`` counts every measure.
"""

import datetime as dt
import os
import socketserver
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import time_machine

from phuong.config import embedded


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main() -> None:
    """Move the clock, then do what is asked."""
    moment, act, what = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "phuong.config.settings"
    os.environ["PHUONG_SERVING"] = "1"
    os.environ["DATABASE_URL"] = embedded.start()
    os.environ["DATABASE_URL_OWNER"] = embedded.url(embedded.OWNER)
    os.environ["DATABASE_URL_BATCH"] = embedded.url(embedded.BATCH)
    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=True):
        from phuong.config.wsgi import application

        if act == "count":
            from phuong.kernel.jobs import Progress
            from phuong.measures.actions import refresh_measures

            refresh_measures(Progress(), day=what)
        else:
            make_server("127.0.0.1", int(what), application, _Server, _Quiet).serve_forever()


if __name__ == "__main__":
    main()
