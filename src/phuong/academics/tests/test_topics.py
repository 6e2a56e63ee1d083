"""The result of a study-topic group is one more regular mark."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from phuong.academics.models import GradeSheet, Mark
from phuong.identity.testing import an_account
from phuong.registry.testing import a_class, a_learner, a_school, a_teacher, a_teaching

pytestmark = pytest.mark.django_db


def test_a_topic_column_is_a_regular_mark_and_goes_only_while_it_is_empty() -> None:
    school = a_school(level="upper_secondary")
    group = a_class(school, level="upper_secondary", grade=10, name="10A1")
    lan, pupil = a_teacher(school), a_learner(school, group)
    a_teaching(group, lan)
    client = Client()
    client.force_login(an_account("teacher", school, person=lan))
    where = [group.pk, "TOAN", 1]
    change = [reverse("academics:topic", args=[*where, act]) for act in ("co", "khong")]

    client.post(change[0])
    page = client.get(reverse("academics:grid", args=where)).content.decode()
    cells = [("r1", "8"), ("r5", "10"), ("midterm", "8"), ("final", "8")]
    sent = [{"l": str(pupil.pk), "c": code, "v": typed, "w": None} for code, typed in cells]
    client.post(reverse("academics:save", args=where), json.dumps({"cells": sent}), content_type="application/json")
    refused = client.post(change[1])

    assert ("Chuyên đề" in page, refused.status_code) == (True, 409)
    assert (GradeSheet.objects.get().columns, Mark.objects.get().average) == (5, 83)
    assert client.post(change[0]).status_code == 409
