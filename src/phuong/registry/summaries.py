"""Short facts about an organisation or a person, as (term, value) pairs for a summary list."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from phuong.kernel.codelists import title_of
from phuong.kernel.contributions import PersonFacts, contributions
from phuong.kernel.vault import unseal
from phuong.registry.models import Organisation, Person, School

SHOWN_DIGITS = 3
Fact = tuple[str, Any]


def school_facts(organisation: Organisation) -> list[Fact]:
    """Say what a school is, where, and how many people it has."""
    school: School = organisation.school
    counts = Person.objects.filter(place=organisation).aggregate(
        learners=Count("pk", filter=Q(is_learner=True)), staff=Count("pk", filter=Q(is_staff=True))
    )
    facts = [
        (_("Mã trường"), organisation.code),
        (_("Loại trường"), title_of("school_type", school.type)),
        (_("Cấp học"), school.get_level_display()),
        (_("Loại hình"), title_of("ownership", school.ownership)),
        (_("Địa bàn"), organisation.territory.name if organisation.territory else ""),
        (_("Đơn vị quản lí"), organisation.parent.name if organisation.parent else ""),
        (_("Học sinh"), counts["learners"] or ""),
        (_("Cán bộ, giáo viên, nhân viên"), counts["staff"] or ""),
        (_("Chuẩn quốc gia"), _standard(school)),
        (_("Kết nối Internet"), _connection(school)),
        (_("Địa chỉ"), school.address),
        (_("Điện thoại"), school.phone),
    ]
    return [(term, value) for term, value in facts if value != ""]


def _standard(school: School) -> str:
    if not school.standard_level:
        return _("chưa được công nhận")
    until = school.standard_until
    return _("mức %d") % school.standard_level + (_(", đến %s") % f"{until:%d/%m/%Y}" if until else "")


def _connection(school: School) -> str:
    if not school.connection:
        return _("chưa khai báo")
    speed = f", {school.connection_mbps} Mbps" if school.connection_mbps else ""
    return title_of("connection_kind", school.connection) + speed


def commune_facts(organisation: Organisation, schools: list[School]) -> list[Fact]:
    """Say what a commune is and how many schools of each level lie in it."""
    counts: dict[str, int] = {}
    for school in schools:
        counts[school.get_level_display()] = counts.get(school.get_level_display(), 0) + 1
    shares = ", ".join(f"{name} {count}" for name, count in counts.items())
    return [
        (_("Mã đơn vị"), organisation.code),
        (_("Loại"), title_of("organisation_kind", organisation.kind)),
        (_("Số trường"), len(schools)),
        (_("Theo cấp học"), shares),
    ]


def person_facts(person: Person) -> list[Fact]:
    """Say who a person is; the personal number is shown by its ends only."""
    facts = [
        (_("Ngày sinh"), f"{person.birth_date:%d/%m/%Y}" if person.birth_date else ""),
        (_("Giới tính"), title_of("sex", person.sex)),
        (_("Dân tộc"), title_of("ethnicity", person.ethnicity) if person.ethnicity else ""),
        (_("Mã định danh ngành"), person.code),
        (_("Số định danh cá nhân"), masked_number(person)),
        (_("Kiểm tra cấu trúc số"), person.get_number_check_display()),
        (_("Đối chiếu dân cư"), _identity(person)),
        (_("Nơi quản lí hồ sơ"), person.place.name),
        (_("Nơi sinh"), person.birthplace),
        (_("Địa chỉ"), person.address),
        (_("Điện thoại"), person.phone),
        (_("Thư công vụ"), person.work_email),
    ]
    told = (fact for app in contributions(PersonFacts) for fact in app.find(person.pk))
    return [(term, value) for term, value in (*facts, *told) if value]


def _identity(person: Person) -> str:
    on = f", {person.identity_checked_on:%d/%m/%Y}" if person.identity_checked_on else ""
    return f"{person.get_identity_state_display()}{on}"


def masked_number(person: Person) -> str:
    """Show the first and last three digits of a personal number, nothing between."""
    if person.number_cipher is None:
        return ""
    number = unseal(bytes(person.number_cipher))
    return f"{number[:SHOWN_DIGITS]} ••• ••• {number[-SHOWN_DIGITS:]}"
