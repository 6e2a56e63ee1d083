"""Pages of the end of a year: the principal says what came after it, closes it, moves pupils up and back."""

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.databases import committing

from phuong.academics.actions.closing import close_year
from phuong.academics.actions.promotion import promote_school
from phuong.academics.actions.results import compute_results
from phuong.academics.models import ClosedYear, Promotion, Result, YearEndRecord
from phuong.academics.testing import YEAR
from phuong.academics.tests.test_yearend import FAILING, FULL, ROUGH, a_year, outcome_of, sitting
from phuong.identity.testing import an_account
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Enrolment, Organisation
from phuong.registry.testing import a_school

db = pytest.mark.django_db


def principal_of(school: Organisation) -> Client:
    client = Client()
    client.force_login(an_account("principal", school))
    return client


@db
def test_the_principal_says_what_came_after_the_year() -> None:
    school = a_school()
    good, failing, rough = a_year(school, "8A3", 8, [FULL, FAILING, ROUGH])
    compute_results(school.pk, YEAR)
    client, group = principal_of(school), good.class_group
    after = reverse("academics:afterwards", args=[group.pk])
    text = client.get(after).content.decode()
    assert (text.count('name="l"'), "3,0" in text) == (2, True)

    wrong = {"l": [str(failing.learner_id)], f"t-{failing.learner_id}-TOAN": "mười"}
    assert client.post(after, wrong).status_code == 422
    assert not YearEndRecord.objects.exists()
    said = {"l": [str(failing.learner_id), str(rough.learner_id)], f"c-{rough.learner_id}": "1"}
    said |= {f"t-{failing.learner_id}-{code}": "5,5" for code in ("TOAN", "NGUVAN")}
    assert client.post(after, said).status_code == 302
    assert {outcome_of(each) for each in (good, failing, rough)} == {"promoted"}
    assert YearEndRecord.objects.get(learner=failing.learner_id).retest == {"TOAN": 55, "NGUVAN": 55}


@db
def test_the_principal_closes_a_year_moves_its_pupils_up_and_back() -> None:
    school = a_school()
    group = a_year(school, "8A3", 8, [FULL] * 3)[0].class_group
    compute_results(school.pk, YEAR)
    client = principal_of(school)
    client.post(reverse("academics:close_year", args=[YEAR]))
    assert not ClosedYear.objects.exists()  # it is November: that must be meant
    client.post(reverse("academics:close_year", args=[YEAR]), {"early": "1"})
    assert Job.objects.filter(name="academics.results").count() == 1
    page = reverse("academics:promotion", args=[YEAR])
    names = {"g": str(group.pk), "up": "9B", "stay": "8A3"}
    assert "9B" in client.post(page, {**names, "act": "try"}).content.decode()
    assert client.post(page, {**names, "up": " ", "act": "apply"}).status_code == 422
    assert client.post(page.replace("2026", "99999999999"), names).status_code == 404
    assert client.post(page, {**names, "up": "\x00", "act": "apply"}).status_code == 422
    assert not Promotion.objects.exists()
    assert client.post(page, {**names, "act": "apply"}).status_code == 302
    assert sitting(school) == {(2027, "9B", "studying"): 3}
    assert client.get(page).status_code == 200
    client.post(reverse("academics:reopen_year", args=[YEAR]), {"reason": "nhầm"})
    assert ClosedYear.objects.get().reopened_at is None
    client.post(reverse("academics:undo_promotion", args=[YEAR]))
    client.post(reverse("academics:reopen_year", args=[YEAR]), {"reason": "\x00"})
    assert ClosedYear.objects.get().reopened_at is None
    client.post(reverse("academics:reopen_year", args=[YEAR]), {"reason": "nhầm"})
    assert sitting(school) == {(2026, "8A3", "studying"): 3}
    assert ClosedYear.objects.get().reopened_at is not None


@db
@pytest.mark.parametrize("count", [2, 60])
def test_the_pages_take_as_many_statements_whatever_the_school(count: int, django_assert_num_queries: Any) -> None:
    school = a_school()
    pupils = a_year(school, "8A3", 8, [FAILING] * 2)
    for place in range(count):
        a_year(school, f"7A{place}", 7, [])
    compute_results(school.pk, YEAR)
    client = principal_of(school)
    close_year(school, YEAR, by=SYSTEM)
    pages = [reverse("academics:year_end"), reverse("academics:promotion", args=[YEAR])]
    pages.append(reverse("academics:afterwards", args=[pupils[0].class_group_id]))
    for page, statements in zip(pages, STATEMENTS, strict=True):
        assert client.get(page).status_code == 200
        with django_assert_num_queries(statements):
            client.get(page)


STATEMENTS = (17, 14, 12)


@db
def test_the_department_asks_for_all_schools(capsys: pytest.CaptureFixture[str]) -> None:
    school = a_school()
    a_year(school, "8A3", 8, [FULL])
    compute_results(school.pk, YEAR)
    client = Client()
    client.force_login(an_account("division_officer", Organisation.objects.get(path="vn.p31")))
    page = reverse("academics:promote_all")

    assert client.post(page, {"act": "dry"}).status_code == 302
    assert client.get(page).status_code == 200

    asked = Job.objects.get(name="academics.promote")
    assert asked.arguments["dry_run"] is True
    call_command("results", "close", "--org", school.code, "--year", str(YEAR), "--json")
    call_command("results", "promote", "--org", "31", "--year", str(YEAR), "--json")
    assert sitting(school) == {(2027, "9A3", "studying"): 1}
    call_command("results", "unpromote", "--org", school.code, "--year", str(YEAR), "--json")
    assert sitting(school) == {(2026, "8A3", "studying"): 1}
    capsys.readouterr()


@pytest.mark.slow
def test_two_who_move_a_school_up_at_once_do_it_once(django_db_blocker: Any) -> None:
    with committing(django_db_blocker):
        with acting(SYSTEM):
            school = a_school()
            pupils = a_year(school, "8A3", 8, [FULL] * 5)
            compute_results(school.pk, YEAR)
            close_year(school, YEAR, by=SYSTEM)
        start, found = threading.Barrier(2), []

        def move() -> None:
            try:
                start.wait()
                with acting(SYSTEM):
                    found.append(promote_school(school, YEAR, by=SYSTEM).promotion)
            finally:
                connection.close()

        threads = [threading.Thread(target=move) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with acting(SYSTEM):
            assert sum(each is not None for each in found) == 1
            assert Enrolment.objects.filter(ends_on=None).count() == len(pupils)
            assert Promotion.objects.count() == 1
            assert Result.objects.filter(part=0, outcome="promoted").count() == len(pupils)
