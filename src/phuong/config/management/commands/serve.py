"""``phuong serve``: the web server and one worker, until interrupted."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from phuong.config.assets import build_all, collect

WEB_WORKERS = 2
THREADS = 2
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.1


class Command(BaseCommand):
    """Serve pages and run jobs."""

    help = "Chạy máy chủ web và một tiến trình công việc nền."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and port."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=WEB_WORKERS)
        parser.add_argument("--no-jobs", action="store_true", help="không chạy công việc nền ở đây")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start both, stop both."""
        del args
        build_all()
        environment = _environment()
        collect()
        children = [subprocess.Popen(_web(options), env=environment)]
        _wait_for(options["host"], options["port"], children[0])
        self.stderr.write(f"Phượng: http://{options['host']}:{options['port']}/  (Ctrl+C: dừng)")
        if not options["no_jobs"]:
            children.append(subprocess.Popen([sys.executable, "-m", "django", "worker"], env=environment))
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            children[0].wait()
        except KeyboardInterrupt:
            self.stderr.write("Đang dừng …")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=20)


def _web(options: dict[str, Any]) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--host",
        options["host"],
        "--port",
        str(options["port"]),
        "--workers",
        str(options["workers"]),
        "--blocking-threads",
        str(THREADS),
        "--respawn-failed-workers",
        "--log-level",
        "warning",
        "phuong.config.wsgi:application",
    ]


def _wait_for(host: str, port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the port answers, or the server has given up."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(PAUSE_SECONDS)


def _environment() -> dict[str, str]:
    metrics = Path(settings.PHUONG_HOME) / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "phuong.config.settings",
        "PHUONG_SERVING": "1",
        "PHUONG_POOL": os.environ.get("PHUONG_POOL", str(THREADS + 1)),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PHUONG_HOME": str(settings.PHUONG_HOME),
    }


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt
