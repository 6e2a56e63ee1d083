"""Checks what people type when they sign in."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class SignIn(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Nhập tên đăng nhập.")},
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Nhập mật khẩu.")},
    )


class NewPassword(PasswordChangeForm):  # type: ignore[type-arg]
    """The password in use, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the questions in our words."""
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Mật khẩu đang dùng")
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password1"].help_text = _(
            "Ít nhất 10 kí tự, không phải mật khẩu hay gặp, không giống tên mình."
        )
        self.fields["new_password2"].label = _("Nhập lại mật khẩu mới")
        self.fields["new_password2"].help_text = ""


class _Code:
    """A field for a code of six or eight figures, as phones and password managers expect it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Mã xác thực")
        field.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        )


class SecondFactor(_Code, factors.AuthenticateForm):  # type: ignore[misc]
    """The code asked for at sign-in."""


class CodeAgain(_Code, factors.ReauthenticateForm):  # type: ignore[misc]
    """The code asked for before a sensitive act."""


class NewTotp(_Code, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""


class PasswordAgain(ReauthenticateForm):  # type: ignore[misc]
    """The password asked for before a sensitive act."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the question in our words."""
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label=_("Mật khẩu"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Nhập mật khẩu.")},
        )


class Credential(forms.JSONField):
    """What a browser says for a passkey; JSON too deep or with endless numbers is no credential either."""

    def to_python(self, value: Any) -> Any:
        """Read it.

        :raises ValidationError: it is no JSON
        """
        with _readable():
            return super().to_python(value)


@contextmanager
def _readable() -> Iterator[None]:
    """Refuse what only looks like a credential: the library reads it trustfully, byte by byte."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _Passkey:
    """A form whose ``credential`` is filled by the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Credential(widget=forms.HiddenInput)  # type: ignore[attr-defined]


class _ShownPasskey(_Passkey):
    def clean_credential(self) -> Any:
        """Find whose passkey it is.

        :raises ValidationError: nobody's
        """
        with _readable():
            return super().clean_credential()  # type: ignore[misc]


class PasskeySignIn(_ShownPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey shown at sign-in."""


class PasskeyAgain(_ShownPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey shown before a sensitive act."""


class NewPasskey(_Passkey, AddWebAuthnForm):  # type: ignore[misc]
    """The name of a new passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the question in our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa")

    def clean(self) -> Any:
        """Check what the new passkey says.

        :raises ValidationError: it does not answer what was asked of it
        """
        with _readable():
            return super().clean()


class PasskeyName(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the question in our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa")
