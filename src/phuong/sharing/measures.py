"""What is counted of data sharing: services of the catalogue that run by agreement, in time and reconciled."""

import ibis
import ibis.expr.types as ir

from phuong.kernel.expressions import table_of
from phuong.kernel.measures import Measure, Population
from phuong.sharing.models import Service

NO: ir.BooleanValue = ibis.literal(value=False)

_services = table_of(Service)
_table = _services.select(
    id=_services.id,
    label=_services.title,
    organisation_id=_services.organisation_id,
    is_city=_services.is_city,
    is_national=_services.is_national,
    is_on=_services.is_on & ~_services.is_paused,
    is_valid=_services.valid_until.isnull() | (_services.valid_until >= ibis.today()).fill_null(NO),
    is_current=(_services.current_until >= ibis.today()).fill_null(NO),
    is_reconciled=_services.is_reconciled.fill_null(NO),
)
SERVICES = Population("sharing.services", "Dịch vụ dữ liệu trong danh mục", _table, url="/chia-se-du-lieu/{id}/")

_s = _table
_met = _s.is_on & _s.is_valid & _s.is_current & _s.is_reconciled
_REASONS = {
    "off": ("Chưa có thỏa thuận, hoặc đang tạm dừng", "No agreement, or paused"),
    "over": ("Thỏa thuận đã hết hạn", "The agreement is over"),
    "late": ("Chưa gửi, hoặc quá hạn gửi", "Nothing was sent in time"),
    "differs": ("Số liệu hai bên chưa khớp", "The totals of both sides differ"),
}
_why = ibis.cases((~_s.is_on, "off"), (~_s.is_valid, "over"), (~_s.is_current, "late"), else_="differs")

MEASURES = (
    Measure(
        "sharing.services_current",
        "Dịch vụ dữ liệu với thành phố, Bộ và CSDL quốc gia chạy đúng hạn, số liệu khớp",
        "Data services with the city, the Ministry and national databases, in time and reconciled",
        SERVICES,
        meets=_met,
        reasons=_REASONS,
        why=_why,
        source="quang-ninh-1295-2025, 1.2",
    ),
    Measure(
        "sharing.city_services",
        "Dịch vụ dữ liệu qua nền tảng của thành phố (kho dùng chung, IOC) chạy đúng hạn, số liệu khớp",
        "Data services over the city's platform (shared warehouse, operations centre), in time and reconciled",
        SERVICES,
        among=_s.is_city,
        meets=_met,
        reasons=_REASONS,
        why=_why,
        source="hai-phong-nq57-2026, PL2-7; hai-phong-5363-2025, x1",
    ),
    Measure(
        "sharing.national_services",
        "Dịch vụ dữ liệu với các CSDL quốc gia có liên quan chạy đúng hạn, số liệu khớp",
        "Data services with the related national databases, in time and reconciled",
        SERVICES,
        among=_s.is_national,
        meets=_met,
        reasons=_REASONS,
        why=_why,
        source="hai-phong-nq57-2026, PL2-8",
    ),
)
