"""A mother, a teacher and a clerk with personal numbers, and the played VNeID they sign in by."""

import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.test import Client
from tests.outside import Outside

from phuong.identity.backend.upstream import forget_upstream
from phuong.identity.models import Account
from phuong.identity.testing import PASSWORD, an_account
from phuong.kernel.vault import fingerprint, seal
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_commune, a_guardian, a_learner, a_province, a_school, a_teacher

NUMBER, OTHER = "031185000001", "031188000002"
LAN = {"number": NUMBER, "name": "NGUYỄN THỊ LAN", "birthdate": "1985-03-02", "level": "2"}
BINH = {"number": OTHER, "name": "Trần Thị Bình", "birthdate": "1988-01-01", "level": "1"}
START, BACK, OWN = "/dang-nhap/vneid/", "/dang-nhap/vneid/ve/", "/tai-khoan/"


def give_number(person: Person, number: str) -> None:
    person.number_hash, person.number_cipher = fingerprint(number), seal(number)
    person.number_check = "agrees"
    person.save(update_fields=["number_hash", "number_cipher", "number_check"])


@dataclass
class Scene:
    """A teacher and a mother with numbers, and the provider."""

    school: Organisation
    lan: Account
    binh: Account
    outside: Outside

    def browser(self, name: str = "") -> Client:
        """Open a browser, signed in by password when a name is given."""
        client = Client(headers={"host": "127.0.0.1:8000"})
        if name:
            client.post("/dang-nhap/", {"username": name, "password": PASSWORD})
        return client

    def agree(self, ask: str, facts: dict[str, str], answer: str = "agree") -> str:
        """Answer on the provider's page as a citizen; gives where the browser is sent back to, without the host."""
        given = httpx.post(ask, data={**facts, "answer": answer}, timeout=20)
        assert given.status_code == 302, given.text
        back = urllib.parse.urlsplit(given.headers["location"])
        assert (back.netloc, back.path) == ("127.0.0.1:8000", BACK)
        return f"{back.path}?{back.query}"

    def ask(self, browser: Client, start: str = START, **facts: str) -> str:
        """Press the button; gives the provider's address with the question."""
        answer = browser.post(start, facts)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def enter(self, browser: Client, facts: dict[str, str], answer: str = "agree", **more: str) -> Any:
        """Sign in by VNeID as far as it goes."""
        return browser.get(self.agree(self.ask(browser, **more), facts, answer))

    def link(self, facts: dict[str, str], name: str = "lan") -> tuple[Client, Any]:
        """Link from inside, signed in by password."""
        browser = self.browser(name)
        return browser, browser.get(self.agree(self.ask(browser, "/tai-khoan/vneid/"), facts))


@pytest.fixture
def scene(db: None, outside: Outside, settings: Any) -> Iterator[Scene]:
    settings.PHUONG_VNEID = {
        "issuer": f"{outside.page}vneid",
        "client_id": "phuong",
        "secret": "phuong-sandbox",
        "profile": "",
        "pages": "",
    }
    forget_upstream()
    a_province()
    school = a_school(a_commune("11311"))
    lan, binh = a_teacher(school), a_guardian(a_learner(school))
    give_number(lan, NUMBER)
    give_number(binh, OTHER)
    yield Scene(
        school,
        an_account("teacher", school, person=lan, username="lan"),
        an_account("guardian", school, person=binh, username="binh"),
        outside,
    )
    forget_upstream()
