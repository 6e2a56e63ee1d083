"""The choice of theme."""

import pytest
from django.test import RequestFactory

from phuong.ui.views import set_theme


def test_a_theme_is_kept_in_a_cookie_and_leads_back() -> None:
    response = set_theme(RequestFactory().post("/ui/theme/", {"theme": "dark", "next": "/truong/?q=1"}))

    assert response.status_code == 302
    assert response["Location"] == "/truong/?q=1"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["httponly"] is True


def test_another_host_and_an_unknown_theme_are_ignored() -> None:
    response = set_theme(RequestFactory().post("/ui/theme/", {"theme": "pink", "next": "//evil.example/"}))

    assert response["Location"] == "/"
    assert "theme" not in response.cookies


@pytest.mark.parametrize("back", ["00:00", "home", "%s", "\0", ""])
def test_what_is_no_address_leads_to_the_first_page(back: str) -> None:
    response = set_theme(RequestFactory().post("/ui/theme/", {"theme": "dark", "next": back}))

    assert response["Location"] == "/"
    assert response.cookies["theme"].value == "dark"
