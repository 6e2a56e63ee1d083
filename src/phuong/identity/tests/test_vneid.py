"""VNeID above this house, against a provider that runs as a program of its own and is spoken to over HTTP."""

import datetime as dt
import time
import urllib.parse
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from phuong.identity.actions.accounts import set_email
from phuong.identity.models import Account, Link, Proof, RoleAssignment
from phuong.identity.testing import PASSWORD, an_account
from phuong.identity.tests.conftest import BACK, BINH, LAN, NUMBER, OTHER, OWN, START, Scene, give_number
from phuong.kernel.keys import uuid7
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import Actor, acting
from phuong.registry.api import Person
from phuong.registry.testing import a_learner


def is_in(browser: Client) -> bool:
    return browser.get(OWN).status_code == 200


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_teacher_links_then_signs_in_and_the_level_is_kept(scene: Scene) -> None:
    browser, linked = scene.link(LAN)
    page = text_of(browser.get(OWN))
    fresh = scene.browser()

    came = scene.enter(fresh, LAN, next="/hoc-sinh/")

    assert (linked.status_code, linked["Location"]) == (302, OWN)
    assert "Bỏ liên kết VNeID" in page
    assert "mức 2" in page
    assert (came.status_code, came["Location"]) == (302, "/hoc-sinh/")
    assert is_in(fresh)
    proof = Proof.objects.get()
    assert (proof.account, proof.level, proof.provider) == (scene.lan, 2, "vneid")
    assert proof.at > proof.since
    assert Person.objects.get(pk=scene.lan.person_id).citizen_identity_level == 2
    did = list(AuditEntry.objects.filter(did__startswith="identity.vneid").order_by("pk").values_list("did", flat=True))
    assert sorted(did) == ["identity.vneid_linked", "identity.vneid_proved", "identity.vneid_proved"]
    assert not AuditEntry.objects.filter(note__contains=NUMBER).exists()
    assert not SocialAccount.objects.exists()


def test_a_mother_comes_in_by_her_number_without_linking_before(scene: Scene) -> None:
    browser = scene.browser()

    scene.enter(browser, BINH)

    assert is_in(browser)
    assert Link.objects.get().account == scene.binh
    assert Person.objects.get(pk=scene.binh.person_id).citizen_identity_level == 1


def test_a_change_of_level_is_a_new_proof_and_the_old_one_stays(scene: Scene) -> None:
    scene.enter(scene.browser(), BINH)
    scene.enter(scene.browser(), {**BINH, "level": "2"})

    assert list(Proof.objects.order_by("since").values_list("level", flat=True)) == [1, 2]
    assert Person.objects.get(pk=scene.binh.person_id).citizen_identity_level == 2


def test_a_session_by_vneid_is_no_proof_for_a_sensitive_act(scene: Scene) -> None:
    browser = scene.browser()
    scene.enter(browser, BINH)

    asked = browser.post("/tai-khoan/vneid/bo/")

    assert asked["Location"].startswith("/tai-khoan/xac-nhan/")
    assert Link.objects.get().until is None


def test_a_second_factor_is_still_asked_for(scene: Scene) -> None:
    scene.link(LAN)
    totp.TOTP.activate(scene.lan, totp.generate_totp_secret())
    browser = scene.browser()

    came = scene.enter(browser, LAN)

    assert came["Location"] == "/dang-nhap/ma/"
    assert not is_in(browser)
    assert Authenticator.objects.filter(user=scene.lan).exists()


