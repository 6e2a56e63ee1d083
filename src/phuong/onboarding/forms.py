"""What people type when they activate an account, claim a child, or ask for letters."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import Account
from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.contributions import LinkTarget, contributions
from phuong.onboarding.actions.sending import CODES
from phuong.onboarding.outgoing import EMAIL, SMS
from phuong.onboarding.queries import GUARDIANS, LEARNERS
from phuong.onboarding.rules import typed
from phuong.records.api import Day

PAPER = "paper"
_PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


class CodeField(forms.CharField):
    """A code of a letter."""

    def __init__(self, **options: Any) -> None:
        """Say how it is typed."""
        widget = forms.TextInput(attrs={**_PLAIN, "autocapitalize": "characters"})
        super().__init__(
            max_length=40,
            widget=widget,
            help_text=_("12 chữ và số in trên thư, có gạch hay không đều được."),
            **options,
        )

    def clean(self, value: Any) -> str:
        """Bring a code into its one form.

        :raises ValidationError: it cannot be a code
        """
        code = typed(super().clean(value) or "")
        if not code:
            raise forms.ValidationError(_("Mã gồm 12 chữ và số, không có 0, O, 1, I. Xem lại thư của trường."))
        return code


class NameForm(forms.Form):
    """First question: the sign-in name."""

    username = forms.CharField(
        label=_("Tên đăng nhập in trên thư"),
        max_length=150,
        widget=forms.TextInput(attrs={**_PLAIN, "autocomplete": "username"}),
        error_messages={"required": _("Nhập tên đăng nhập.")},
    )


class CodeForm(forms.Form):
    """Second question: the code."""

    code = CodeField(label=_("Mã in trên thư"), error_messages={"required": _("Nhập mã in trên thư.")})


class FirstPassword(forms.Form):
    """Third question: the password, twice."""

    password = forms.CharField(
        label=_("Mật khẩu mới"),
        max_length=200,
        strip=False,
        help_text=_("Ít nhất 10 kí tự, không phải mật khẩu hay gặp, không giống tên mình."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Nhập mật khẩu mới.")},
    )
    again = forms.CharField(
        label=_("Nhập lại mật khẩu mới"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Nhập lại mật khẩu mới.")},
    )

    def __init__(self, data: Any, *, account: Account | None) -> None:
        """Remember whose it will be: a password like the own name is refused."""
        super().__init__(data)
        self.account = account

    def clean(self) -> dict[str, Any]:
        """Refuse a weak password, or two that differ."""
        facts: dict[str, Any] = super().clean() or {}
        if "password" in facts:
            try:
                validate_password(facts["password"], self.account)
            except forms.ValidationError as error:
                self.add_error("password", error)
        if facts.get("password") and facts.get("again") and facts["password"] != facts["again"]:
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        return facts


class ClaimForm(forms.Form):
    """Which child, by what only family and school know."""

    child_code = forms.CharField(
        label=_("Mã học sinh"),
        max_length=40,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("In trên thư của trường."),
    )
    birth_date = Day(label=_("Ngày sinh của con"))
    class_name = forms.CharField(label=_("Lớp đang học"), max_length=40, help_text=_("Thí dụ 8A3."))
    letter_code = CodeField(label=_("Mã gắn phụ huynh"))
    relation = forms.ChoiceField(label=_("Tôi là"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None) -> None:
        """Offer the relations of the code list."""
        super().__init__(data)
        titles = [(code, title_of("guardian_relation", code)) for code in entries_of("guardian_relation")]
        self.fields["relation"].choices = titles  # type: ignore[attr-defined]


class WhomForm(forms.Form):
    """Whom the letters of a class go to."""

    whom = forms.ChoiceField(choices=[(LEARNERS, _("học sinh")), (GUARDIANS, _("phụ huynh"))])


class FindForm(forms.Form):
    """Whose password was forgotten."""

    q = forms.CharField(label=_("Họ tên, mã hoặc tên đăng nhập"), max_length=80, required=False)


class RenewForm(WhomForm):
    """Who of a class gets a new code, and by which way; messages go to guardians alone."""

    way = forms.ChoiceField(
        choices=[(PAPER, _("thư giấy")), (SMS, _("tin nhắn")), (EMAIL, _("thư điện tử"))], required=False
    )

    def clean(self) -> dict[str, Any]:
        """Print where nothing else is said; a learner is sent no message."""
        facts: dict[str, Any] = super().clean() or {}
        facts["way"] = facts.get("way") or PAPER
        if facts.get("whom") == LEARNERS and facts["way"] != PAPER:
            self.add_error("way", _("Học sinh nhận thư giấy; tin nhắn, thư điện tử chỉ gửi phụ huynh."))
        return facts


class SendForm(forms.Form):
    """What is sent to the guardians of a class, and by which way."""

    what = forms.ChoiceField()
    channel = forms.ChoiceField(choices=[(SMS, _("tin nhắn")), (EMAIL, _("thư điện tử"))])

    def __init__(self, data: Any = None) -> None:
        """Offer activation codes and what links show."""
        super().__init__(data)
        targets = [(each.code, each.title) for each in contributions(LinkTarget)]
        self.fields["what"].choices = [(CODES, _("mã kích hoạt")), *targets]  # type: ignore[attr-defined]
