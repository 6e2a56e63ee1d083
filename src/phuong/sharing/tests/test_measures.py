"""Measures of data sharing: services that count, services that lack something, and why."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from phuong.kernel.jobs import Progress
from phuong.measures.api import figures_of, measure_named, records_of, refresh_measures
from phuong.registry.testing import a_province
from phuong.sharing.actions.agreeing import ensure_services
from phuong.sharing.measures import SERVICES
from phuong.sharing.testing import a_service

pytestmark = pytest.mark.django_db
CODES = ("sharing.services_current", "sharing.city_services", "sharing.national_services")


def sent(**changed: Any) -> dict[str, Any]:
    return {"current_until": timezone.localdate(), "is_reconciled": True, **changed}


def test_a_service_counts_while_it_is_agreed_in_time_and_reconciled() -> None:
    province = a_province()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    ensure_services(province)
    a_service("city.schools", **sent(valid_until=timezone.localdate()))
    a_service("city.classes", **sent(is_reconciled=None))
    a_service("city.learners", **sent(current_until=yesterday))
    a_service("city.facilities", **sent(valid_until=yesterday))
    a_service("ministry.schools", **sent())
    a_service("ministry.staff", **sent(is_paused=True))

    refresh_measures(Progress())
    figures = figures_of(province, list(CODES))
    missing = records_of(measure_named("sharing.services_current"), province, met=False)

    assert {code: (figures[code].numerator, figures[code].denominator) for code in CODES} == {
        "sharing.services_current": (2, 9),
        "sharing.city_services": (1, 5),
        "sharing.national_services": (1, 4),
    }
    whys = {row.label.split(" → ")[0] + ("*" if "Bộ" in row.label else ""): row.why for row in missing[0]}
    assert whys["Lớp học của năm học"] == "Số liệu hai bên chưa khớp"
    assert whys["Học sinh theo trường, lớp (không có họ tên)"] == "Chưa gửi, hoặc quá hạn gửi"
    assert whys["Phòng học, phòng chức năng"] == "Thỏa thuận đã hết hạn"
    assert whys["Hồ sơ đội ngũ*"] == "Chưa có thỏa thuận, hoặc đang tạm dừng"


def test_records_lead_to_a_page() -> None:
    assert SERVICES.url == "/chia-se-du-lieu/{id}/"
    assert not SERVICES.personal
