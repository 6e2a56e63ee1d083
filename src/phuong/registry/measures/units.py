"""What is counted of every unit itself: whether it names its focal points."""

from itertools import combinations

import ibis
import ibis.expr.types as ir

from phuong.kernel.measures import Measure
from phuong.registry.measures.populations import CORE_DUTIES, UNITS, units_table

_u = units_table
_NAMES = {
    "leader": ("lãnh đạo phụ trách", "the leader in charge"),
    "it": ("đầu mối công nghệ thông tin", "the IT contact"),
    "statistics": ("đầu mối thống kê", "the statistics contact"),
}


def _reasons() -> dict[str, tuple[str, str]]:
    """Name every set of contacts that may be missing, under the codes that ``_why`` gives."""
    found = {}
    for size in range(1, len(CORE_DUTIES) + 1):
        for lacking in combinations(CORE_DUTIES, size):
            vietnamese, english = zip(*(_NAMES[duty] for duty in lacking), strict=True)
            found[".".join(lacking)] = ("Thiếu " + ", ".join(vietnamese), "Lacks " + ", ".join(english))
    return found


def _why() -> ir.StringValue:
    parts = [ibis.ifelse(_u[f"has_{duty}"], "", f"{duty}.") for duty in CORE_DUTIES]
    return (parts[0] + parts[1] + parts[2]).re_replace(r"\.$", "")


MEASURES = (
    Measure(
        "registry.units_with_contacts",
        "Đơn vị có đủ đầu mối",
        "Units that name their contacts",
        UNITS,
        meets=_u.has_leader & _u.has_it & _u.has_statistics,
        reasons=_reasons(),
        why=_why(),
        source="Kế hoạch 1295/KH-SGDĐT và Kế hoạch 5363/KH-SGDĐT: mỗi đơn vị nêu lãnh đạo phụ trách và đầu mối",
        asked_of_units=True,
    ),
)
