"""Forms of tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.records.api import Day, Words

_GROUPS = [("communes", _("Mọi xã, phường, đặc khu")), ("schools", _("Mọi trường")), ("own", _("Đơn vị của tôi"))]


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
        ],
    )
    plan = forms.SlugField(required=False, widget=forms.HiddenInput)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OrderForm(forms.Form):
    """A new task, or a leader's conclusion."""

    title = Words(label=_("Việc phải làm"), max_length=500)
    product = Words(label=_("Kết quả phải có"), max_length=500, required=False)
    person_name = Words(label=_("Người chịu trách nhiệm"), max_length=100, required=False)
    due_on = Day(label=_("Hạn cuối"))
    group = forms.ChoiceField(label=_("Giao cho"), choices=_GROUPS, widget=forms.RadioSelect, initial="own")


class NoteForm(forms.Form):
    """What was done, how far, with proof."""

    text = Words(label=_("Đã làm được gì"), max_length=2000)
    percent = forms.IntegerField(label=_("Hoàn thành, %"), min_value=0, max_value=100, required=False)
    file = forms.FileField(label=_("Tệp minh chứng"), required=False)


class BudgetForm(forms.Form):
    """The money of a year from one source, in đồng."""

    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    source = Words(label=_("Nguồn"), max_length=120)
    planned = forms.IntegerField(label=_("Dự kiến, đồng"), min_value=0, max_value=10**15, required=False)
    allotted = forms.IntegerField(label=_("Được cấp, đồng"), min_value=0, max_value=10**15, required=False)
    spent = forms.IntegerField(label=_("Đã chi, đồng"), min_value=0, max_value=10**15, required=False)
