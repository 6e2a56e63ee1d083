"""What a balancer and a monitoring system ask."""

import ipaddress
import os

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from phuong.kernel.contributions import HealthCheck, contributions
from phuong.kernel.gates import public


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    del request
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers and every contributed check is well."""
    del request
    problems = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        problems = {check.code: text for check in contributions(HealthCheck) if (text := check.check())}
    except DatabaseError:
        problems["database"] = "no answer"
    return JsonResponse({"ready": not problems, "problems": problems}, status=503 if problems else 200)


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the metrics to callers on this machine, or with the operator's token."""
    token = os.environ.get("PHUONG_METRICS_TOKEN", "")
    is_local = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104
    forwarded = "HTTP_X_FORWARDED_FOR" in request.META
    if not (is_local and not forwarded) and not (token and request.headers.get("Authorization") == f"Bearer {token}"):
        return HttpResponse(status=404)
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
