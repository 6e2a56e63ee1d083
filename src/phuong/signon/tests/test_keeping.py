"""What is forgotten of sign-ins at sites, and what must not be."""

import datetime as dt

from allauth.idp.oidc.models import Token
from django.utils import timezone

from phuong.kernel.jobs import Progress
from phuong.signon.actions.keeping import OPEN_DAYS, OVER_DAYS, forget_old
from phuong.signon.models import SiteSession, SpentToken
from phuong.signon.tests.conftest import Scene


def days_ago(days: int) -> dt.datetime:
    """A moment so many days ago."""
    return timezone.now() - dt.timedelta(days=days)


def test_a_sign_in_in_use_outlives_the_cleaning_and_its_theft_is_still_seen(scene: Scene) -> None:
    first = scene.tokens()
    second = scene.by_refresh(first["refresh_token"]).json()
    SiteSession.objects.update(started_at=days_ago(OPEN_DAYS + 1))

    told = forget_old(Progress())
    third = scene.by_refresh(second["refresh_token"])
    stolen = scene.by_refresh(first["refresh_token"])

    assert told["sessions"] == 0
    assert third.status_code == 200
    assert stolen.status_code == 400
    assert SiteSession.objects.get().ended_at is not None


def test_what_is_over_is_forgotten_with_its_tokens_once(scene: Scene) -> None:
    scene.by_refresh(scene.tokens()["refresh_token"])
    Token.objects.update(expires_at=days_ago(1))
    SiteSession.objects.update(started_at=days_ago(OPEN_DAYS + 1))

    told, again = forget_old(Progress()), forget_old(Progress())

    assert (told["tokens"] > 0, told["sessions"]) == (True, 1)
    assert again == {"tokens": 0, "sessions": 0}
    assert not SpentToken.objects.exists()


def test_an_ended_sign_in_is_kept_for_a_month(scene: Scene) -> None:
    scene.tokens()
    SiteSession.objects.update(ended_at=days_ago(OVER_DAYS - 1))
    early = forget_old(Progress())
    SiteSession.objects.update(ended_at=days_ago(OVER_DAYS + 1))

    assert (early["sessions"], forget_old(Progress())["sessions"]) == (0, 1)
