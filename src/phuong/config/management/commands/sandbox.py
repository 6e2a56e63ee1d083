"""``phuong sandbox``: the outside world on this machine, for trials."""

import signal
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from phuong.config.home import home


class Command(BaseCommand):
    """Start the sandbox as a program of its own, and stop with it."""

    help = "Chạy thế giới bên ngoài để thử: nhận thư, tin nhắn, đóng vai VNeID, trục LGSP, kho dữ liệu."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the ports, and where the certificates go."""
        parser.add_argument("--port", type=int, default=8090)
        parser.add_argument("--smtp-port", type=int, default=8025)
        parser.add_argument("--lgsp-port", type=int, default=8443)
        parser.add_argument("--lgsp-folder", default=str(home() / "lgsp"))
        parser.add_argument("--warehouse-port", type=int, default=8444)
        parser.add_argument("--warehouse-folder", default=str(home() / "warehouse"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it until interrupted; its exit code is ours."""
        del args
        names = ("port", "smtp_port", "lgsp_port", "lgsp_folder", "warehouse_port", "warehouse_folder")
        given = [part for name in names for part in (f"--{name.replace('_', '-')}", str(options[name]))]
        child = subprocess.Popen([sys.executable, "-m", "phuong_sandbox", *given])
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl C reaches the child by itself
        sys.exit(child.wait())
