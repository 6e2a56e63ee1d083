"""How somebody wants to be told by e-mail, as they type it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.notices.rules import AT_ONCE, DAILY, NONE, Wishes, is_quiet

_CADENCES = [
    (DAILY, _("Mỗi ngày một thư, gộp mọi việc chưa đọc")),
    (AT_ONCE, _("Việc gấp gửi ngay, việc khác gộp mỗi ngày một thư")),
    (NONE, _("Không gửi thư")),
]
_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
_TIME_FORMATS = ["%H:%M", "%Hh%M", "%Hh", "%H"]


class TimeOfDay(forms.TimeField):
    """A time of day typed as giờ:phút."""

    def __init__(self, **options: Any) -> None:
        """Accept the ways people write a time."""
        widget = forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "autocomplete": "off", "size": "6"})
        super().__init__(widget=widget, input_formats=_TIME_FORMATS, **options)
        self.error_messages["invalid"] = self.error_messages["required"] = _("Gõ giờ dạng 21:00.")


class WishesForm(forms.Form):
    """Address, how often, when, and in which language."""

    email = forms.EmailField(
        label=_("Địa chỉ thư điện tử"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Địa chỉ thư có dạng ten@donvi.vn.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )
    cadence = forms.ChoiceField(label=_("Gửi thư khi nào"), choices=_CADENCES, widget=forms.RadioSelect)
    digest_hour = forms.TypedChoiceField(
        label=_("Giờ gửi thư gộp"), choices=[(hour, f"{hour}:00") for hour in range(24)], coerce=int
    )
    quiet_from = TimeOfDay(
        label=_("Bắt đầu giờ không gửi thư"), help_text=_("Hai giờ giống nhau: lúc nào cũng gửi được.")
    )
    quiet_to = TimeOfDay(label=_("Hết giờ không gửi thư"))
    language = forms.ChoiceField(label=_("Ngôn ngữ của thư"), choices=_LANGUAGES, widget=forms.RadioSelect)

    @classmethod
    def of(cls, email: str, wishes: Wishes) -> "WishesForm":
        """Show what is kept."""
        facts = {name: getattr(wishes, name) for name in cls.base_fields if name != "email"}
        return cls(initial={"email": email, **facts})

    def clean(self) -> dict[str, Any]:
        """Refuse mail without an address, and a digest in the quiet hours."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("cadence") != NONE and not facts.get("email") and "email" not in self.errors:
            self.add_error("email", _("Nhập địa chỉ thư, hoặc chọn «Không gửi thư»."))
        if not self.errors and facts["cadence"] != NONE and is_quiet(dt.time(facts["digest_hour"]), self.wishes()):
            self.add_error("digest_hour", _("Giờ này nằm trong giờ không gửi thư. Chọn giờ khác."))
        return facts

    def wishes(self) -> Wishes:
        """Give what was typed."""
        return Wishes(**{name: value for name, value in self.cleaned_data.items() if name != "email"})
