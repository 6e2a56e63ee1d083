"""Forms of the clients desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.gateway.access import GRANTABLE
from phuong.gateway.actions.clients import MOST_OVERLAP_DAYS, Terms, networks_of
from phuong.gateway.outgoing.guard import MOST_LETTERS
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput
from phuong.records.api import Day, Words

TITLES: dict[str, Any] = {
    Permission.PERSONS_READ: _("Đọc hồ sơ học sinh, phụ huynh, lớp"),
    Permission.PERSONS_EDIT: _("Ghi hồ sơ học sinh, phụ huynh, xếp lớp"),
    Permission.MARKS_READ: _("Đọc điểm các môn của học sinh trung học (OneRoster)"),
    Permission.STAFF_READ: _("Đọc hồ sơ nhân sự"),
    Permission.STAFF_EDIT: _("Ghi hồ sơ nhân sự"),
    Permission.CLASSES_EDIT: _("Ghi lớp"),
    Permission.NETWORK_READ: _("Đọc đơn vị, trường, đầu mối"),
    Permission.NETWORK_EDIT: _("Ghi đầu mối"),
    Permission.SCHOOL_EDIT: _("Ghi thông tin trường, đơn vị"),
    Permission.FACILITIES_READ: _("Đọc phòng, thiết bị, chương trình"),
    Permission.FACILITIES_EDIT: _("Ghi phòng, thiết bị, chương trình"),
    Permission.TASKS_READ: _("Đọc nhiệm vụ"),
    Permission.TASKS_WORK: _("Ghi tiến độ nhiệm vụ của đơn vị"),
    Permission.TASKS_ASSIGN: _("Giao, xác nhận nhiệm vụ"),
    Permission.PLANS_READ: _("Đọc kế hoạch, chỉ tiêu"),
    Permission.PLANS_EDIT: _("Kết luận chỗ chưa rõ của kế hoạch"),
    Permission.VALUES_REPORT: _("Báo số liệu chỉ tiêu của đơn vị"),
    Permission.TOTALS_READ: _("Đọc số liệu tổng hợp"),
    Permission.HISTORY_READ: _("Xem lại hồ sơ như đã biết ở một ngày trước"),
}
MOST_RATE = 100_000
MOST_NETWORKS = 50


class TermsForm(forms.Form):
    """What is agreed with a client."""

    permissions = forms.MultipleChoiceField(
        label=_("Được làm gì"),
        choices=[(code, title) for code, title in TITLES.items() if code in GRANTABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một quyền.")},
    )
    rate = forms.IntegerField(label=_("Số lần gọi mỗi phút"), min_value=1, max_value=MOST_RATE, initial=600)
    valid_until = Day(label=_("Dùng đến hết ngày"), required=False)
    networks = forms.CharField(
        label=_("Chỉ từ các dải mạng"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("Mỗi dòng một dải, như 10.1.0.0/16. Để trống: từ đâu cũng được."),
    )
    contact = Words(
        label=_("Người liên hệ phía phần mềm"),
        required=False,
        max_length=200,
        help_text=_("Tên, điện thoại hoặc thư điện tử, để báo khi đổi khóa."),
    )

    def clean_networks(self) -> list[str]:
        """Bring the networks to their one form."""
        words = self.cleaned_data["networks"].replace(",", " ").split()
        if len(words) > MOST_NETWORKS:
            raise forms.ValidationError(_("Nhiều nhất 50 dải mạng."), code="too_many")
        try:
            return networks_of(words)
        except BadInput as refusal:
            raise forms.ValidationError(refusal.detail, code="invalid") from refusal

    def terms(self) -> Terms:
        """Give what was agreed (call when valid)."""
        facts = self.cleaned_data
        return Terms(
            frozenset(facts["permissions"]),
            facts["rate"],
            facts["valid_until"],
            tuple(facts["networks"]),
            facts["contact"],
        )


class NewClientForm(TermsForm):
    """A new client; ``id`` lets the form be sent twice and make one."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = Words(label=_("Tên hệ thống"), max_length=120, help_text=_("Như phần mềm tự gọi mình."))
    unit = Words(
        label=_("Mã đơn vị có dữ liệu"),
        max_length=40,
        help_text=_("Hệ thống chỉ thấy hồ sơ của đơn vị này và các đơn vị bên dưới."),
    )
    field_order = ("id", "name", "unit")


class RotateForm(forms.Form):
    """How long the old key still opens."""

    overlap = forms.TypedChoiceField(
        label=_("Khóa cũ còn dùng được"),
        coerce=int,
        choices=[
            (0, _("Không, ngừng ngay")),
            (1, _("1 ngày")),
            (7, _("7 ngày")),
            (30, _("30 ngày")),
            (MOST_OVERLAP_DAYS, _("90 ngày")),
        ],
        initial=7,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


class HookForm(forms.Form):
    """Where a client is told of changes, and of which; ``followed``: (name, title) of what it may read."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    url = Words(
        label=_("Địa chỉ nhận"),
        max_length=MOST_LETTERS,
        widget=forms.URLInput(attrs={"spellcheck": "false", "autocomplete": "off", "inputmode": "url"}),
        help_text=_("Phía phần mềm cho biết, bắt đầu bằng https://. Chỉ gửi id và nơi đọc, không gửi dữ liệu cá nhân."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Báo thay đổi của"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn: mọi loại mà khóa được đọc, kể cả loại được cấp thêm sau này."),
    )

    def __init__(self, *args: Any, followed: Iterable[tuple[str, Any]], **options: Any) -> None:
        """Offer what the client may read."""
        super().__init__(*args, **options)
        self.fields["kinds"].choices = [(name, sentence(str(title))) for name, title in followed]  # type: ignore[attr-defined]


def sentence(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]
