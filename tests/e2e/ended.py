"""A school of the journeys' demo at the end of its year, of which no other journey knows; no part of the product.

``python -m tests.e2e.ended hieutruong.cuoinam``: of a small lower secondary school, two classes get a whole year of
marks, one pupil in nine fails three subjects, and its principal the account of that name.
"""

import os
import sys

from phuong.config import embedded

PASSWORD = "phuong-demo-2026"
FEW, EVERY = 2, 9


def main() -> None:
    """Write the year, compute its results, make the account; what is there is not made twice."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "phuong.config.settings"
    os.environ["DATABASE_URL"] = embedded.start()
    os.environ["DATABASE_URL_OWNER"] = embedded.url(embedded.OWNER)
    os.environ["DATABASE_URL_BATCH"] = embedded.url(embedded.BATCH)
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password

    from phuong.academics.actions.results import compute_results
    from phuong.academics.models import GradeSheet
    from phuong.academics.testing import FINE, POOR, a_whole_year, keep_years
    from phuong.identity.api import Account
    from phuong.identity.testing import an_account
    from phuong.kernel.scope import SYSTEM, acting
    from phuong.registry.api import ClassGroup, Enrolment

    with acting(SYSTEM):
        if Account.objects.filter(username=sys.argv[1]).exists():
            return
        taken = GradeSheet.objects.values("organisation")
        known = Account.objects.exclude(person=None).values("person__place")
        groups = ClassGroup.objects.filter(level="lower_secondary", grade=7).exclude(organisation__in=taken)
        first = groups.exclude(organisation__in=known).order_by("organisation__path", "name_key").first()
        first = first or groups.order_by("organisation__path", "name_key").first()
        if first is None:
            raise SystemExit("no school is left")
        school = first.organisation
        for group in ClassGroup.objects.filter(organisation=school, grade__in=(7, 9)).select_related("organisation"):
            seats = Enrolment.objects.filter(class_group=group, ends_on=None).order_by("id")
            keep_years(
                group, {seat: a_whole_year(group, POOR if at % EVERY == FEW else FINE) for at, seat in enumerate(seats)}
            )
            compute_results(school.pk, group.school_year, classes=[group.pk])
        account = an_account("principal", school, username=sys.argv[1], name="Vũ Thị Cuối Năm")
        account.password = make_password(PASSWORD)
        account.save(update_fields=["password"])


if __name__ == "__main__":
    main()
