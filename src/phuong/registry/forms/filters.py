"""Filters of the registry's lists; nonsense in an address is ignored, never an error."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.kernel.codelists import entries_of, title_of
from phuong.registry.models.organisations import Level
from phuong.registry.models.people import NumberCheck

_ANY = ("", _("Tất cả"))


class _Filter(forms.Form):
    """A form read from the address; ``chosen`` holds what could be understood."""

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LearnerFilter(_Filter):
    """Filters of the list of learners."""

    q = forms.CharField(label=_("Tên bắt đầu bằng"), required=False, max_length=80)
    number = forms.ChoiceField(label=_("Số định danh"), required=False, choices=[_ANY, *NumberCheck.choices])
    school = forms.UUIDField(required=False, widget=forms.HiddenInput)


class StaffFilter(_Filter):
    """Filters of the list of staff."""

    q = forms.CharField(label=_("Tên bắt đầu bằng"), required=False, max_length=80)
    group = forms.ChoiceField(
        label=_("Nhóm"),
        required=False,
        choices=[_ANY, ("manager", _("Cán bộ quản lí")), ("teacher", _("Giáo viên")), ("staff", _("Nhân viên"))],
    )


class SchoolFilter(_Filter):
    """Filters of the list of schools."""

    q = forms.CharField(label=_("Tên trường có chữ"), required=False, max_length=80)
    level = forms.ChoiceField(label=_("Cấp học"), required=False, choices=[_ANY, *Level.choices])
    ownership = forms.ChoiceField(
        label=_("Loại hình"),
        required=False,
        choices=[
            _ANY,
            ("public", _("Công lập")),
            ("private", _("Tư thục")),
            ("community", _("Dân lập")),
            ("foreign", _("Vốn nước ngoài")),
        ],
    )
    commune = forms.UUIDField(required=False, widget=forms.HiddenInput)


class NetworkFilter(_Filter):
    """Filters of the network of focal points."""

    q = forms.CharField(label=_("Tên có chữ"), required=False, max_length=80)
    duty = forms.ChoiceField(label=_("Đầu mối về"), required=False)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        """Offer the duties of the code list."""
        super().__init__(data)
        titles = [(code, title_of("focal_duty", code)) for code in entries_of("focal_duty")]
        self.fields["duty"].choices = [_ANY, *titles]  # type: ignore[attr-defined]
