"""The network of units: open, rename, move, merge, split, close. Nothing is lost: lineage, codes and sums stay."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.contributions import FollowUp, contributions
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting, is_under
from phuong.kernel.text import nfc, search_key, vi_key
from phuong.kernel.today import today
from phuong.registry.actions.moving import end_focal_points, move_classes, move_staff, move_tree, settle_learners
from phuong.registry.errors import CannotRestructure
from phuong.registry.models import ClassGroup, Enrolment, Lineage, Organisation, OrganisationAlias, Person, School
from phuong.registry.rules import highest_level


@dataclass(frozen=True)
class Order:
    """By what decision a unit changes, and from which day."""

    on: dt.date
    decision: str


def open_school(
    *, manager: Organisation, territory: Organisation, facts: Mapping[str, Any], order: Order, by: Actor
) -> Organisation:
    """Open a school under the unit that manages it, in the commune it lies in.

    ``facts``: code, name, type, level, levels, ownership.

    :raises CannotRestructure: a future day, or an open school has this code
    """
    with _ordered(order, by, _("thành lập")):
        return _new_school(manager, territory, facts, order)


def _new_school(manager: Organisation, territory: Organisation, facts: Mapping[str, Any], order: Order) -> Organisation:
    code, name = facts["code"], nfc(facts["name"])
    if Organisation.objects.filter(kind="school", code=code, closed_on__isnull=True).exists():
        raise CannotRestructure(_("Mã %s đã thuộc về một trường đang hoạt động.") % code)
    unit = Organisation.objects.create(
        kind="school",
        parent=manager,
        territory=territory,
        path=f"{manager.path}.s{code.lower()}",
        code=code,
        name=name,
        short_name=name,
        name_key=vi_key(name),
        search_key=search_key(name),
        opened_on=order.on,
        latitude=territory.latitude,
        longitude=territory.longitude,
    )
    School.objects.create(
        organisation=unit,
        type=facts["type"],
        level=facts["level"],
        levels=facts["levels"],
        ownership=facts["ownership"],
        managed_here_since=order.on,
    )
    record("registry.unit_opened", on_kind="unit", on_id=unit.pk, note=order.decision)
    return unit


def rename_unit(unit: Organisation, *, name: str, order: Order, by: Actor) -> None:
    """Give a unit another name; the old one stays findable as an alias.

    :raises CannotRestructure: a future day
    """
    with _ordered(order, by, _("đổi tên")):
        unit = _locked(unit)
        OrganisationAlias.objects.get_or_create(
            organisation=unit, scheme="name", code=unit.name, defaults={"valid_to": order.on}
        )
        unit.name = unit.short_name = nfc(name)
        unit.name_key, unit.search_key = vi_key(unit.name), search_key(unit.name)
        unit.save(update_fields=["name", "short_name", "name_key", "search_key"])
        record("registry.unit_renamed", on_kind="unit", on_id=unit.pk, note=order.decision)


def move_unit(unit: Organisation, *, manager: Organisation, territory: Organisation, order: Order, by: Actor) -> None:
    """Put a unit and everything below it under another manager, or into another commune.

    :raises CannotRestructure: a future day, or a manager that lies below the unit itself
    """
    with _ordered(order, by, _("chuyển đơn vị quản lí")):
        unit = _locked(unit)
        if is_under(manager.path, unit.path):
            raise CannotRestructure(_("Đơn vị quản lí mới nằm dưới chính đơn vị này."))
        unit.parent, unit.territory = manager, territory
        unit.save(update_fields=["parent", "territory"])
        move_tree(unit.path, f"{manager.path}.{unit.path.rsplit('.', 1)[-1]}")
        record("registry.unit_moved", on_kind="unit", on_id=unit.pk, note=order.decision)


def merge_units(unit: Organisation, *, into: Organisation, order: Order, by: Actor) -> None:
    """Close a unit into another, which takes over its classes, people, rooms and open work.

    :raises CannotRestructure: a future day, units of different kinds, or one of them closed
    """
    if unit.pk == into.pk:
        raise CannotRestructure(_("Chọn một đơn vị khác để nhận."))
    with _ordered(order, by, _("sáp nhập")):
        unit, into = _locked(unit), _locked(into)
        if (unit.kind == "school") != (into.kind == "school"):
            raise CannotRestructure(_("Chỉ sáp nhập trường với trường, xã với xã."))
        if unit.kind == "school":
            _merge_school(unit, into, order.on)
        else:
            _merge_commune(unit, into)
        for each in contributions(FollowUp):
            each.run(unit, into, order.on)
        _close(unit, order)
        Lineage.objects.create(before=unit, after=into, kind="merge", on=order.on, decision=order.decision)
        OrganisationAlias.objects.get_or_create(
            organisation=into, scheme="moet", code=unit.code, defaults={"valid_from": order.on}
        )
        record("registry.units_merged", on_kind="unit", on_id=unit.pk, note=f"{unit.code} → {into.code}")


def _merge_school(unit: Organisation, into: Organisation, on: dt.date) -> None:
    move_classes(ClassGroup.objects.filter(organisation=unit), into, on, mark=unit.short_name)
    move_staff(Person.objects.filter(place=unit, is_staff=True), unit, into, on)
    end_focal_points(unit, on)
    settle_learners(list(Person.objects.filter(place=unit, is_learner=True).values_list("pk", flat=True)), into)
    Person.objects.filter(place=unit).update(place=into, path=into.path)
    school = into.school
    school.levels = sorted({*school.levels, *unit.school.levels})
    school.level = highest_level(school.levels)
    school.save(update_fields=["levels", "level"])


def _merge_commune(unit: Organisation, into: Organisation) -> None:
    """Everything that stands under the closed commune, or lies in it, goes to the other."""
    Organisation.objects.filter(territory=unit).update(territory=into)
    unit.children.update(parent=into)
    move_tree(unit.path, into.path, itself=False)


def split_school(
    unit: Organisation, *, facts: Mapping[str, Any], classes: Sequence[Any], order: Order, by: Actor
) -> Organisation:
    """Open a new school out of another: some classes of this year go there with learners and homeroom teachers.

    :raises CannotRestructure: a future day, no class chosen, or all of them
    """
    with _ordered(order, by, _("chia, tách")):
        unit = _locked(unit)
        chosen = ClassGroup.objects.filter(organisation=unit, pk__in=list(classes))
        if not chosen.exists():
            raise CannotRestructure(_("Chọn ít nhất một lớp chuyển sang trường mới."))
        if unit.parent is None or unit.territory is None:
            raise CannotRestructure(_("Chỉ chia, tách được trường."))
        made = _new_school(unit.parent, unit.territory, facts, order)
        teachers = Person.objects.filter(homeroom_of__in=chosen, place=unit).distinct()
        staff = list(teachers.values_list("pk", flat=True))
        move_classes(chosen, made, order.on, mark=unit.short_name)
        move_staff(Person.objects.filter(pk__in=staff), unit, made, order.on)
        Lineage.objects.create(
            before=unit, after=made, kind="split", is_whole=False, on=order.on, decision=order.decision
        )
        record("registry.school_split", on_kind="unit", on_id=unit.pk, note=f"{unit.code} → {made.code}")
    return made


def close_unit(unit: Organisation, *, order: Order, by: Actor) -> None:
    """Close a unit that keeps nobody any more.

    :raises CannotRestructure: a future day, or learners, staff or units are still there
    """
    with _ordered(order, by, _("giải thể")):
        unit = _locked(unit)
        sitting = Enrolment.objects.filter(organisation=unit, ends_on__isnull=True).exists()
        if sitting or Person.objects.filter(Q(is_learner=True) | Q(is_staff=True), place=unit).exists():
            raise CannotRestructure(_("Còn học sinh hoặc cán bộ ở đây. Sáp nhập vào đơn vị khác thay cho giải thể."))
        if unit.children.filter(closed_on__isnull=True).exists():
            raise CannotRestructure(_("Còn đơn vị trực thuộc. Chuyển các đơn vị đó trước."))
        end_focal_points(unit, order.on)
        _close(unit, order)


def _close(unit: Organisation, order: Order) -> None:
    unit.closed_on = order.on
    unit.save(update_fields=["closed_on"])
    record("registry.unit_closed", on_kind="unit", on_id=unit.pk, note=order.decision)


def _locked(unit: Organisation) -> Organisation:
    found = Organisation.objects.select_for_update(of=("self",)).filter(pk=unit.pk, closed_on__isnull=True).first()
    if found is None:
        raise CannotRestructure(_("Đơn vị này đã đóng."))
    return found


def _ordered(order: Order, by: Actor, what: str) -> Any:
    """Act under a decision that is in force already.

    :raises NotThere: the actor acts nowhere
    """
    if not by.scope:
        raise NotThere
    if order.on > today():
        raise CannotRestructure(
            _("Quyết định chưa có hiệu lực. Đến ngày %s mới sắp xếp được.") % f"{order.on:%d/%m/%Y}"
        )
    return acting(by, reason=f"{what}: {order.decision}", effective_on=order.on)
