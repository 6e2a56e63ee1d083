"""Signing in: tries, second factors, sessions, passwords, proofs before sensitive acts."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from phuong.identity.models import Account, FailedTry
from phuong.identity.testing import PASSWORD, an_account
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import Actor, acting
from phuong.registry.testing import a_commune, a_province, a_school

SIGN_IN = "/dang-nhap/"


@pytest.fixture
def principal(db: None) -> Account:
    a_province()
    return an_account("principal", a_school(a_commune("11311")), username="hoa")


@pytest.fixture
def officer(db: None) -> Account:
    a_province()
    return an_account("commune_officer", a_commune("11311"), username="minh")


def sign_in(name: str, password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(SIGN_IN, {"username": name, "password": password})


def a_totp(account: Account) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_the_right_password_opens_a_session_and_is_kept_in_the_journal(principal: Account) -> None:
    client, answer = sign_in("HOA ")

    assert answer.status_code == 302
    assert client.get("/tai-khoan/").status_code == 200
    assert AuditEntry.objects.filter(did="identity.signed_in", on_id=str(principal.pk)).count() == 1


def test_ten_wrong_tries_lock_the_name_and_nobody_else(principal: Account) -> None:
    an_account("clerk", principal.roles.get().organisation, username="van")
    for _ in range(10):
        sign_in("hoa", "wrong-password")

    locked, answer = sign_in("hoa")
    _other, free = sign_in("van")

    assert answer.status_code == 422
    assert "15 phút" in answer.content.decode()
    assert locked.get("/tai-khoan/").status_code == 302
    assert free.status_code == 302
    assert FailedTry.objects.count() == 10


def test_an_unknown_name_gets_the_same_words_as_a_wrong_password(principal: Account) -> None:
    _client, wrong = sign_in("hoa", "wrong-password")
    _client, unknown = sign_in("nobody", "wrong-password")

    def told(answer: Any) -> str:
        return answer.content.decode().split("<main")[1].replace("hoa", "").replace("nobody", "")[:400]

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert told(wrong) == told(unknown)


def test_a_wide_role_without_a_second_factor_gets_no_further_than_its_account(officer: Account, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    client, _answer = sign_in("minh")

    sent = client.get(reverse("registry:schools"))

    assert sent.status_code == 302
    assert sent["Location"].startswith("/tai-khoan/?next=")
    assert "bước hai" in client.get("/tai-khoan/").content.decode()


def test_a_role_of_one_school_is_not_obliged(principal: Account, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    client, _answer = sign_in("hoa")

    assert client.get(reverse("registry:schools")).status_code == 200


def test_the_second_factor_is_asked_for_and_a_wrong_code_opens_nothing(officer: Account, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    secret = a_totp(officer)
    client, answer = sign_in("minh")

    assert answer["Location"] == "/dang-nhap/ma/"
    assert client.get("/tai-khoan/").status_code == 302
    assert client.post("/dang-nhap/ma/", {"code": "000000"}).status_code == 200
    assert client.get("/tai-khoan/").status_code == 302

    assert client.post("/dang-nhap/ma/", {"code": code_of(secret)}).status_code == 302
    client.post("/dang-nhap/thiet-bi/", {"action": ""})
    assert client.get(reverse("registry:schools")).status_code == 200


def test_secrets_of_second_factors_are_sealed_at_rest(officer: Account) -> None:
    secret = a_totp(officer)

    kept = Authenticator.objects.get(user=officer).data["secret"]

    assert secret not in kept


def test_nobody_sees_the_second_factors_of_others_whatever_the_code_forgot(officer: Account) -> None:
    a_totp(officer)
    leader = Actor(scope="vn.p31", account_id=an_account("principal", a_school(a_commune("11329"))).pk)

    with acting(leader):
        assert not Authenticator.objects.exists()
        assert not UserSession.objects.exists()
    with acting(Actor(account_id=officer.pk)):
        assert Authenticator.objects.count() == 1


def test_a_new_password_ends_every_other_session(principal: Account) -> None:
    here, _answer = sign_in("hoa")
    elsewhere, _answer = sign_in("hoa")
    words = {"old_password": PASSWORD, "new_password1": "hoa phuong thang sau", "new_password2": "hoa phuong thang sau"}

    answer = here.post("/tai-khoan/mat-khau/", words)

    assert answer.status_code == 302
    assert here.get("/tai-khoan/").status_code == 200
    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert sign_in("hoa")[1].status_code == 422
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize("weak", ["12345678901", "password123", "ngan"])
def test_a_weak_password_is_refused_and_the_old_one_stays(principal: Account, weak: str) -> None:
    client, _answer = sign_in("hoa")

    words = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    answer = client.post("/tai-khoan/mat-khau/", words)

    assert answer.status_code == 422
    assert sign_in("hoa")[1].status_code == 302


def test_one_other_session_can_be_ended_and_nobody_elses(principal: Account) -> None:
    here, _answer = sign_in("hoa")
    elsewhere, _answer = sign_in("hoa")
    an_account("clerk", principal.roles.get().organisation, username="van")
    stranger, _answer = sign_in("van")
    mine = UserSession.objects.get(session_key=elsewhere.session.session_key)
    theirs = UserSession.objects.get(session_key=stranger.session.session_key)

    assert here.post("/tai-khoan/noi-dang-nhap/", {"session": theirs.pk}).status_code == 404
    assert here.post("/tai-khoan/noi-dang-nhap/", {"session": mine.pk}).status_code == 302

    assert stranger.get("/tai-khoan/").status_code == 200
    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert here.get("/tai-khoan/").status_code == 200


def test_a_sensitive_act_asks_for_a_fresh_proof_and_then_goes_on(officer: Account) -> None:
    an_account("system_operator", officer.roles.get().organisation, username="tuan")
    client, _answer = sign_in("tuan")
    page = reverse("signon:register")
    assert client.get(page).status_code == 200
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - 3600, "reauthenticated": True}
    ]
    session.save()

    sent = client.get(page)
    wrong = client.post(f"/tai-khoan/xac-nhan/?next={page}", {"password": "wrong-password"})
    proved = client.post(f"/tai-khoan/xac-nhan/?next={page}", {"password": PASSWORD})

    assert sent["Location"] == f"/tai-khoan/xac-nhan/?next={page.replace('/', '%2F')}"
    assert wrong.status_code == 200
    assert proved["Location"] == page
    assert client.get(page).status_code == 200


_SHAPED = '{"id": "AA", "rawId": "AA", "response": {"attestationObject": "/w", "clientDataJSON": "e30"}}'


@pytest.mark.parametrize("said", ["9" * 5000, "[" * 5000, "{", "[]", "null", '{"id": 1}', _SHAPED])
def test_what_is_no_passkey_opens_nothing(principal: Account, said: str) -> None:
    stranger = Client()
    own, _answer = sign_in("hoa")

    answers = [
        stranger.post("/dang-nhap/khoa/", {"credential": said}),
        own.post("/tai-khoan/xac-nhan/khoa/", {"credential": said}),
        own.post("/tai-khoan/khoa/them/", {"name": "x", "credential": said}),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert stranger.get("/tai-khoan/").status_code == 302
    assert not Authenticator.objects.filter(type="webauthn").exists()
