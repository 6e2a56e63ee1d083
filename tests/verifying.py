"""The gateway of the sandbox as the product is told of it, and what it received."""

from pathlib import Path
from typing import Any

from tests.outside import Outside


def gateway_settings(outside: Outside, **changed: Any) -> dict[str, Any]:
    """Give the settings that lead to the gateway of a running sandbox."""
    papers = Path(outside.papers)
    told = {
        "url": outside.gateway,
        "cert": str(papers / "client.pem"),
        "key": str(papers / "client.key"),
        "ca": str(papers / "ca.pem"),
        "answers": str(papers / "answers.pem"),
        "batch": 1000,
        "per_minute": 1000,
        "per_day": 1_000_000,
        "timeout": 20,
    }
    return told | changed


def gateway_environment(outside: Outside, **changed: Any) -> dict[str, str]:
    """Give the same as environment variables."""
    return {f"PHUONG_LGSP_{name.upper()}": str(value) for name, value in gateway_settings(outside, **changed).items()}


def received(outside: Outside) -> dict[str, int]:
    """Count what the gateway received: requests, persons, distinct facts, facts twice, requests sent again."""
    told = outside.ask("GET", "lgsp/messages.json").json()
    return {name: told[name] for name in ("requests", "persons", "distinct", "twice", "again")}


def load(outside: Outside, *citizens: dict[str, str]) -> None:
    """Put citizens into the population database."""
    outside.ask("POST", "lgsp/citizens.json", json=list(citizens)).raise_for_status()