def test_level_two_does_not_stand_in_for_the_second_factor_of_a_wide_role(scene: Scene, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    RoleAssignment.objects.filter(account=scene.lan).update(role="commune_officer")
    scene.link(LAN)
    browser = scene.browser()

    scene.enter(browser, LAN)

    assert is_in(browser)
    assert browser.get("/truong/")["Location"].startswith("/tai-khoan/")


def is_refused(scene: Scene, facts: dict[str, str], words: str) -> bool:
    """Try to sign in: nobody is let in, nothing is linked, the page says why and offers the password."""
    before = (Link.objects.count(), Proof.objects.count())
    browser = scene.browser()

    answer = scene.enter(browser, facts)

    assert answer.status_code == 403
    assert words in text_of(answer)
    assert 'href="/dang-nhap/"' in text_of(answer)
    assert not is_in(browser)
    assert (Link.objects.count(), Proof.objects.count()) == before
    return True


def test_a_number_nobody_has_is_refused(scene: Scene) -> None:
    assert is_refused(scene, {**LAN, "number": "031185999999"}, "Chưa có hồ sơ với số định danh này")
    assert AuditEntry.objects.get(did="identity.vneid_refused").note == "unknown_number"


def test_a_person_without_an_account_is_refused(scene: Scene) -> None:
    scene.binh.delete()
    assert is_refused(scene, BINH, "Hồ sơ này chưa có tài khoản")


def test_two_accounts_with_one_number_are_refused(scene: Scene) -> None:
    give_number(Person.objects.get(pk=scene.lan.person_id), OTHER)
    assert is_refused(scene, BINH, "Số định danh này có ở nhiều hồ sơ")


def test_a_doubles_name_does_not_open_anothers_account(scene: Scene) -> None:
    stranger = a_learner(scene.school, name="Lê Văn Cường")
    give_number(stranger, OTHER)
    assert is_refused(
        scene, {**BINH, "name": "Lê Văn Cường", "birthdate": "2013-05-01"}, "Họ tên hoặc ngày sinh không khớp"
    )


def test_an_inactive_account_is_refused(scene: Scene) -> None:
    Account.objects.filter(pk=scene.binh.pk).update(is_active=False)
    assert is_refused(scene, BINH, "Tài khoản đã khóa")


def test_a_role_that_ended_opens_nothing(scene: Scene) -> None:
    ended = (dt.date(2025, 8, 1), timezone.localdate())
    RoleAssignment.objects.filter(account=scene.binh).update(during=ended)
    assert is_refused(scene, BINH, "Hôm nay chưa có vai trò nào")


def test_staff_who_never_linked_are_refused_for_an_office_types_numbers(scene: Scene) -> None:
    assert is_refused(scene, LAN, "Cần liên kết VNeID trước")


def test_a_level_below_what_the_role_needs_is_refused(scene: Scene) -> None:
    scene.link(LAN)
    RoleAssignment.objects.filter(account=scene.lan).update(role="commune_officer")
    assert is_refused(scene, {**LAN, "level": "1"}, "Mức độ định danh chưa đủ")


def test_an_address_of_mail_finds_nobody(scene: Scene) -> None:
    set_email(email="mo@x.example", by=Actor(account_id=scene.binh.pk))
    assert is_refused(scene, {**BINH, "number": "031185999999", "email": "mo@x.example"}, "Chưa có hồ sơ")


@pytest.mark.parametrize(
    ("switch", "status", "words"),
    [
        ("mismatch", 403, "VNeID trả lời không khớp"),
        ("other_subject", 403, "VNeID trả lời không khớp"),
        ("bad_signature", 403, "Không kiểm tra được trả lời của VNeID"),
        ("expired", 403, "Không kiểm tra được trả lời của VNeID"),
        ("wrong_nonce", 403, "Không kiểm tra được trả lời của VNeID"),
        ("wrong_audience", 403, "Không kiểm tra được trả lời của VNeID"),
        ("down", 503, "VNeID chưa trả lời, đăng nhập bằng mật khẩu"),
        ("refuse", 200, "Đã dừng ở VNeID"),
    ],
)
def test_each_failure_of_the_provider_is_told_and_opens_nothing(
    scene: Scene, switch: str, status: int, words: str
) -> None:
    scene.enter(scene.browser(), BINH)
    scene.outside.fail("vneid", **{switch: OTHER})
    browser = scene.browser()

    answer = scene.enter(browser, BINH)

    assert (answer.status_code, words in text_of(answer)) == (status, True)
    assert 'href="/dang-nhap/"' in text_of(answer)
    assert not is_in(browser)
    assert Proof.objects.count() == 1


def test_pressing_refuse_leads_to_a_page_with_the_way_out(scene: Scene) -> None:
    browser = scene.browser()

    answer = scene.enter(browser, {}, answer="refuse", next="/hoc-sinh/")

    assert "Đã dừng ở VNeID" in text_of(answer)
    assert 'href="/dang-nhap/?next=%2Fhoc-sinh%2F"' in text_of(answer)
    assert not is_in(browser)


def test_a_provider_that_is_away_is_told_at_once(scene: Scene, settings: Any) -> None:
    settings.PHUONG_VNEID = {**settings.PHUONG_VNEID, "issuer": "http://127.0.0.1:9/vneid"}

    answer = scene.browser().post(START)

    assert answer.status_code == 503
    assert "VNeID chưa trả lời, đăng nhập bằng mật khẩu" in text_of(answer)


def test_all_questions_together_wait_five_seconds_at_most(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phuong.identity.backend.upstream.ALLOWED_SECONDS", 1.0)
    browser = scene.browser()
    back = scene.agree(scene.ask(browser), BINH)
    scene.outside.fail("vneid", slow=0.7)  # each answer alone would be in time
    began = time.monotonic()

    answer = browser.get(back)

    assert time.monotonic() - began < 1.6
    assert answer.status_code == 503
    assert not is_in(browser)


def test_a_slow_provider_within_the_allowance_lets_in(scene: Scene) -> None:
    scene.outside.fail("vneid", slow=0.2)
    browser = scene.browser()

    scene.enter(browser, BINH)

    assert is_in(browser)


def test_the_question_has_state_nonce_and_a_challenge_and_takes_nothing_from_the_query(scene: Scene) -> None:
    wanted = "?scope=email&auth_params=nonce%3Dx%26redirect_uri%3Dhttp%3A%2F%2Fevil.example&process=connect"
    first = urllib.parse.parse_qs(urllib.parse.urlsplit(scene.ask(scene.browser(), START + wanted)).query)
    second = urllib.parse.parse_qs(urllib.parse.urlsplit(scene.ask(scene.browser())).query)

    assert first["redirect_uri"] == ["http://127.0.0.1:8000" + BACK]
    assert set(first["scope"][0].split()) == {"openid", "profile"}
    assert first["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 16
        assert first[name] != second[name]


def test_an_answer_in_another_browser_or_shown_twice_is_refused(scene: Scene) -> None:
    browser, thief = scene.browser(), scene.browser()
    back = scene.agree(scene.ask(browser), BINH)

    stolen = thief.get(back)
    came = browser.get(back)
    again = browser.get(back)

    assert (stolen.status_code, came.status_code, again.status_code) == (400, 302, 400)
    assert not is_in(thief)


def test_a_stolen_code_is_of_no_use_without_the_verifier(scene: Scene) -> None:
    victim, thief = scene.browser(), scene.browser()
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(scene.agree(scene.ask(victim), BINH)).query)["code"][0]
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(scene.ask(thief)).query)["state"][0]

    answer = thief.get(BACK, {"code": code, "state": state})

    assert answer.status_code == 503
    assert not is_in(thief)


def test_an_answer_to_a_link_does_not_link_after_somebody_else_signed_in(scene: Scene) -> None:
    browser = scene.browser("lan")
    back = scene.agree(scene.ask(browser, "/tai-khoan/vneid/"), LAN)
    browser.post("/dang-xuat/")
    browser.post("/dang-nhap/", {"username": "binh", "password": PASSWORD})

    answer = browser.get(back)

    assert answer.status_code == 400
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"), [(BINH, "VNeID này của người khác"), ({**LAN, "name": "Vũ Văn Tú"}, "Họ tên hoặc ngày sinh")]
)
def test_anothers_identity_cannot_be_linked(scene: Scene, facts: dict[str, str], words: str) -> None:
    browser, answer = scene.link(facts)

    assert answer.status_code == 403
    assert words in text_of(answer)
    assert 'href="/tai-khoan/"' in text_of(answer)
    assert not Link.objects.exists()
    assert is_in(browser)


