"""Forms of tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.records.api import Day, Words
from phuong.tasks.models import EscalationRule

_GROUPS = [
    ("chosen", _("Các đơn vị đánh dấu bên dưới")),
    ("communes", _("Mọi xã, phường, đặc khu")),
    ("schools", _("Mọi trường")),
    ("divisions", _("Mọi phòng của Sở")),
    ("own", _("Đơn vị của tôi")),
]
ORIGINS = [
    ("plan", _("Nhiệm vụ của kế hoạch")),
    ("duty", _("Chế độ báo cáo")),
    ("conclusion", _("Kết luận, việc giao mới")),
    ("own", _("Việc giao xuống")),
]


class Keys(forms.Field):
    """Keys of the records ticked; the page draws the boxes."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        """Read the keys, each once.

        :raises ValidationError: one of them is none
        """
        try:
            return list(dict.fromkeys(UUID(str(each)) for each in value or []))
        except ValueError as error:
            raise forms.ValidationError(_("Có mục đã chọn không đọc được. Bỏ chọn rồi tìm lại.")) from error


class TaskFilter(forms.Form):
    """Filters of the list; nonsense in an address is ignored."""

    q = forms.CharField(label=_("Có chữ"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("late", _("Quá hạn")),
            ("soon", _("Đến hạn trong 7 ngày")),
            ("open", _("Chưa xong")),
            ("submitted", _("Chờ xác nhận")),
            ("done", _("Đã xong")),
            ("unclear", _("Thiếu một trong 5 rõ")),
            ("told", _("Đã báo cấp trên")),
        ],
    )
    plan = forms.SlugField(required=False, widget=forms.HiddenInput)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    partner = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OrderForm(forms.Form):
    """A new task, or a leader's conclusion: what, until when, to whom, and who answers for it in person."""

    title = Words(label=_("Việc phải làm"), max_length=500)
    product = Words(label=_("Kết quả phải có"), max_length=500, required=False)
    due_on = Day(label=_("Hạn cuối"))
    group = forms.ChoiceField(
        label=_("Giao cho"),
        choices=_GROUPS,
        widget=forms.RadioSelect,
        help_text=_("Chọn cả nhóm thì các đơn vị đánh dấu thêm bên dưới cũng nhận việc."),
    )
    unit = Keys(required=False)
    person = Keys(required=False)
    person_name = Words(
        label=_("Tên người chịu trách nhiệm"),
        max_length=100,
        required=False,
        help_text=_("Dùng cho đơn vị chưa chọn người ở trên."),
    )

    def keys_of(self, name: str) -> list[UUID]:
        """Give the keys ticked so far, nonsense left out."""
        try:
            return Keys().to_python(self[name].value())
        except forms.ValidationError:
            return []


class PersonForm(forms.Form):
    """Who answers for a task: somebody of the unit's staff, or a free name."""

    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    person_name = Words(label=_("Hoặc ghi tên"), max_length=100, required=False)


class RuleForm(forms.Form):
    """When who is told of a task that is not done."""

    title = Words(label=_("Tên quy tắc"), max_length=120, help_text=_("Người được báo đọc dòng này."))
    when = forms.ChoiceField(
        label=_("Báo"),
        choices=[("before", _("Trước hạn")), ("after", _("Sau hạn"))],
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(label=_("Số ngày"), min_value=0, max_value=365, help_text=_("0 là đúng ngày hạn."))
    every = forms.IntegerField(
        label=_("Báo lại sau mỗi, ngày"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_("Để trống hoặc 0 nếu chỉ báo một lần."),
    )
    tell = forms.ChoiceField(label=_("Báo cho"), choices=EscalationRule.Tell.choices, widget=forms.RadioSelect)
    origins = forms.MultipleChoiceField(
        label=_("Chỉ với loại việc"),
        choices=ORIGINS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn nghĩa là mọi loại."),
    )
    plans = forms.MultipleChoiceField(
        label=_("Chỉ với kế hoạch"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn nghĩa là mọi việc, kể cả việc không thuộc kế hoạch nào."),
    )
    is_active = forms.BooleanField(label=_("Đang dùng"), required=False, initial=True)

    def __init__(self, data: Any, *, rule: EscalationRule | None, plans: Sequence[tuple[str, str]]) -> None:
        """Offer the plans of the province; start from ``rule``."""
        start = {}
        if rule is not None:
            start = {name: getattr(rule, name) for name in ("title", "every", "tell", "origins", "plans", "is_active")}
            start |= {"when": "before" if rule.days < 0 else "after", "days": abs(rule.days)}
        super().__init__(data, initial=start)
        self.fields["plans"].choices = list(plans)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Give the facts of a rule: days after the due day, negative before it."""
        facts = dict(self.cleaned_data)
        days = facts.pop("days")
        return {**facts, "days": -days if facts.pop("when") == "before" else days, "every": facts["every"] or 0}


class NoteForm(forms.Form):
    """What was done, how far, with proof."""

    text = Words(label=_("Đã làm được gì"), max_length=2000)
    percent = forms.IntegerField(label=_("Hoàn thành, %"), min_value=0, max_value=100, required=False)
    file = forms.FileField(label=_("Tệp minh chứng"), required=False, widget=forms.FileInput)


class MoveForm(forms.Form):
    """What is said with a step: the result, or why the task comes back."""

    text = Words(label=_("Nội dung"), max_length=2000, required=False)


class BudgetForm(forms.Form):
    """The money of a year from one source, in đồng."""

    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    source = Words(label=_("Nguồn"), max_length=120)
    planned = forms.IntegerField(label=_("Dự kiến, đồng"), min_value=0, max_value=10**15, required=False)
    allotted = forms.IntegerField(label=_("Được cấp, đồng"), min_value=0, max_value=10**15, required=False)
    spent = forms.IntegerField(label=_("Đã chi, đồng"), min_value=0, max_value=10**15, required=False)
