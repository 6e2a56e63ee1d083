"""Pages that are drawn once and then filled in look as if they were drawn anew."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from phuong.ui.frames import filled

TEMPLATE = "onboarding/link.html"
WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=6).filter(
    lambda words: len(words) % 2 == 0
)


def shown(words: Any) -> dict[str, Any]:
    return {"title": words[0], "name": words[1], "rows": list(zip(words[2::2], words[3::2], strict=True))}


def request_for(address: str, **cookies: str) -> Any:
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    request.user, request.standing, request._messages = AnonymousUser(), None, []  # type: ignore[attr-defined]
    return request


@given(WORDS, st.sampled_from(["light", "dark", "<script>"]), st.sampled_from(["vi", "en"]), st.text(max_size=10))
def test_a_filled_page_is_the_page(words: list[str], theme: str, language: str, asked: str) -> None:
    request = request_for("/kq/xyz", theme=theme)
    request.META["QUERY_STRING"] = asked.encode("ascii", "ignore").decode()

    with override(language):
        drawn = render_to_string(TEMPLATE, shown(words), request)
        answers = [filled(request, TEMPLATE, words, shown).content.decode() for _ in range(2)]

    assert answers == [drawn, drawn]


@pytest.mark.parametrize("word", ["", "0", "&amp;", "{{ name }}", "\\1"])
def test_a_word_stays_as_it_is(word: str) -> None:
    page = filled(request_for("/kq/a"), TEMPLATE, ["Kết quả", "An", "Lớp", word], shown).content.decode()

    assert f"<dd>{word.replace('&', '&amp;')}</dd>" in page
