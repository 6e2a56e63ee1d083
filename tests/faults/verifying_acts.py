"""What the children do to have people checked until they are killed."""

from collections.abc import Callable

from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.testing import a_commune, a_province, a_school
from phuong.verification.jobs import run_checks
from phuong.verification.testing import somebody
from tests.faults.verifying import PEOPLE


def prepare() -> None:
    """Make people with a number each, so that a tenth of the numbers ends in each digit."""
    with acting(SYSTEM):
        a_province()
        school = a_school(a_commune("11311"))
        for place in range(PEOPLE):
            somebody(school, number=f"0312{place % 10}2{place:06d}")
    print("ready", flush=True)


def check() -> None:
    """Have everybody checked, or go on."""
    print("ready", flush=True)
    run_checks(Progress(), patience=60)


ACTS: dict[str, Callable[[], None]] = {"prepare": prepare, "check": check}
