"""What is counted of schools as the registry knows them."""

import ibis
import ibis.expr.types as ir

from phuong.kernel.measures import Measure, Unit
from phuong.registry.measures.populations import GENERAL_LEVELS, NO, SCHOOLS, schools_table

_s = schools_table
_STANDARD = "TT 57/2026/TT-BGDĐT"


def _standard(code: str, title: str, title_en: str, level: str) -> Measure:
    """Count schools of ``level`` whose national-standard recognition is in force (đạt chuẩn quốc gia)."""
    return Measure(
        code,
        title,
        title_en,
        SCHOOLS,
        among=_s.level == level,
        meets=(_s.standard_level >= 1) & (_s.standard_until.isnull() | (_s.standard_until >= ibis.today())),
        reasons={
            "expired": ("Quyết định công nhận đã hết hạn", "The recognition has expired"),
            "never": ("Chưa được công nhận", "Not recognised"),
        },
        why=ibis.ifelse(_s.standard_level >= 1, "expired", "never"),
        source=_STANDARD,
    )


def _non_public(code: str, title: str, title_en: str, among: ir.BooleanValue) -> Measure:
    """Count schools that the state does not own; a foreign-invested school is a private one in the law."""
    return Measure(
        code,
        title,
        title_en,
        SCHOOLS,
        among=among,
        meets=_s.ownership != "public",
        reasons={"public": ("Cơ sở công lập", "A public school")},
        source="Luật Giáo dục 2019, điều 47",
        is_share=True,
    )


_kept_here = _s.managed_here_since.notnull() & (_s.managed_here_since <= ibis.today())
_inventory_fresh = (_s.inventory_confirmed_on >= ibis.today() - ibis.interval(months=12)).fill_null(NO)

MEASURES = (
    _standard(
        "registry.standard_preschools",
        "Trường mầm non đạt chuẩn quốc gia",
        "Preschools at national standard",
        "preschool",
    ),
    _standard(
        "registry.standard_primary",
        "Trường tiểu học đạt chuẩn quốc gia",
        "Primary schools at national standard",
        "primary",
    ),
    _standard(
        "registry.standard_lower_secondary",
        "Trường trung học cơ sở đạt chuẩn quốc gia",
        "Lower secondary schools at national standard",
        "lower_secondary",
    ),
    _standard(
        "registry.standard_upper_secondary",
        "Trường trung học phổ thông đạt chuẩn quốc gia",
        "Upper secondary schools at national standard",
        "upper_secondary",
    ),
    _non_public(
        "registry.non_public_preschools",
        "Trường mầm non dân lập, tư thục",
        "Non-public preschools",
        _s.level == "preschool",
    ),
    _non_public(
        "registry.private_lower_secondary",
        "Cơ sở giáo dục trung học cơ sở tư thục",
        "Private lower secondary schools",
        _s.level == "lower_secondary",
    ),
    _non_public(
        "registry.private_upper_secondary",
        "Cơ sở giáo dục trung học phổ thông tư thục",
        "Private upper secondary schools",
        _s.level == "upper_secondary",
    ),
    Measure(
        "registry.international_schools",
        "Trường liên cấp quốc tế",
        "International inter-level schools",
        SCHOOLS,
        among=_s.level.isin(GENERAL_LEVELS),
        meets=_s.is_international & (_s.levels.length().fill_null(0) > 1),
        reasons={"other": ("Không phải trường liên cấp quốc tế", "Not an international inter-level school")},
        unit=Unit.COUNT,
        source="Nghị định 124/2024/NĐ-CP",
    ),
    Measure(
        "registry.schools_managed_here",
        "Cơ sở giáo dục quản trị nhà trường trên cơ sở dữ liệu ngành",
        "Schools run on the sector database",
        SCHOOLS,
        meets=_kept_here,
        reasons={
            "not_yet": (
                "Chưa quản trị trên hệ thống: bắt đầu dùng và ghi ngày",
                "Not run here yet: start, and record the day",
            )
        },
    ),
    Measure(
        "registry.preschools_digital",
        "Trường mầm non có dữ liệu đủ và quản lí trên môi trường số",
        "Preschools with complete data, managed digitally",
        SCHOOLS,
        among=_s.level == "preschool",
        meets=_kept_here & _inventory_fresh,
        reasons={
            "not_managed": ("Chưa quản trị trên hệ thống", "Not run here yet"),
            "inventory": ("Chưa xác nhận kiểm kê trong 12 tháng qua", "No inventory confirmed within 12 months"),
        },
        why=ibis.ifelse(_kept_here, "inventory", "not_managed"),
    ),
)
