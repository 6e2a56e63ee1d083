"""What a principal sees to around the sheets: who was absent, who substitutes, the weeks of the teachers."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.actions.substitutes import Standin, end_substitute, name_substitute
from phuong.academics.errors import SubstituteThere
from phuong.academics.models import Substitution
from phuong.academics.queries.absent import ORDER, missed_of, missed_tests
from phuong.academics.queries.phrases import school_of
from phuong.academics.queries.workload import Week, norms, weekly, weeks_of
from phuong.kernel.audit import LIST_SEEN, record, seen
from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.records.api import Day, Words
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.ui.api import Column, export_answer, keyset_page


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def absent(request: Any) -> HttpResponse:
    """List who was absent at a midterm or final test and has not made it up, each with a link to the row."""
    year = school_year_of(today())
    found = missed_tests(request.actor, year.start)
    place = keyset_page(found, by=ORDER, query=request.GET)
    seen(LIST_SEEN, on_kind="academics.absent", on_id=year.start, path=request.actor.scope)
    page = {"rows": [missed_of(each) for each in place.rows], "place": place, "count": found.count()}
    page |= {"year": year.name, "manages": request.actor.may(Permission.MARKS_MANAGE)}
    return render(request, "academics/absent.html", page)


class SubstituteForm(forms.Form):
    """Who teaches which class and subject in whose place, from when to when."""

    class_group = forms.ModelChoiceField(label=gettext_lazy("Lớp"), queryset=ClassGroup.objects.none())
    subject = forms.ChoiceField(label=gettext_lazy("Môn"))
    person = forms.ModelChoiceField(label=gettext_lazy("Người dạy thay"), queryset=Person.objects.none())
    starts_on = Day(label=gettext_lazy("Từ ngày"))
    ends_on = Day(label=gettext_lazy("Đến hết ngày"))
    reason = Words(label=gettext_lazy("Lí do"), max_length=300, required=False)

    def __init__(self, school: Organisation, *data: Any) -> None:
        """Offer the classes and the teachers of a school."""
        super().__init__(*data)
        self.year, fields = school_year_of(today()), self.fields
        groups = ClassGroup.objects.filter(organisation=school, school_year=self.year.start, grade__gte=1)
        fields["class_group"].queryset = groups.select_related("organisation").order_by("grade", "name_key")  # type: ignore[attr-defined]
        staff = Person.objects.filter(
            positions__organisation=school,
            positions__during__contains=today(),
            positions__group__in=("teacher", "manager"),
        )
        fields["person"].queryset = staff.distinct().order_by("name_key", "id")  # type: ignore[attr-defined]
        fields["person"].label_from_instance = lambda person: person.full_name  # type: ignore[attr-defined]
        named = [(code, title_of("subject", code)) for code in entries_of("subject")]
        fields["subject"].choices = [("", "---------"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin or lie beyond the year, and a subject the class does not have."""
        facts = super().clean() or {}
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and not first <= last <= self.year.closes_on:
            self.add_error("ends_on", _("Ngày cuối phải sau ngày đầu và trong năm học này."))
        if last and last < today():
            self.add_error("ends_on", _("Những ngày này đã qua."))
        group, subject = facts.get("class_group"), facts.get("subject")
        if group and subject and weekly(group, subject) is None:
            self.add_error("subject", _("Chương trình của lớp này không có môn này."))
        return facts


@needs(Permission.MARKS_MANAGE)
@require_http_methods(["GET", "POST"])
def substitutes(request: Any) -> HttpResponse:
    """List who substitutes now and later, and name another one."""
    school = school_of(request.actor)
    form = SubstituteForm(school, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        one = Standin(
            group=facts["class_group"],
            subject=facts["subject"],
            person=facts["person"],
            starts_on=facts["starts_on"],
            ends_on=facts["ends_on"],
            reason=facts["reason"],
        )
        try:
            name_substitute(one)
        except SubstituteThere as refusal:
            form.add_error("starts_on", refusal.detail)
        else:
            messages.success(request, _("Đã phân công dạy thay. Sổ điểm mở cho người này trong những ngày ấy."))
            return redirect("academics:substitutes")
    rows = Substitution.objects.filter(organisation=school, during__endswith__gt=today())
    rows = rows.select_related("person", "class_group").order_by("during", "id")[:200]
    told = [(each, title_of("subject", each.subject), each.during.upper - dt.timedelta(days=1)) for each in rows]
    page = {"form": form, "rows": told, "school": school}
    return render(request, "academics/substitutes.html", page, status=422 if form.errors else 200)


@needs(Permission.MARKS_MANAGE)
@require_POST
def substitute_ended(request: Any, substitution_id: UUID) -> HttpResponse:
    """Let a substitute no longer be one."""
    end_substitute(substitution_id, by=request.actor)
    messages.success(request, _("Đã thôi phân công dạy thay."))
    return redirect("academics:substitutes")


@needs(Permission.MARKS_MANAGE)
@require_safe
def workload(request: Any) -> HttpResponse:
    """Show the periods a week of each teacher beside the norm; also as a file."""
    school = school_of(request.actor)
    weeks = weeks_of(school)
    if "as" in request.GET:
        answer = export_answer(request.GET["as"], _("tiet-day"), _WEEK, weeks, unit_of=lambda _week: school.pk)
        record("academics.summary_taken", note=f"workload: {len(weeks)}", path=school.path)
        return answer
    seen(LIST_SEEN, on_kind="academics.workload", on_id=school.pk, path=school.path)
    over, under = (sum(week.over > 0 for week in weeks), sum(week.over < 0 for week in weeks))
    page = {"weeks": weeks, "school": school, "over": over, "under": under, "norms": norms()}
    return render(request, "academics/workload.html", page)


def standing_of(week: Week) -> str:
    """Say how a week stands to the norm."""
    if week.norm is None:
        return _("chưa có định mức")
    if week.over == 0:
        return _("đủ")
    return (_("vượt %s") if week.over > 0 else _("thiếu %s")) % week.distance


_WEEK = (
    Column(gettext_lazy("Giáo viên"), lambda week: week.person.full_name, 28),
    Column(gettext_lazy("Tiết một tuần"), lambda week: week.tenths / 10, 14),
    Column(gettext_lazy("Định mức"), lambda week: week.norm, 12),
    Column(gettext_lazy("So với định mức"), lambda week: week.over / 10 if week.norm else None, 16),
    Column(gettext_lazy("Lớp, môn"), lambda week: ", ".join(week.lessons), 60),
    Column(gettext_lazy("Dạy thay"), lambda week: ", ".join(week.substitutes), 40),
)
STAFFING_ROUTES = [
    path("so-diem/vang/", absent, name="absent"),
    path("so-diem/day-thay/", substitutes, name="substitutes"),
    path("so-diem/day-thay/<uuid:substitution_id>/thoi/", substitute_ended, name="substitute_ended"),
    path("so-diem/tiet-day/", workload, name="workload"),
]
