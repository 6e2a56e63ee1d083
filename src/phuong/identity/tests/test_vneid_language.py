"""The address to which VNeID leads back is one for all languages; its pages are in the one read before."""

import urllib.parse
from typing import Any

import pytest
from django.utils.html import escape
from django.utils.translation import override

from phuong.identity.errors import STOPS, SaysNo
from phuong.identity.tests.conftest import BACK, LAN, Scene


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "vi"])  # the words themselves: tests/e2e, where the catalog is compiled
def test_the_page_after_the_return_is_in_the_language_read_before(scene: Scene, language: str) -> None:
    browser = scene.browser()
    browser.get("/en/dang-nhap/")
    if language == "vi":
        browser.get("/dang-nhap/")

    answer = scene.enter(browser, LAN, answer="refuse")

    assert f'<html lang="{language}"' in text_of(answer)
    assert answer["Content-Language"] == language
    assert ('href="/en/dang-nhap/"' in text_of(answer)) is (language == "en")
    assert "/en/dang-nhap/vneid" not in text_of(answer)  # that address does not exist


@pytest.mark.parametrize("trouble", sorted(STOPS))
def test_every_trouble_is_told_in_english_to_who_reads_english(
    scene: Scene, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(*_args: Any) -> Any:
        raise SaysNo(trouble)

    monkeypatch.setattr("phuong.identity.views.vneid._answer", stops)
    browser = scene.browser()
    browser.get("/en/dang-nhap/")
    ask = scene.ask(browser)
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(ask).query)["state"][0]

    text = text_of(browser.get(BACK, {"state": state, "code": "x"}))

    assert '<html lang="en"' in text
    with override("en"):
        assert escape(str(STOPS[trouble].title)) in text
        assert escape(str(STOPS[trouble].words)) in text


def test_who_came_in_or_linked_goes_on_in_english(scene: Scene) -> None:
    reader = scene.browser("lan")
    reader.get("/en/tai-khoan/")
    linked = reader.get(scene.agree(scene.ask(reader, "/en/tai-khoan/vneid/"), LAN))
    page = text_of(reader.get("/en/tai-khoan/"))
    fresh = scene.browser()
    fresh.get("/en/dang-nhap/")

    came = scene.enter(fresh, LAN)

    assert linked["Location"] == "/en/tai-khoan/"
    assert "VNeID" in page
    assert came["Location"] == "/en/"


def test_who_reads_vietnamese_gets_no_cookie_of_language(scene: Scene) -> None:
    browser = scene.browser()

    browser.get("/dang-nhap/")

    assert "language" not in browser.cookies
    browser.cookies["language"] = "xx"  # nonsense is ignored
    assert "Đã dừng ở VNeID" in text_of(scene.enter(browser, LAN, answer="refuse"))
