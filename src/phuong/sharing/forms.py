"""The form that records an agreement."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.kernel.today import today
from phuong.records.api import Day, Words
from phuong.sharing.actions.agreeing import Agreement


class AgreementForm(forms.Form):
    """Number and days of the paper by which a partner gets data."""

    number = Words(label=_("Số văn bản thỏa thuận"), max_length=100, help_text=_("Ví dụ: 12/TT-SGDĐT-TTCĐS"))
    agreed_on = Day(label=_("Ngày kí"))
    valid_until = Day(label=_("Có hiệu lực đến"), required=False, help_text=_("Để trống nếu không ghi thời hạn."))

    def clean_agreed_on(self) -> dt.date:
        """Refuse days to come."""
        day: dt.date = self.cleaned_data["agreed_on"]
        if day > today():
            raise forms.ValidationError(_("Ngày kí chưa đến."))
        return day

    def clean_valid_until(self) -> dt.date | None:
        """Refuse an end that has passed."""
        day: dt.date | None = self.cleaned_data["valid_until"]
        if day is not None and day < today():
            raise forms.ValidationError(_("Chọn một ngày chưa qua."))
        return day

    def agreement(self) -> Agreement:
        """Give what was typed (call when valid)."""
        facts: dict[str, Any] = self.cleaned_data
        return Agreement(facts["number"], facts["agreed_on"], facts["valid_until"])
