"""Printed leads and partners of plans, matched to the units of a province."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from phuong.kernel.text import vi_key
from phuong.registry.api import Organisation
from phuong.tasks.files import leads
from phuong.tasks.rules import Lead, lead_of, plain_words

NAMED = ("division", "unit", "divisions")


@dataclass(frozen=True)
class Match:
    """What printed words mean here. ``to``: as in the table, or unknown; ``because``: why no unit, or why another."""

    words: str
    to: str
    units: tuple[Organisation, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Directory:
    """The units that printed words can mean in the province of one department; read once, asked often."""

    department: Organisation
    province: str
    divisions: dict[str, Organisation]
    named: dict[str, Organisation]
    known: dict[tuple[str, str], Match] = field(default_factory=dict)

    def match(self, words: str, plan: str) -> Match:
        """Say which units the words of a plan mean."""
        key = (words, plan)
        if key not in self.known:
            self.known[key] = self._match(words, lead_of(words, leads(), province=self.province, plan=plan))
        return self.known[key]

    def _match(self, words: str, line: Lead | None) -> Match:
        if line is None:
            same = [unit for unit in self.divisions.values() if plain_words(unit.name) == plain_words(words)]
            return Match(
                words, "division" if same else "unknown", tuple(same), "" if same else _("Chưa có trong danh mục.")
            )
        units = self._units(line)
        missing = line.to in NAMED and not units
        return Match(words, line.to, units, _("Đơn vị này chưa có trong hệ thống.") if missing else line.because)

    def _units(self, line: Lead) -> tuple[Organisation, ...]:
        found: dict[str, list[Organisation | None]] = {
            "division": [self.divisions.get(line.code)],
            "divisions": [*self.divisions.values()],
            "unit": [self.named.get(vi_key(line.name))],
            "department": [self.department],
        }
        return tuple(unit for unit in found.get(line.to, []) if unit is not None)


def directory_of(department: Organisation) -> Directory:
    """Read the units that plans of a department's province can name, in two statements."""
    above = department.path.rsplit(".", 1)[0]
    is_open = Organisation.objects.filter(closed_on__isnull=True)
    divisions = is_open.filter(parent=department, kind="division").order_by("name_key", "id")
    names = {vi_key(line.name) for line in leads() if line.name}
    named = is_open.filter(path__under=above, name_key__in=names).order_by("-id")
    return Directory(
        department,
        above.rsplit(".", 1)[-1].removeprefix("p"),
        {unit.code: unit for unit in divisions},
        {unit.name_key: unit for unit in named},
    )
