"""What people type about transfers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.kernel.codelists import entries_of, title_of
from phuong.records.api import Day, Digits, Words
from phuong.registry.api import ClassGroup, Organisation
from phuong.transfers.queries import Told
from phuong.transfers.rules import grades_taught
from phuong.transfers.rules.package import MOST_BYTES, HandedGuardian, HandedLearner, HandedRecord

NUMBER_LENGTH = 12
MOST_WORDS = 500
_CHOOSE = ("", _("Chọn"))


def _grade_title(grade: int) -> Any:
    return _("Khối %d") % grade if grade else _("Mầm non")


def _grades(school: Organisation | None) -> list[tuple[str, Any]]:
    levels = school.school.levels if school and hasattr(school, "school") else []
    return [(str(grade), _grade_title(grade)) for grade in grades_taught(levels)]


class Filter(forms.Form):
    """Filters of the list; nonsense in an address is ignored."""

    q = forms.CharField(label=_("Tên học sinh có chữ"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("Đang giải quyết")),
            ("late", _("Quá hạn")),
            ("completed", _("Đã chuyển")),
            ("over", _("Đã xong, mọi kết quả")),
        ],
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Search(forms.Form):
    """Words to look for among learners or schools; nonsense is no words."""

    q = forms.CharField(required=False, max_length=80)

    def words(self) -> str:
        """Give the words."""
        return str(self.cleaned_data["q"]).strip() if self.is_valid() else ""


class Wanted(forms.Form):
    """Into which grade, and why."""

    grade = forms.TypedChoiceField(label=_("Xin vào khối"), coerce=int)
    reason = Words(label=_("Lí do chuyển"), required=False, max_length=MOST_WORDS)

    def __init__(self, *args: Any, school: Organisation | None, **kwargs: Any) -> None:
        """Offer the grades of ``school``."""
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = _grades(school)  # type: ignore[attr-defined]


class Known(forms.Form):
    """What a receiving school must know of a learner: number and birth date, exactly."""

    number = Digits(
        label=_("Số định danh cá nhân"),
        max_length=20,
        help_text=_("12 chữ số, ghi trên đơn của gia đình."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = Day(label=_("Ngày sinh"))

    def clean_number(self) -> str:
        """Refuse what cannot be a personal number."""
        number = str(self.cleaned_data["number"])
        if not (number.isdigit() and number.isascii() and len(number) == NUMBER_LENGTH):
            raise forms.ValidationError(_("Số định danh có 12 chữ số; đang có %d kí tự.") % len(number))
        return number

    def told(self) -> Told:
        """Give the facts (call when valid)."""
        return Told(self.cleaned_data["number"], self.cleaned_data["birth_date"])


class Outside(forms.Form):
    """A school of another province."""

    school = Words(label=_("Tên trường nơi đến"), max_length=200)
    province = Words(label=_("Tỉnh, thành phố"), max_length=100)
    reason = Words(label=_("Lí do chuyển"), required=False, max_length=MOST_WORDS)


class Leaving(Outside):
    """A learner of the own school who goes to another province."""

    learner = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Chọn học sinh."), "invalid": _("Chọn học sinh.")}
    )


class Asking(forms.Form):
    """A school that a family asks for."""

    school = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("Chọn trường."), "invalid": _("Chọn trường.")}
    )
    grade = forms.TypedChoiceField(label=_("Xin vào khối"), coerce=int)
    reason = Words(label=_("Lí do chuyển"), required=False, max_length=MOST_WORDS)

    def __init__(self, *args: Any, grade: int, **kwargs: Any) -> None:
        """Offer the present grade and the next."""
        super().__init__(*args, **kwargs)
        offered = [each for each in (grade, grade + 1) if each <= 12]
        self.fields["grade"].choices = [(str(each), _grade_title(each)) for each in offered]  # type: ignore[attr-defined]


class Newcomer(Wanted):
    """A learner from another province, by what the family shows."""

    full_name = Words(label=_("Họ và tên"), max_length=100)
    birth_date = Day(label=_("Ngày sinh"))
    sex = forms.ChoiceField(label=_("Giới tính"), widget=forms.RadioSelect)
    number = Digits(
        label=_("Số định danh cá nhân"), max_length=20, required=False, help_text=_("12 chữ số. Để trống nếu chưa có.")
    )
    from_school = Words(label=_("Trường đang học"), max_length=200)
    province = Words(label=_("Tỉnh, thành phố"), max_length=100)
    from_class = Words(label=_("Lớp đang học"), max_length=40, required=False)
    guardian = Words(label=_("Cha, mẹ hoặc người giám hộ"), max_length=100, required=False)
    relation = forms.ChoiceField(label=_("Là gì của em"), required=False)
    phone = Digits(label=_("Điện thoại"), max_length=20, required=False)
    field_order = (
        "full_name",
        "birth_date",
        "sex",
        "number",
        "from_school",
        "province",
        "from_class",
        "grade",
        "guardian",
        "relation",
        "phone",
        "reason",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes of the lists."""
        super().__init__(*args, **kwargs)
        for name, code_list in (("sex", "sex"), ("relation", "guardian_relation")):
            titles = [(code, title_of(code_list, code)) for code in entries_of(code_list)]
            self.fields[name].choices = titles if name == "sex" else [_CHOOSE, *titles]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """Refuse what cannot be a personal number."""
        number = str(self.cleaned_data["number"])
        if number and not (number.isdigit() and number.isascii() and len(number) == NUMBER_LENGTH):
            raise forms.ValidationError(_("Số định danh có 12 chữ số; đang có %d kí tự.") % len(number))
        return number

    def clean_full_name(self) -> str:
        """Ask for the whole name."""
        return _whole_name(self.cleaned_data["full_name"])

    def clean_guardian(self) -> str:
        """Ask for the whole name, if one is told."""
        name = str(self.cleaned_data["guardian"])
        return _whole_name(name) if name else ""

    def clean(self) -> dict[str, Any]:
        """Ask who a guardian is to the learner."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("guardian") and not facts.get("relation"):
            self.add_error("relation", _("Chọn quan hệ với em."))
        return facts

    def handed(self) -> HandedRecord:
        """Give the record as a package would tell it (call when valid)."""
        facts = self.cleaned_data
        guardians = [
            HandedGuardian(
                full_name=facts["guardian"],
                relation=facts["relation"],
                custody="full",
                phone="".join(char for char in facts["phone"] if char.isdigit() or char == "+"),
            )
        ]
        return HandedRecord(
            learner=HandedLearner(**{name: facts[name] for name in ("full_name", "birth_date", "sex", "number")}),
            school=facts["from_school"],
            province=facts["province"],
            class_name=facts["from_class"],
            grade=facts["grade"],
            guardians=tuple(guardians if facts["guardian"] else ()),
        )


def _whole_name(name: str) -> str:
    if " " not in name:
        raise forms.ValidationError(_("Ghi đủ họ và tên."))
    return name


class FromPackage(forms.Form):
    """The hand-over package of another province."""

    file = forms.FileField(
        label=_("Gói hồ sơ"),
        help_text=_("Tệp .zip trường kia xuất từ nền tảng, nặng nhất 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": _("Chọn tệp gói hồ sơ.")},
    )
    grade = forms.TypedChoiceField(label=_("Xin vào khối"), coerce=int)

    def __init__(self, *args: Any, school: Organisation | None, **kwargs: Any) -> None:
        """Offer the grades of ``school``."""
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = _grades(school)  # type: ignore[attr-defined]

    def content(self) -> bytes:
        """Read the file, no more of it than a package may weigh (call when valid)."""
        return bytes(self.cleaned_data["file"].read(MOST_BYTES + 1))


class Because(forms.Form):
    """The reason of an act."""

    reason = Words(
        label=_("Lí do"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Arriving(forms.Form):
    """Into which class, from which day on."""

    class_group = forms.TypedChoiceField(label=_("Lớp"))
    day = Day(label=_("Vào lớp từ ngày"), help_text=_("Em thôi học ở trường cũ đúng ngày này."))

    def __init__(self, data: Any = None, *, classes: Sequence[ClassGroup], alike: Sequence[Any] = ()) -> None:
        """Offer the classes, the smallest first; ask about people who may be the same."""
        super().__init__(data, initial={"day": timezone.localdate()})
        words = _("%(name)s, %(n)d học sinh")
        titles = [(str(each.pk), words % {"name": each.name, "n": getattr(each, "learners", 0)}) for each in classes]
        self.fields["class_group"].choices = [_CHOOSE, *titles]  # type: ignore[attr-defined]
        if alike:
            self.fields["is_another"] = forms.BooleanField(
                label=_("Đã xem, không phải em nào trong các hồ sơ trên"), required=False
            )


class Accepted(forms.Form):
    """The paper by which a school of another province accepted a learner."""

    paper_number = Words(label=_("Số giấy tiếp nhận"), max_length=60)
    paper_on = Day(label=_("Ngày ghi trên giấy"))
    day = Day(label=_("Thôi học ở trường này từ ngày"))
