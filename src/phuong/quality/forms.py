"""The forms that ask somebody to close a gap, and say what a rule weighs."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.kernel.today import today
from phuong.quality.models import Weighing
from phuong.records.api import Day, Words
from phuong.registry.api import Organisation, Person

USUAL_DAYS = 14
MOST_STAFF = 500


class AskForm(forms.Form):
    """Who closes the gap, and by when."""

    person = forms.ChoiceField(label=_("Giao cho"), required=False)
    due_on = Day(label=_("Xong trước ngày"))
    note = Words(label=_("Dặn thêm"), required=False, max_length=300)

    def __init__(self, unit: Organisation, *data: Any) -> None:
        """Offer the staff of the unit."""
        super().__init__(*data)
        self.initial = {"due_on": today() + dt.timedelta(days=USUAL_DAYS)}
        staff = Person.objects.filter(place=unit, is_staff=True).order_by("name_key", "id")[:MOST_STAFF]
        choices: list[tuple[str, Any]] = [("", _("Chung cả đơn vị"))]
        choices += [(str(key), name) for key, name in staff.values_list("pk", "full_name")]
        self.fields["person"] = forms.ChoiceField(label=_("Giao cho"), choices=choices, required=False)
        self.order_fields(["person", "due_on", "note"])

    def clean_due_on(self) -> dt.date:
        """Refuse days gone by."""
        day: dt.date = self.cleaned_data["due_on"]
        if day < today():
            raise forms.ValidationError(_("Chọn một ngày chưa qua."))
        return day


class WeighForm(forms.Form):
    """What a rule weighs, and why."""

    weight = forms.IntegerField(
        label=_("Trọng số"),
        min_value=0,
        max_value=Weighing.MOST,
        help_text=_("Từ 0 đến 10. 0: không tính quy tắc này."),
    )
    reason = Words(label=_("Lí do"), max_length=300, help_text=_("Được lưu cùng lịch sử, ai xem quy tắc cũng thấy."))
