"""What the children do to merge, undo and run until they are killed: one transaction after the other."""

import datetime as dt
from collections.abc import Callable

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import fingerprint, seal
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.running import carry_out
from phuong.matching.actions.runs import make_run
from phuong.matching.actions.unmerging import unmerge
from phuong.matching.models import Merge, Pair, PairState, Run
from phuong.matching.testing import a_pair
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_province, a_school
from tests.faults.merging import PEOPLE

NAMES = ("Hà", "Vũ", "Bình", "Chi", "Dung", "Giang", "Khuê", "Lâm", "Minh", "Nga", "Oanh", "Quyên")


def prepare() -> None:
    """Make people who are known at two schools, with all that hangs on them."""
    with acting(SYSTEM):
        a_province()
        here, there = a_school(a_commune("11311")), a_school(a_commune("11329"))
        groups = {school.pk: a_class(school) for school in (here, there)}
        for place in range(PEOPLE):
            digits = f"031213{place * 79_193 % 1_000_000:06d}"
            sealed = {"number_cipher": seal(digits), "number_hash": fingerprint(digits), "number_check": "agrees"}
            sealed |= {"birth_date": dt.date(2013, 5, 1 + place), "name": f"Đỗ Khánh {NAMES[place]}"}
            both = [a_learner(school, groups[school.pk], **sealed) for school in (here, there)]
            for number, each in enumerate(both):
                mother = a_guardian(each, name=f"{('Trần', 'Lê')[number]} Thị {NAMES[place]}")
                born = dt.date(1970 + place, 3 + number, 2 + place)
                Person.objects.filter(pk=mother.pk).update(birth_date=born)
                an_account("learner", each.place, person=each, username=each.pk.hex)
            a_pair(*both)
    _say_ready()


def _say_ready() -> None:
    print("ready", flush=True)


def merge() -> None:
    """Merge one pair after the other."""
    _say_ready()
    with acting(SYSTEM):
        pairs = list(Pair.objects.filter(state=PairState.OPEN).order_by("id"))
    for pair in pairs:
        with acting(SYSTEM):
            if Person.objects.filter(pk__in=[pair.one, pair.two]).count() == 2:
                merge_people(pair.one, pair.two, {}, by=SYSTEM)


def undo() -> None:
    """Undo one merge after the other."""
    _say_ready()
    with acting(SYSTEM):
        merges = list(Merge.objects.filter(undone_at=None).order_by("-id").values_list("pk", flat=True))
    for each in merges:
        with acting(SYSTEM):
            unmerge(each, by=SYSTEM)


def run() -> None:
    """Carry out the run that was begun, or begin one."""
    with acting(SYSTEM):
        begun = Run.objects.exclude(state="done").order_by("id").first()
        begun = begun or make_run(Organisation.objects.get(path="vn.p31"), by=SYSTEM)
    _say_ready()
    carry_out(Progress(), str(begun.pk))


ACTS: dict[str, Callable[[], None]] = {"prepare": prepare, "merge": merge, "undo": undo, "run": run}
