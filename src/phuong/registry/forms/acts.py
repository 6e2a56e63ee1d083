"""What an act on the network of units asks: by what decision, from when, and which other unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.records.api import Day, Words
from phuong.registry.access import organisations_seen_by
from phuong.registry.models import ClassGroup, Organisation
from phuong.registry.models.organisations import COMMUNE_KINDS, Level
from phuong.registry.rules import highest_level

MOST_OFFERED = 200


class UnitField(forms.CharField):
    """A unit named by its code, or by a name nobody else within reach has; offers the likely ones."""

    def __init__(self, *, kinds: tuple[str, ...], **options: Any) -> None:
        """Remember which kinds may be named; the form says who looks."""
        super().__init__(help_text=_HINT, **options)
        self.kinds = kinds
        self.actor: Actor | None = None

    def clean(self, value: Any) -> Any:
        """Give the unit.

        :raises ValidationError: nobody, or several, by that name
        """
        words = super().clean(value)
        if not words or self.actor is None:
            return None
        rows = organisations_seen_by(self.actor).filter(kind__in=self.kinds, closed_on__isnull=True)
        rows = rows.select_related("school")
        code = str(words).split(" ")[0]
        found = list(rows.filter(code=code)[:2]) or list(rows.filter(search_key=search_key(words))[:2])
        if len(found) != 1:
            several = _("Có nhiều đơn vị tên này. Gõ mã đơn vị.") if found else _("Không có đơn vị nào như vậy.")
            raise forms.ValidationError(several, code="unit")
        return found[0]


_HINT = gettext_lazy("Gõ mã hoặc tên đầy đủ.")
_MANAGERS = (*COMMUNE_KINDS, "department")


class OrderForm(forms.Form):
    """By what decision, and from which day."""

    decision = Words(label=gettext_lazy("Số, ngày quyết định"), max_length=200)
    on = Day(label=gettext_lazy("Có hiệu lực từ ngày"))

    def __init__(self, data: Any, *, unit: Organisation, actor: Actor) -> None:
        """Let fields that name units see what the actor sees."""
        super().__init__(data)
        self.unit = unit
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.actor = actor


class RenameForm(OrderForm):
    """The new name."""

    name = Words(label=gettext_lazy("Tên mới"), max_length=200)
    field_order = ("name",)


class CloseForm(OrderForm):
    """Nothing but the decision."""


class MoveForm(OrderForm):
    """Under whom, and where."""

    manager = UnitField(kinds=_MANAGERS, label=gettext_lazy("Đơn vị quản lí mới"))
    territory = UnitField(kinds=tuple(COMMUNE_KINDS), label=gettext_lazy("Địa bàn (xã, phường)"))
    field_order = ("manager", "territory")


class MergeForm(OrderForm):
    """Into which unit."""

    into = UnitField(kinds=("school", *COMMUNE_KINDS), label=gettext_lazy("Đơn vị nhận"))
    field_order = ("into",)


class _SchoolFacts(OrderForm):
    code = forms.RegexField(
        r"^[A-Za-z0-9]{4,20}$",
        label=gettext_lazy("Mã trường"),
        error_messages={"invalid": gettext_lazy("Mã gồm 4 đến 20 chữ số hoặc chữ cái không dấu.")},
    )
    name = Words(label=gettext_lazy("Tên trường"), max_length=200)
    type = forms.ChoiceField(label=gettext_lazy("Loại trường"))
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Cấp học"), choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )
    ownership = forms.ChoiceField(label=gettext_lazy("Loại hình"))
    field_order = ("code", "name", "type", "levels", "ownership")

    def __init__(self, data: Any, *, unit: Organisation, actor: Actor) -> None:
        """Offer the code lists."""
        super().__init__(data, unit=unit, actor=actor)
        for name, codes in (("type", "school_type"), ("ownership", "ownership")):
            self.fields[name].choices = [(code, title_of(codes, code)) for code in entries_of(codes)]  # type: ignore[attr-defined]

    def school(self) -> dict[str, Any]:
        """Give the facts of the new school."""
        facts = self.cleaned_data
        return {
            "code": facts["code"].upper(),
            "name": facts["name"],
            "type": facts["type"],
            "level": highest_level(facts["levels"]),
            "levels": facts["levels"],
            "ownership": facts["ownership"],
        }


class OpenForm(_SchoolFacts):
    """A new school; one that the department manages says in which commune it lies."""

    territory = UnitField(kinds=tuple(COMMUNE_KINDS), label=gettext_lazy("Địa bàn (xã, phường)"))

    def __init__(self, data: Any, *, unit: Organisation, actor: Actor) -> None:
        """Ask for the commune only where it does not follow from the manager."""
        super().__init__(data, unit=unit, actor=actor)
        if unit.is_commune:
            del self.fields["territory"]


class SplitForm(_SchoolFacts):
    """A new school, and the classes that go there."""

    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Lớp chuyển sang trường mới"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, unit: Organisation, actor: Actor) -> None:
        """Offer the classes of this school year."""
        super().__init__(data, unit=unit, actor=actor)
        year = school_year_of(today()).start
        rows = ClassGroup.objects.filter(organisation=unit, school_year=year).order_by("grade", "name_key", "id")
        self.fields["classes"].choices = [(str(row.pk), row.name) for row in rows]  # type: ignore[attr-defined]
