"""Reported values: sent in with evidence, reviewed by another, frozen, corrected, added up; refusals change nothing."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from phuong.identity.testing import an_account
from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Attachment, AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.notices.api import Notice
from phuong.plans.access import reported_seen_by
from phuong.plans.actions.reporting import FILES, keep_draft, review_value, review_values, submit_value
from phuong.plans.errors import BadValue, OwnValue, WrongState
from phuong.plans.models import Indicator, Reported, Target
from phuong.plans.queries import standings_of
from phuong.plans.rules import Status, month_before, month_of
from phuong.plans.testing import a_reported, a_reporter, a_reviewer, an_indicator
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school

pytestmark = pytest.mark.django_db
MONTH = month_of(today())
LAST = month_before(MONTH)
FACTS: dict[str, Any] = {"numerator": 1, "denominator": 2, "source": "Sổ theo dõi"}


def sent(indicator: Indicator, unit: Organisation, period: dt.date = MONTH, **facts: Any) -> Reported:
    given = facts or FACTS
    return submit_value(
        indicator=indicator, unit=unit, period=period, facts={"source": "Sổ", **given}, by=a_reporter(unit)
    )


def test_a_value_goes_from_the_unit_through_the_reviewer_into_the_light() -> None:
    commune, indicator = a_commune(), an_indicator()
    Target.objects.create(indicator=indicator, year=MONTH.year, comparator=">=", value=40)
    proof = SimpleUploadedFile("so.pdf", b"%PDF-1.7 x")

    row = submit_value(
        indicator=indicator,
        unit=commune,
        period=MONTH.replace(day=20),
        facts={**FACTS, "comment": "đã rà soát"},
        by=a_reporter(commune),
        upload=proof,
    )
    before = standings_of(commune, year=MONTH.year, indicators=[indicator])[0]
    accepted = review_value(row.pk, accept=True, comment="", by=a_reviewer())
    (standing,) = standings_of(commune, year=MONTH.year, indicators=[indicator])

    assert (row.state, row.period, row.value) == ("submitted", MONTH, Decimal("50.0000"))
    assert (before.reported, before.source, before.official) == (None, "none", Status.NO_DATA)
    assert (accepted.state, accepted.reviewed_by_name) == ("accepted", "Chuyên viên Tú")
    assert (standing.reported_value, standing.official, standing.source) == (Decimal(50), Status.MET, "reported")
    assert (standing.figure, standing.status) == (None, Status.NO_DATA)
    assert attachments_of(FILES, [row.pk]).get().name == "so.pdf"
    did = AuditEntry.objects.filter(on_id=str(row.pk)).values_list("did", flat=True)
    assert sorted(did) == ["attachment.kept", "plans.value_accepted", "plans.value_submitted"]


def test_a_returned_value_is_mended_in_place_and_the_old_one_is_kept_as_history() -> None:
    commune, indicator = a_commune(), an_indicator()
    account = an_account("commune_officer", commune)
    row = sent(indicator, commune)

    review_value(row.pk, accept=False, comment="thiếu 2 trường", by=a_reviewer())
    again = sent(indicator, commune, numerator=3, denominator=4)

    assert again.pk == row.pk
    assert (again.state, again.value, again.version) == ("submitted", Decimal(75), 1)
    assert (again.reviewed_by_name, again.review_comment) == ("", "thiếu 2 trường")
    states = row.history.order_by("pgh_id").values_list("state", "value")  # type: ignore[attr-defined]
    assert list(states) == [("submitted", Decimal(50)), ("returned", Decimal(50))]
    notice = Notice.objects.get(account=account)
    assert "thiếu 2 trường" in notice.detail
    assert f"month={MONTH:%Y-%m}" in notice.url


def test_an_accepted_value_is_frozen_and_a_correction_is_a_version_with_its_reason() -> None:
    commune, indicator = a_commune(), an_indicator()
    first = sent(indicator, commune)
    review_value(first.pk, accept=True, comment="", by=a_reviewer())

    with pytest.raises(BadValue) as refused:
        sent(indicator, commune, numerator=2, denominator=2)
    second = sent(indicator, commune, numerator=2, denominator=2, reason="đếm sót")
    shown_meanwhile = standings_of(commune, year=MONTH.year, indicators=[indicator])[0].reported_value
    review_value(second.pk, accept=True, comment="", by=a_reviewer())

    assert refused.value.field == "comment"
    assert (second.version, second.reason, second.pk != first.pk) == (2, "đếm sót", True)
    assert shown_meanwhile == Decimal(50)
    assert standings_of(commune, year=MONTH.year, indicators=[indicator])[0].reported_value == Decimal(100)
    assert list(Reported.objects.order_by("version").values_list("version", "value", "state")) == [
        (1, Decimal(50), "accepted"),
        (2, Decimal(100), "accepted"),
    ]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_itself_keeps_an_accepted_value(act: str) -> None:
    row = a_reported(an_indicator(), a_commune(), MONTH)

    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        if act == "update":
            Reported.objects.filter(pk=row.pk).update(value=1)
        else:
            row.delete()

    assert Reported.objects.get().value == Decimal(50)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"reviewed_by_name": ""}, "plans_reported_has_reviewer"),
        ({"submitted_by_name": ""}, "plans_reported_has_submitter"),
        ({"numerator": 1}, "plans_reported_both_parts_or_none"),
        ({"numerator": 1, "denominator": 0}, "plans_reported_both_parts_or_none"),
        ({"state": "sent"}, "plans_reported_state_known"),
        ({"version": 2}, "plans_reported_correction_says_why"),
        ({"state": "returned", "review_comment": ""}, "plans_reported_return_says_why"),
        ({"submitted_by": uuid7()}, "plans_reported_four_eyes"),
    ],
)
def test_what_must_always_hold_is_held_by_the_database(facts: dict[str, Any], name: str) -> None:
    if "submitted_by" in facts:
        facts = {**facts, "reviewed_by": facts["submitted_by"]}
    indicator, commune = an_indicator(), a_commune()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        a_reported(indicator, commune, MONTH, **facts)

    assert not Reported.objects.exists()


@pytest.mark.parametrize(
    ("facts", "period", "field"),
    [
        ({"source": "Sổ"}, MONTH, "numerator"),
        ({"value": Decimal(50), "numerator": 1, "denominator": 2, "source": "Sổ"}, MONTH, "value"),
        ({"numerator": 3, "denominator": 2, "source": "Sổ"}, MONTH, "numerator"),
        ({"numerator": 1, "denominator": 2, "source": "  "}, MONTH, "source"),
        ({"numerator": 1, "denominator": 2, "source": "x" * 2001}, MONTH, "source"),
        (FACTS, MONTH + dt.timedelta(days=32), "period"),
        (FACTS, dt.date(1999, 12, 31), "period"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_nothing_is_kept(
    facts: dict[str, Any], period: dt.date, field: str
) -> None:
    commune, indicator = a_commune(), an_indicator()

    with pytest.raises(BadValue) as refused:
        submit_value(indicator=indicator, unit=commune, period=period, facts=facts, by=a_reporter(commune))

    assert refused.value.field == field
    assert not Reported.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_bad_file_is_refused_with_the_value() -> None:
    commune, indicator = a_commune(), an_indicator()
    proof = SimpleUploadedFile("so.pdf", b"MZ no pdf")

    with pytest.raises(BadFile):
        submit_value(indicator=indicator, unit=commune, period=MONTH, facts=FACTS, by=a_reporter(commune), upload=proof)

    assert (Reported.objects.count(), Attachment.objects.count()) == (0, 0)


def test_only_the_unit_itself_reports_and_only_what_is_its_own() -> None:
    commune, other, province = a_commune(), a_commune("11329"), a_province()
    school = a_school(commune)
    department = Organisation.objects.get(path="vn.p31.sgd")
    of_communes, of_schools = an_indicator("B1"), an_indicator("B2", scope="all institutions")
    of_city, abroad = an_indicator("B3", scope="city"), an_indicator("B4", plan="khac", province="22")
    withdrawn = an_indicator("B5", is_withdrawn=True)
    reader = Actor(scope=commune.path, name="x", organisation_id=commune.pk)
    refused: list[tuple[Indicator, Organisation, Actor]] = [
        (of_communes, other, a_reporter(commune)),
        (of_communes, commune, a_reporter(province)),
        (of_communes, commune, reader),
        (of_communes, school, a_reporter(school)),
        (of_schools, commune, a_reporter(commune)),
        (of_city, commune, a_reporter(commune)),
        (of_communes, department, a_reporter(department, scope="vn.p31")),
        (abroad, commune, a_reporter(commune)),
        (withdrawn, commune, a_reporter(commune)),
        (of_schools, school, SYSTEM),
    ]

    for indicator, unit, by in refused:
        with pytest.raises(NotThere):
            submit_value(indicator=indicator, unit=unit, period=MONTH, facts=FACTS, by=by)
    assert not Reported.objects.exists()

    assert sent(of_schools, school).path == school.path
    of_department = submit_value(
        indicator=of_city, unit=department, period=MONTH, facts=FACTS, by=a_reporter(department, scope="vn.p31")
    )
    assert (of_department.organisation, of_department.path) == (province, "vn.p31")


def test_a_counted_indicator_may_have_an_official_figure_of_any_unit() -> None:
    school = a_school()
    counted = an_indicator(decision="counted", measure="registry.learners_with_number", scope="pupils")

    assert sent(counted, school).state == "submitted"


def test_who_sent_a_value_does_not_review_it() -> None:
    commune, indicator = a_commune(), an_indicator()
    row = sent(indicator, commune)
    itself = Actor(scope="vn.p31", name="Cán bộ Na", permissions=SYSTEM.permissions)
    key = uuid7()
    mine = Actor(
        scope="vn.p31", name="A", account_id=key, organisation_id=a_province().pk, permissions=SYSTEM.permissions
    )
    own = submit_value(
        indicator=an_indicator("B2", scope="city"), unit=a_province(), period=MONTH, facts=FACTS, by=mine
    )

    for value, by in ((row, itself), (own, mine)):
        with pytest.raises(OwnValue):
            review_value(value.pk, accept=True, comment="", by=by)
        with pytest.raises(OwnValue):
            review_values({value.pk: value.submitted_at}, accept=True, comment="", by=by)  # type: ignore[dict-item]

    assert set(Reported.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_value_is_not_returned_without_words_nor_reviewed_by_who_may_not() -> None:
    commune, indicator = a_commune(), an_indicator()
    row = sent(indicator, commune)

    with pytest.raises(BadValue):
        review_value(row.pk, accept=False, comment="  ", by=a_reviewer())
    with pytest.raises(NotThere):
        review_value(row.pk, accept=True, comment="", by=a_reporter(commune))
    with pytest.raises(NotThere):
        review_value(row.pk, accept=True, comment="", by=a_reviewer(scope="vn.p31.c11329"))
    with pytest.raises(NotThere):
        review_value(uuid7(), accept=True, comment="", by=a_reviewer())

    row.refresh_from_db()
    assert (row.state, row.reviewed_at) == ("submitted", None)
    assert not Notice.objects.exists()


def test_of_two_reviewers_at_once_the_second_is_told() -> None:
    commune, indicator = a_commune(), an_indicator()
    row = sent(indicator, commune)
    review_value(row.pk, accept=True, comment="", by=a_reviewer("Tú"))

    with pytest.raises(WrongState):
        review_value(row.pk, accept=False, comment="chậm một nhịp", by=a_reviewer("Hà"))
    with pytest.raises(WrongState):
        review_values({row.pk: row.submitted_at}, accept=True, comment="", by=a_reviewer("Hà"))  # type: ignore[dict-item]

    row.refresh_from_db()
    assert (row.state, row.reviewed_by_name, row.review_comment) == ("accepted", "Tú", "")


def test_a_value_changed_after_it_was_read_is_not_accepted_unseen() -> None:
    commune, indicator = a_commune(), an_indicator()
    read = sent(indicator, commune)
    as_read = read.submitted_at
    assert as_read is not None
    sent(indicator, commune, numerator=2, denominator=2)

    with pytest.raises(WrongState):
        review_values({read.pk: as_read}, accept=True, comment="", by=a_reviewer())

    assert Reported.objects.get().state == "submitted"


def test_several_are_reviewed_in_as_few_statements_as_one(django_assert_max_num_queries: Any) -> None:
    indicator = an_indicator()
    communes = [a_commune(f"2{n:04d}") for n in range(20)]
    rows = [a_reported(indicator, each, MONTH, state="submitted") for each in communes]

    with django_assert_max_num_queries(6):
        done = review_values({row.pk: row.submitted_at for row in rows}, accept=True, comment="", by=a_reviewer())  # type: ignore[misc]

    assert done == 20
    assert Reported.objects.filter(state="accepted").count() == 20


def test_a_draft_is_seen_by_the_unit_and_its_reviewers_alone() -> None:
    commune, indicator = a_commune(), an_indicator()
    school = a_school(commune)
    of_school = an_indicator("B2", scope="all institutions")
    draft = keep_draft(indicator=indicator, unit=commune, period=MONTH, facts=FACTS, by=a_reporter(commune))
    waiting, accepted = sent(of_school, school), a_reported(indicator, commune, LAST)
    auditor = Actor(scope="vn.p31", name="Thanh tra", permissions=frozenset({"plans:read"}))

    def seen(actor: Actor) -> set[Any]:
        with acting(actor):
            return set(reported_seen_by(actor).values_list("pk", flat=True))

    assert draft.state == "draft"
    assert seen(a_reporter(commune)) == {draft.pk, accepted.pk}
    assert seen(a_reporter(school)) == {waiting.pk}
    assert seen(a_reviewer()) == {draft.pk, waiting.pk, accepted.pk}
    assert seen(auditor) == {accepted.pk}
    assert seen(a_reporter(a_commune("11329"))) == set()
    assert seen(Actor()) == set()


def test_row_security_hides_what_lies_elsewhere() -> None:
    commune, other = a_commune(), a_commune("11329")
    row = sent(an_indicator(), commune)
    row.comment = "lần hai"
    row.save(update_fields=["comment"])
    models: list[type[Model]] = [Reported, Reported.history.rel.related_model]  # type: ignore[attr-defined]

    with acting(a_reporter(other)):
        hidden = [model._default_manager.count() for model in models]
    with acting(a_reporter(commune)):
        shown = [model._default_manager.count() for model in models]

    assert (hidden, shown) == ([0, 0], [1, 1])


def test_a_value_waiting_for_review_can_be_taken_back_as_a_draft() -> None:
    commune, indicator = a_commune(), an_indicator()
    row = sent(indicator, commune)

    keep_draft(indicator=indicator, unit=commune, period=MONTH, facts=FACTS, by=a_reporter(commune))
    with pytest.raises(WrongState):
        review_value(row.pk, accept=True, comment="", by=a_reviewer())

    row.refresh_from_db()
    assert (row.state, row.submitted_by_name, row.submitted_at) == ("draft", "", None)
