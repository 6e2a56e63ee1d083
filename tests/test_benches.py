"""Benchmarks: every one can be run by name; they tell what went wrong, and leave nothing behind."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tools.bench import STEPS

from phuong.config.benches import province, results, reviews
from phuong.config.benches.accounts import accounts
from phuong.config.benches.provincemarks import fill_province
from phuong.config.benches.serving import CLIENTS, Unexpected, asked, under_load
from phuong.identity.api import Account
from phuong.kernel.contributions import Bench, codes
from phuong.notices.api import Notice
from phuong.plans.api import Reported
from tests.world import World, a_world

FIGURE = {"what", "value", "unit", "floor", "ratio"}


def test_the_tool_runs_every_benchmark() -> None:
    assert set(STEPS) == set(codes(Bench))


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def test_reviews_leave_no_value_account_or_notice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "VALUES", 6)
    people = Account.objects.count()

    figures = list(reviews.reviews())

    assert [set(each) for each in figures] == [FIGURE, FIGURE]
    assert (Reported.objects.count(), Notice.objects.count(), Account.objects.count()) == (0, 0, people)


def test_results_leave_no_school_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PUPILS", 50)
    monkeypatch.setattr(results, "PRINTED", 1)
    with transaction.atomic():
        figures = list(results.results())
        transaction.set_rollback(True)

    assert [set(each) for each in figures] == [FIGURE] * 9


def test_the_province_is_filled_once_and_every_result_proved(world: World) -> None:
    told = [(each["what"], each["value"]) for each in province.province_results()]

    assert "0 written" in told[1][0]
    assert told[2][0].endswith("results proved")
    assert fill_province() == 0


def test_accounts_are_closed_again(world: World) -> None:
    people = set(Account.objects.values_list("username", flat=True))

    (figure,) = accounts()

    assert figure["unit"] == "/s"
    assert set(Account.objects.values_list("username", flat=True)) == people


class _Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 500)
        self.send_header("Content-Length", "3")
        self.send_header("Set-Cookie", "a=b; Path=/")
        self.end_headers()
        self.wfile.write("đ".encode() + b"!")

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_eight_clients_do_the_work_and_keep_what_came_of_it(port: int) -> None:
    load = under_load(port, lambda client, place: (place, client.ask("/well")), range(CLIENTS * 4))

    assert len(load.seconds) == CLIENTS * 2  # the first two of each warm up
    assert {place for place, _answer in load.results} == set(range(CLIENTS * 2, CLIENTS * 4))
    assert {(answer.body, answer.cookies["a"]) for _place, answer in load.results} == {("đ!", "b")}
    assert load.per_second > 0


def test_an_answer_that_is_not_counted_on_ends_the_benchmark(port: int) -> None:
    with pytest.raises(Unexpected, match="/ill: 500"):
        asked(port, "/ill", each=1)
