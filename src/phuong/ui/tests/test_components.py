"""Components as pages use them."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from phuong.ui.parts import STATES, Cell, Head, Pager, Row, Table, sorting, state_of


def rendered(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/truong/?{query}")
    shown: dict[str, Any] = context
    with translation.override("vi"):
        return str(engines["django"].from_string("{% load i18n ui %}" + source).render(shown, request))


class Asked(forms.Form):
    """A form with one required field and one group."""

    name = forms.CharField(label="Họ và tên", help_text="Như trong giấy khai sinh")
    place = forms.ChoiceField(label="Nơi ở", widget=forms.RadioSelect, choices=[("a", "Gia Viên"), ("b", "Hải An")])


@pytest.mark.parametrize("code", list(STATES))
def test_a_state_is_told_by_icon_and_word(code: str) -> None:
    markup = rendered("{% status code %}", code=code)

    assert f"#{state_of(code).icon}" in markup
    assert str(state_of(code).word) in markup


def test_an_unknown_state_looks_like_no_data() -> None:
    assert state_of("surprise") == STATES["none"]
    assert state_of(None) == STATES["none"]


def test_text_in_components_stays_text() -> None:
    hostile = "<b>x</b>"
    markup = rendered(
        "{% tag t %}{% status 'late' t %}{% person_line t t %}{% card t %}{{ t }}{% endcard %}"
        "{% note %}{{ t }}{% endnote %}{% empty_first t t %}{% summary_list rows %}{% crumbs t '/x/' t %}",
        t=hostile,
        rows=[(hostile, hostile)],
    )

    assert "<b>x</b>" not in markup


def test_a_field_in_error_is_tied_to_its_message_and_to_the_summary() -> None:
    form = Asked({"name": ""})

    markup = rendered("{% error_summary form %}{% field form.name %}{% field form.place %}", form=form)

    assert "Cần sửa 2 chỗ" in markup
    assert 'href="#id_name"' in markup
    assert 'href="#id_place_0"' in markup
    assert 'id="id_place_0"' in markup
    assert 'aria-describedby="id_name-hint id_name-error"' in markup
    assert 'aria-invalid="true"' in markup
    assert markup.index('id="id_name-error"') < markup.index("<input")


def test_a_form_without_errors_has_no_summary() -> None:
    assert "Cần sửa" not in rendered("{% error_summary form %}", form=Asked())


def test_ids_of_hints_are_unique_on_a_page() -> None:
    markup = rendered("{% field form.name %}{% field form.place %}", form=Asked({}))
    ids = [part.split('"')[0] for part in markup.split(' id="')[1:]]

    assert len(ids) == len(set(ids))
    assert all(ids)


def test_a_table_names_its_rows_and_sorts_by_links() -> None:
    table = Table(
        caption="Trường",
        columns=[Head("Tên", key="name"), Head("Học sinh", key="pupils", numeric=True)],
        rows=[Row(heading="Chậm: 1", state="late"), Row([Cell("Ngô Quyền", url="/t/1/"), None])],
        pager=Pager(26, 50, 1204, "?b", "?a"),
    )

    markup = rendered("{% data_table table %}", "sort=name&after=k", table=table)

    assert '<th scope="row"><a href="/t/1/">Ngô Quyền</a>' in markup
    assert 'aria-sort="ascending"><a href="?sort=-name">' in markup
    assert '<td class="num blank"' in markup
    assert "None" not in markup
    assert "26–50 trên 1.204" in markup
    assert '<th scope="colgroup" colspan="2">' in markup


@pytest.mark.parametrize(
    ("query", "url", "direction"),
    [
        ("", "?sort=name", ""),
        ("sort=name", "?sort=-name", "ascending"),
        ("sort=-name&page=2", "?sort=name", "descending"),
    ],
)
def test_sorting_turns_round_and_starts_paging_anew(query: str, url: str, direction: str) -> None:
    order = sorting(QueryDict(query), "name")

    assert (order.url, order.direction) == (url, direction)


def test_a_theme_comes_from_the_cookie_and_nonsense_means_light() -> None:
    request = RequestFactory().get("/")
    page = engines["django"].from_string("{% load ui %}{% chosen_theme %}")

    for cookie, theme in (("dark", "dark"), ("auto", "auto"), ('"><script>', "light")):
        request.COOKIES["theme"] = cookie
        assert page.render({}, request) == theme


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "429", "500", "503"])
def test_an_error_page_needs_no_context_at_all(name: str) -> None:
    with translation.override("vi"):
        markup = engines["django"].get_template(f"{name}.html").render({"incident": "7K3M-2Q9X"})

    assert markup.count("<h1>") == 1
    assert "7K3M-2Q9X" in markup
    assert f">{name}<" not in markup