def test_an_account_without_a_number_cannot_link(scene: Scene) -> None:
    an_account("clerk", scene.school, username="van")

    _browser, answer = scene.link(LAN, "van")

    assert answer.status_code == 403
    assert "Hồ sơ chưa có số định danh" in text_of(answer)


def test_linking_asks_for_a_proof_first_and_goes_on_after_it(scene: Scene) -> None:
    browser = scene.browser("lan")
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()

    asked = browser.post("/tai-khoan/vneid/")
    proved = browser.post(asked["Location"], {"password": PASSWORD, "next": "/tai-khoan/vneid/"})

    assert asked["Location"].startswith("/tai-khoan/xac-nhan/")
    assert proved["Location"].startswith(f"{scene.outside.page}vneid/authorize?")


def test_who_ended_the_link_comes_in_again_only_after_linking_anew(scene: Scene) -> None:
    scene.enter(scene.browser(), BINH)
    inside = scene.browser("binh")

    ended = inside.post("/tai-khoan/vneid/bo/")

    assert ended.status_code == 302
    assert Link.objects.get().until is not None
    assert is_refused(scene, BINH, "Anh/chị đã bỏ liên kết VNeID")
    inside.get(scene.agree(scene.ask(inside, "/tai-khoan/vneid/"), BINH))
    browser = scene.browser()
    scene.enter(browser, BINH)
    assert is_in(browser)
    assert Link.objects.count() == 2


def test_links_and_proofs_are_closed_to_everybody_else(scene: Scene) -> None:
    scene.enter(scene.browser(), BINH)

    with acting(Actor(account_id=scene.lan.pk, scope=scene.school.path)):
        assert (Link.objects.count(), Proof.objects.count()) == (0, 0)
    with acting(Actor(account_id=scene.binh.pk)):
        assert (Link.objects.count(), Proof.objects.count()) == (1, 1)


def test_one_identity_opens_one_account(scene: Scene) -> None:
    scene.enter(scene.browser(), BINH)
    subject = bytes(Link.objects.get().subject_hash)

    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(id=uuid7(), account=scene.lan, provider="vneid", subject_hash=subject)


def test_without_a_provider_there_is_no_button_and_no_page(scene: Scene, settings: Any) -> None:
    offered = text_of(scene.browser().get("/dang-nhap/"))
    settings.PHUONG_VNEID = {**settings.PHUONG_VNEID, "issuer": ""}
    browser = scene.browser("lan")

    assert "Dùng VNeID" in offered
    assert "VNeID" not in text_of(scene.browser().get("/dang-nhap/"))
    assert "VNeID" not in text_of(browser.get(OWN))
    assert scene.browser().post(START).status_code == 404
    assert scene.browser().get(BACK).status_code == 404
    assert browser.post("/tai-khoan/vneid/").status_code == 404
