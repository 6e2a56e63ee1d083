"""Codes: exchanged once, within a minute, by the site they were given to; silent sign-in; what it all costs."""

import urllib.parse

import time_machine
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from phuong.signon.models import SiteSession
from phuong.signon.tests.conftest import BACK, VERIFIER, Scene, a_site


def test_a_wrong_verifier_gets_nothing(scene: Scene) -> None:
    answer = scene.by_code(scene.code(), verifier="w" * 64)

    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_a_code_shown_twice_ends_what_it_gave(scene: Scene) -> None:
    code = scene.code()
    given = scene.by_code(code).json()

    again = scene.by_code(code)

    assert again.json() == {"error": "invalid_grant"}
    assert scene.who(given["access_token"]).status_code == 401
    assert scene.by_refresh(given["refresh_token"]).status_code == 400


def test_a_code_is_over_after_a_minute(scene: Scene) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        late, in_time = scene.code(), scene.code()

        clock.shift(60)
        assert scene.by_code(in_time).status_code == 200

        clock.shift(1)
        assert scene.by_code(late).json()["error"] == "invalid_grant"
    assert Token.objects.count() == 2  # of the one in time


def test_a_sign_in_that_asks_nothing_carries_what_it_was_asked_with(scene: Scene) -> None:
    scene.code()

    answer = scene.ask(nonce="second", state="again", scope="openid")
    told = urllib.parse.parse_qs(urllib.parse.urlsplit(answer["Location"]).query)
    given = scene.by_code(told["code"][0]).json()

    claims = jwt.decode(given["id_token"], KeySet.import_key_set(Client().get("/.well-known/jwks.json").json())).claims
    assert told["state"] == ["again"]
    assert claims["nonce"] == "second"
    assert given["scope"] == "openid"
    assert not {"name", "roles"} & set(claims)


def test_a_code_is_for_the_site_and_the_address_it_was_given_to(scene: Scene) -> None:
    code, other = scene.code(), a_site(scene.school)
    facts = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}

    elsewhere = Client().post("/o/token", {**facts, "client_id": other.client_id, "redirect_uri": BACK})
    misled = scene.exchange(**facts, redirect_uri="https://hoclieu.example.vn/khac")

    assert (elsewhere.status_code, misled.status_code) == (400, 400)
    assert not Token.objects.exists()


def test_who_may_ask_nothing_is_answered_when_this_very_site_was_agreed_to(scene: Scene) -> None:
    other = a_site(scene.school)
    scene.code()

    silent = scene.ask(prompt="none")
    unknown = scene.ask(prompt="none", client_id=other.client_id)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(silent["Location"]).query)["code"][0]
    nobody = Client().get("/o/authorize", silent.wsgi_request.GET.dict())

    assert scene.by_code(code).status_code == 200
    assert "error=consent_required" in unknown["Location"]
    assert "error=login_required" in nobody["Location"]
    assert not SiteSession.objects.filter(client=other.client).exists()


def test_a_wrong_resource_is_told_and_nothing_is_given(scene: Scene) -> None:
    facts = {"grant_type": "authorization_code", "code": scene.code(), "redirect_uri": BACK, "code_verifier": VERIFIER}

    answer = scene.exchange(**facts, resource="no address")

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_target"})
    assert not Token.objects.exists()


def test_what_was_agreed_to_costs_few_statements(scene: Scene) -> None:
    scene.tokens()  # keys and sites are remembered

    with CaptureQueriesContext(connection) as asked:
        code = scene.code()
    with CaptureQueriesContext(connection) as exchanged:
        scene.by_code(code)

    assert (_counted(asked), _counted(exchanged)) == (
        {"SELECT": 3, "INSERT": 2},
        {"SELECT": 3, "INSERT": 1, "UPDATE": 1},
    )


def _counted(queries: CaptureQueriesContext) -> dict[str, int]:
    """Count statements on tables by their kind."""
    kinds = [query["sql"].split()[0].upper() for query in queries.captured_queries if "set_config" not in query["sql"]]
    return {kind: kinds.count(kind) for kind in ("SELECT", "INSERT", "UPDATE", "DELETE") if kind in kinds}
