"""What operators watch: structured logs without personal data, metrics, health."""

import logging
import logging.config
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from phuong.kernel.refusals import Refused

log = structlog.get_logger()
REQUESTS = Counter("phuong_requests", "Answers by route and status", ["route", "status"])
SECONDS = Histogram(
    "phuong_request_seconds", "Time to answer", ["route"], buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5)
)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_incident() -> str:
    """Make a code that a person can read out on the telephone: ``7K3M-2Q9X``."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


class RequestLog:
    """Log each answer once: route, status, time; never the address itself, which may hold a record's key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time one request and name its incident, should there be one."""
        started = time.perf_counter()
        request.incident = new_incident()  # type: ignore[attr-defined]
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        match = request.resolver_match
        route = match.view_name if match else "(none)"
        REQUESTS.labels(route, response.status_code).inc()
        SECONDS.labels(route).observe(seconds)
        log.info(
            "request",
            route=route,
            method=request.method,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            incident=getattr(request, "incident", ""),
        )  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log what nobody expected, under the incident that the person is shown."""
        if not isinstance(exception, Refused):
            log.error(
                "incident", incident=getattr(request, "incident", ""), kind=type(exception).__name__, exc_info=exception
            )


def configure(options: dict[str, Any]) -> None:
    """Write JSON lines to standard error (Django's ``LOGGING_CONFIG``)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(options["level"])),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "CRITICAL"}},
        }
    )
