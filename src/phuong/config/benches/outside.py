"""The sandbox, started for the time of a measuring."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PAPERS = {"cert": "client.pem", "key": "client.key", "ca": "ca.pem", "answers": "answers.pem"}


@contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """Start the sandbox on free ports; gives the addresses of its services, and stops it afterwards."""
    ports = [part for name in ("", "smtp-", "lgsp-", "warehouse-") for part in (f"--{name}port", "0")]
    command = [sys.executable, "-m", "phuong_sandbox", *ports, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield dict(json.loads(process.stdout.readline() if process.stdout else "")["services"])
    finally:
        process.terminate()
        process.wait(timeout=30)


def papers_in(folder: str) -> dict[str, str]:
    """Give the settings that name the papers of the one client that may call."""
    return {name: f"{folder}/{file}" for name, file in PAPERS.items()}
