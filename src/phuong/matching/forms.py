"""Reads what people choose at the review desk."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from phuong.kernel.scope import Actor
from phuong.matching.actions.deciding import Wish
from phuong.matching.models import Pair
from phuong.matching.rules import DROP, KEEP
from phuong.matching.values import COLUMNS
from phuong.records.api import Words
from phuong.registry.api import Organisation, organisation_by_code


def wish_of(pair: Pair, data: QueryDict) -> Wish:
    """Read which record stays, and whose value each field keeps; nonsense leaves the default in place."""
    sides = {str(key): key for key in (pair.one, pair.two)}
    keep = sides.get(str(data.get("keep", "")), pair.one)
    chosen = {name: sides.get(str(data.get(name, ""))) for name in COLUMNS}
    return Wish(keep, {name: KEEP if key == keep else DROP for name, key in chosen.items() if key is not None})


class NewRun(forms.Form):
    """Where to look: one unit, or two that know each person once."""

    unit = Words(label=_("Mã đơn vị"), required=False, max_length=40, help_text=_("Để trống: đơn vị của anh/chị."))
    against = Words(
        label=_("So với đơn vị"),
        required=False,
        max_length=40,
        help_text=_("Mã đơn vị thứ hai khi ghép hai nơi, mỗi nơi biết mỗi người một lần. Để trống: tìm bên trong."),
    )

    def units(self, actor: Actor) -> tuple[Organisation, Organisation | None]:
        """Give both units.

        :raises NotThere: no unit has such a code
        """
        own = Organisation.objects.filter(path=actor.scope).first()
        code, other = self.cleaned_data["unit"], self.cleaned_data["against"]
        unit = organisation_by_code(code) if code or own is None else own
        return unit, organisation_by_code(other) if other else None
