"""The form of a vendor's bundle that comes in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.records.api import Day, Words
from phuong.registry.api import Organisation
from phuong.roster.access import schools_to_fill

MOST_BYTES = 30 * 1024 * 1024
CHECK, APPLY = "check", "apply"


class BringForm(forms.Form):
    """A bundle, the school it is for, and whether it is only to be checked."""

    file = forms.FileField(
        label=_("Gói OneRoster"),
        help_text=_("Tệp zip có các tệp CSV theo chuẩn OneRoster 1.1 hoặc 1.2, nặng nhất 30 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    school = Words(label=_("Nạp cho trường"), max_length=40, help_text=_("Mã trường."))
    effective_on = Day(label=_("Có hiệu lực từ"), help_text=_("Đầu năm học thì ghi ngày 05/09."))
    act = forms.ChoiceField(
        label=_("Làm gì"),
        choices=((CHECK, _("Chỉ kiểm tra, chưa ghi gì")), (APPLY, _("Ghi vào hồ sơ của trường"))),
        initial=CHECK,
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(label=_("Đã biết nhiều em sẽ thôi học và chắc chắn gói này đủ"), required=False)

    def __init__(self, actor: Actor, *data: Any) -> None:
        """Ask for the school only where the actor's place is not one."""
        super().__init__(*data)
        self.initial = {"effective_on": today()}
        self.schools = schools_to_fill(actor)
        self.home = self.schools.filter(path=actor.scope).first()
        if self.home:
            del self.fields["school"]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Gói nặng quá 30 MB. Xuất riêng từng trường."))
        return file

    def clean_school(self) -> Organisation:
        """Find the school by its code."""
        found = self.schools.filter(code=self.cleaned_data["school"]).order_by("path").last()
        if found is None:
            raise forms.ValidationError(_("Không thấy trường mang mã này trong phạm vi của anh/chị."))
        return found

    @property
    def unit(self) -> Organisation:
        """Give the school the bundle is for."""
        return self.home or self.cleaned_data["school"]
