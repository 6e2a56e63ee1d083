"""What the children do to apply and undo an import, as the worker does, until they are killed."""

from collections.abc import Callable

from django.db import connection

from phuong.intake.actions.applying import run as step_of
from phuong.intake.actions.receiving import Wish, receive
from phuong.intake.models import Batch
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.registry.testing import a_class, a_commune, a_province, a_school
from tests.faults.importing import LEARNERS, SCHOOLS

HEADINGS = "Mã trường,Họ và tên,Ngày sinh,Giới tính,Số định danh,Lớp"
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà")
MIDDLE = ("Văn", "Thị", "Khánh", "Minh", "Đức", "Thu", "Gia", "Bảo", "Ngọc", "Quang")


def prepare() -> None:
    """Make the schools with a class each, and a file of all their learners, checked and about to be applied."""
    with acting(SYSTEM):
        a_province()
        commune = a_commune("11311")
        for _school in range(SCHOOLS):
            a_class(a_school(commune), name="7A", grade=7)
        _bring()
    _say_ready()


def _bring() -> None:
    """Bring the file in as somebody of the province would, and ask for it to be applied."""
    rows = [HEADINGS]
    for place, school in enumerate(Organisation.objects.filter(kind="school").order_by("code")):
        for number in range(LEARNERS):
            name = f"Lê {MIDDLE[number // 6]} {GIVEN[number % 6]}"
            rows.append(f"{school.code},{name},{1 + number % 28:02d}/09/2014,Nam,031214{place:02d}{number:04d},7A")
    batch = receive("hs.csv", "\n".join(rows).encode(), Wish("learners", today()), by=SYSTEM)
    step_of(Progress(), str(batch.pk), "check")
    checked = Batch.objects.get(pk=batch.pk)
    if (checked.to_create, checked.refused) != (SCHOOLS * LEARNERS, 0):
        raise RuntimeError(f"{checked.to_create} + {checked.refused}")
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)


def _say_ready() -> None:
    print("ready", flush=True)


def _oldest() -> Batch:
    return Batch.objects.defer("content", "rows").order_by("id")[0]


def apply() -> None:
    """Apply the first file, or go on where a killed one stopped."""
    with acting(SYSTEM):
        batch = _oldest()
    _say_ready()
    step_of(Progress(), str(batch.pk), "apply")


def other() -> None:
    """Apply the second file."""
    with acting(SYSTEM):
        batch = Batch.objects.defer("content", "rows").order_by("id")[1]
    _say_ready()
    step_of(Progress(), str(batch.pk), "apply")


def undo() -> None:
    """Undo the first file, or go on."""
    with acting(SYSTEM):
        Batch.objects.filter(pk=_oldest().pk, state=Batch.State.APPLIED).update(state=Batch.State.UNDOING)
        batch = _oldest()
    _say_ready()
    step_of(Progress(), str(batch.pk), "undo")


def again() -> None:
    """Put a new file in place of the one that was undone."""
    _say_ready()
    with acting(SYSTEM):
        Batch.objects.all().delete()
        _bring()


def twins() -> None:
    """Have a second file of the same people checked while the first is not applied."""
    _say_ready()
    with acting(SYSTEM):
        _bring()


def clear() -> None:
    """Take everybody away again, and begin with one file."""
    _say_ready()
    with acting(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("delete from registry_enrolment; delete from registry_person where is_learner")
        Batch.objects.all().delete()
        _bring()


ACTS: dict[str, Callable[[], None]] = {
    "prepare": prepare,
    "apply": apply,
    "other": other,
    "undo": undo,
    "again": again,
    "twins": twins,
    "clear": clear,
}
