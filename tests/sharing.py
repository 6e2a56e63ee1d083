"""The offices of the sandbox that take data in, as the product is told of them, and what they hold."""

import json
from pathlib import Path
from typing import Any

from tests.outside import Outside

OFFICES = ("city", "ioc", "ministry")
PAPERS = {"cert": "client.pem", "key": "client.key", "ca": "ca.pem", "answers": "answers.pem"}


def office_settings(outside: Outside, **changed: Any) -> dict[str, Any]:
    """Give the settings that lead to the offices of a running sandbox."""
    papers = {name: str(Path(outside.intake_papers) / file) for name, file in PAPERS.items()}
    offices = {office: {"url": outside.intake, **papers} for office in OFFICES}
    return {"offices": offices, "batch": 5000, "timeout": 20, **changed}


def office_environment(outside: Outside, **changed: Any) -> dict[str, str]:
    """Give the same as environment variables."""
    told = office_settings(outside, **changed)
    variables = {f"PHUONG_SHARING_{name.upper()}": str(told[name]) for name in ("batch", "timeout")}
    for office, facts in told["offices"].items():
        variables |= {f"PHUONG_SHARING_{office.upper()}_{name.upper()}": value for name, value in facts.items()}
    return variables


def held(outside: Outside, service: str) -> dict[str, Any]:
    """Give what an office holds of a service, such as ``city/learners``: counts, and its deliveries, newest first."""
    return dict(outside.ask("GET", "warehouse/messages.json").json().get(service, {}))


def rows_of(outside: Outside, service: str) -> dict[str, dict[str, Any]]:
    """Give the rows an office holds of a service, by key."""
    found = outside.ask("GET", "warehouse/rows.json", params={"service": service}).json()
    return {each["id"]: json.loads(each["text"]) for each in found}


def lose(outside: Outside, service: str, **facts: Any) -> int:
    """Let an office lose rows of a unit (all without one), or its deliveries."""
    answer = outside.ask("POST", "warehouse/lose.json", json={"service": service, **facts})
    return int(answer.raise_for_status().json()["lost"])
