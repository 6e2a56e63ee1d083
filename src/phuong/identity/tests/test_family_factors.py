"""Second factors of those whose account stands outside the place of their role, or who have no place at all."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import ProgrammingError
from django.test import Client

from phuong.identity.models import Account
from phuong.identity.testing import PASSWORD, an_account
from phuong.kernel.scope import Actor, acting
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_province, a_school

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def mother(db: None) -> Account:
    a_province()
    school = a_school(a_commune())
    guardian = a_guardian(a_learner(school, a_class(school)))
    return an_account("guardian", school, person=guardian, username="binh")


@pytest.fixture
def browser(mother: Account) -> Client:
    client = Client()
    client.post("/dang-nhap/", {"username": "binh", "password": PASSWORD})
    return client


def kept(account: Account) -> list[str]:
    return sorted(Authenticator.objects.filter(user=account).values_list("type", flat=True))


def test_a_mother_makes_new_recovery_codes(mother: Account, browser: Client) -> None:
    TOTP.activate(mother, SECRET)

    answer = browser.post("/tai-khoan/ma-du-phong/moi/")

    assert answer.status_code == 302
    assert kept(mother) == ["recovery_codes", "totp"]


def test_a_mother_takes_her_app_off_again(mother: Account, browser: Client) -> None:
    TOTP.activate(mother, SECRET)

    answer = browser.post("/tai-khoan/ung-dung/go/")

    assert answer.status_code == 302
    assert kept(mother) == []


def test_a_mother_removes_a_passkey(mother: Account, browser: Client) -> None:
    key = Authenticator.objects.create(user=mother, type="webauthn", data={"name": "x", "credential": {}})

    answer = browser.post(f"/tai-khoan/khoa/{key.pk}/go/")

    assert answer.status_code == 302
    assert kept(mother) == []


def test_an_account_reads_itself_and_nobody_else_and_may_not_write(mother: Account) -> None:
    an_account("teacher", mother.roles.get().organisation, username="lan")

    with acting(Actor(account_id=mother.pk)):
        assert [each.username for each in Account.objects.select_for_update()] == ["binh"]
    with pytest.raises(ProgrammingError, match="row-level security"), acting(Actor(account_id=mother.pk)):
        Account.objects.filter(pk=mother.pk).update(display_name="x")

    assert Account.objects.get(pk=mother.pk).display_name == mother.display_name
