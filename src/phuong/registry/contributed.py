"""What the registry tells the floors below: pages, first pages, search."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import Home, NavigationEntry, SearchSource
from phuong.registry.queries import find_organisations, find_people
from phuong.registry.views.details import family_home

_STEERING = {
    "department_leader",
    "division_head",
    "division_officer",
    "commune_leader",
    "commune_officer",
    "auditor",
}
_PERSONS = {
    "department_leader",
    "division_officer",
    "commune_officer",
    "principal",
    "teacher",
    "homeroom_teacher",
    "clerk",
}
_STAFF = {
    "department_leader",
    "division_officer",
    "commune_officer",
    "principal",
    "clerk",
    "accountant",
}
_HELP = {"support_access", "support_repair"}
FAMILY = frozenset({"guardian", "learner"})

ALL = (
    NavigationEntry(
        "registry.learners",
        _("Hồ sơ học sinh"),
        _("Lý lịch, lớp, gia đình, số định danh"),
        "registry:learners",
        "users",
        _("Học sinh"),
        frozenset(_PERSONS | _HELP),
        rail_order=40,
    ),
    NavigationEntry(
        "registry.staff",
        _("Đội ngũ"),
        _("Vị trí công tác, trình độ"),
        "registry:staff",
        "id-badge-2",
        _("Nhà trường"),
        frozenset(_STAFF | _HELP),
        rail_order=50,
    ),
    NavigationEntry(
        "registry.schools",
        _("Trường"),
        _("Cơ sở giáo dục, lớp, phòng học"),
        "registry:schools",
        "building-community",
        _("Nhà trường"),
        frozenset(_STEERING | _PERSONS | _STAFF | _HELP),
        rail_order=60,
    ),
    NavigationEntry(
        "registry.network",
        _("Mạng lưới đầu mối"),
        _("Ai phụ trách việc gì ở mỗi đơn vị, đơn vị nào còn thiếu"),
        "registry:network",
        "users",
        _("Theo dõi, điều hành"),
        frozenset(_STEERING | _STAFF),
    ),
    Home("registry.family", FAMILY, family_home),
    SearchSource("registry.people", _("Học sinh, đội ngũ"), "user", find_people),
    SearchSource("registry.organisations", _("Trường, xã, phường"), "building-community", find_organisations),
)
