"""Words for what was measured of a child and found of it; no growth index is computed here."""

from django.utils.translation import gettext as _

from phuong.academics.models import GrowthCheck
from phuong.academics.rules.preschool import NORMAL, findings_of
from phuong.academics.rules.profiles import PreschoolProfile


def _shown(tenths: int) -> str:
    return f"{tenths // 10},{tenths % 10}"


def shown_weight(grams: int | None) -> str:
    """Show a weight in kilograms: «13,4»."""
    return "" if grams is None else _shown(grams // 100)


def shown_height(millimetres: int | None) -> str:
    """Show a height in centimetres: «95,2»."""
    return "" if millimetres is None else _shown(millimetres)


def index_title(code: str) -> str:
    """Name a growth index."""
    titles = {
        "weight_for_age": _("Cân nặng theo tuổi"),
        "height_for_age": _("Chiều cao theo tuổi"),
        "weight_for_height": _("Cân nặng theo chiều cao"),
        "bmi_for_age": _("BMI theo tuổi"),
    }
    return titles.get(code, code)


def found_words(profile: PreschoolProfile, check: GrowthCheck) -> str:
    """Say what was found at a measuring: nothing where nothing was said, else what is not normal."""
    if not check.findings:
        return ""
    told = [
        f"{index_title(index)}: {findings_of(profile, index).get(code, code)}"
        for index, code in check.findings.items()
        if code != NORMAL and index in profile.growth
    ]
    return "; ".join(told) or _("Bình thường")


def measured_words(check: GrowthCheck) -> str:
    """Say what was measured: «13,4 kg, 95,2 cm»."""
    weight = f"{shown_weight(check.weight)} kg" if check.weight else ""
    height = f"{shown_height(check.height)} cm" if check.height else ""
    return ", ".join(filter(None, (weight, height)))
