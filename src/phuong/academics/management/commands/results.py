"""``phuong results``: computed, proved, tried under another profile; the end of a year."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandParser

from phuong.academics.actions.closing import close_year
from phuong.academics.actions.promotion import promote_all, undo_promotion
from phuong.academics.actions.results import MOST_TOLD, Unproved, compute_all, prove_results
from phuong.academics.profiles import read_profile
from phuong.academics.queries.results import cases_of, schools_with_classes
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.proof import shadow_run
from phuong.academics.rules.yearly import secondary_year
from phuong.kernel.calendar import school_year_of
from phuong.kernel.commands import ANSWERED, REFUSED, JsonCommand
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import BadInput
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import Organisation, organisation_by_code


class Command(JsonCommand):
    """Compute, prove, shadow; close, promote, unpromote."""

    help = (
        "Kết quả học kì và cả năm: compute (tính), prove (chứng minh), shadow (thử quy định khác), "
        "close (kết thúc năm học của một trường), promote (lên lớp), unpromote (hoàn tác lên lớp của một trường)."
    )
    verbs = ("compute", "prove", "shadow", "close", "promote", "unpromote")
    apart = verbs

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the place and the school year."""
        parser.add_argument("--org", required=True, help="mã trường, xã, tỉnh")
        parser.add_argument("--year", type=int, default=None, help="năm bắt đầu năm học")
        if verb == "compute":
            parser.add_argument("--closed", action="store_true", help="đã kết thúc năm học: bài thiếu tính 0 điểm")
        if verb == "promote":
            parser.add_argument("--dry-run", action="store_true", help="chỉ tính thử, không ghi gì")
        if verb == "shadow":
            parser.add_argument("--profile", type=Path, required=True, help="tệp YAML của quy định thử")

    def do_compute(self, *, org: str, year: int | None, closed: bool) -> dict[str, Any]:
        """Compute the results of every school of a place, each in a transaction of its own."""
        unit, year = _unit(org), _year(year)
        return {"org": unit.code, **compute_all(Progress(), str(unit.path), year, closed=closed)}

    def do_prove(self, *, org: str, year: int | None) -> dict[str, Any]:
        """Recompute what is stored and compare; some of what is not proved is told, all of it is counted."""
        unit, year = _unit(org), _year(year)
        results = proved = 0
        unproved: list[dict[str, Any]] = []
        for place in _places(unit, year):
            with acting(SYSTEM):
                found = prove_results(place.school, year)
            results, proved = results + found.results, proved + found.proved
            unproved += [_told(each) for each in found.unproved[: MOST_TOLD - len(unproved)]]
        counts = {"results": results, "proved": proved, "not_proved": results - proved}
        return {"org": unit.code, "year": year, **counts, "unproved": unproved}

    def do_close(self, *, org: str, year: int | None) -> dict[str, Any]:
        """Close the year of one school and decide its results."""
        unit, year = _unit(org), _year(year)
        with acting(SYSTEM):
            closed = close_year(unit, year, by=SYSTEM)
            told = {"closed_at": closed.closed_at.isoformat(), "closed_by": closed.closed_by_name}
        return {"org": unit.code, **told, **compute_all(Progress(), str(unit.path), year)}

    def do_promote(self, *, org: str, year: int | None, dry_run: bool) -> dict[str, Any]:
        """Move the pupils of every closed school of a place up, each in a transaction of its own."""
        unit, year = _unit(org), _year(year)
        return {"org": unit.code, **promote_all(Progress(), str(unit.path), year, dry_run=dry_run)}

    def do_unpromote(self, *, org: str, year: int | None) -> dict[str, Any]:
        """Undo the last moving up of one school exactly."""
        unit, year = _unit(org), _year(year)
        with acting(SYSTEM):
            undone = undo_promotion(unit, year, by=SYSTEM)
        return {"org": unit.code, "year": year, "applied_at": undone.applied_at.isoformat(), **undone.counts}

    def do_shadow(self, *, org: str, year: int | None, profile: Path) -> dict[str, Any]:
        """Say which pupils would come to something else under another profile; nothing is kept."""
        unit, year, other = _unit(org), _year(year), _profile(profile)
        pupils = changed = 0
        told: list[dict[str, Any]] = []
        for place in _places(unit, year):
            with acting(SYSTEM):
                cases = [case for case in cases_of(place.school, year).found if _is_under(other, case.sitting.level)]
            pupils += len(cases)
            for case in cases:
                pair = [(case.sitting.learner, case.year)]
                for change in shadow_run(case.profile, other, pair, secondary_year):
                    changed += 1
                    if len(told) < MOST_TOLD:
                        told.append({"learner": change.key, "differences": change.differences})
        return {"org": unit.code, "year": year, "rule": other.rule, "pupils": pupils, "changed": changed, "told": told}

    def code_of(self, verb: str, answer: Any) -> int:
        """Leave with 1 when something is not proved, or a school was refused."""
        is_wrong = verb == "prove" and answer["not_proved"] or verb == "promote" and answer["refused_schools"]
        return REFUSED if is_wrong else ANSWERED


def _unit(code: str) -> Organisation:
    with acting(SYSTEM):
        return organisation_by_code(code)


def _places(unit: Organisation, year: int) -> Iterator[Any]:
    with acting(SYSTEM):
        places = schools_with_classes(str(unit.path), year)
    yield from places


def _year(told: int | None) -> int:
    return school_year_of(today()).start if told is None else told


def _profile(file: Path) -> SecondaryProfile:
    try:
        found = read_profile(file)
    except ImproperlyConfigured as error:
        raise BadInput(str(error)) from error
    if not isinstance(found, SecondaryProfile):
        raise BadInput(f"{file.name}: kind: secondary")
    return found


def _is_under(profile: SecondaryProfile, level: str) -> bool:
    return level in profile.levels


def _told(each: Unproved) -> dict[str, Any]:
    return {
        "id": each.result,
        "learner": each.learner,
        "part": each.part,
        "same_inputs": each.same_inputs,
        "differences": each.differences,
    }
