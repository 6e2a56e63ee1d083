"""Lists: the same work for two rows as for two hundred, every row once, nothing dangerous in a file."""

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.kernel.text import name_sort_key
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_learner, a_province, a_school, a_teacher
from tests.world import ROLES, World, a_world

pytestmark = pytest.mark.django_db
LISTS = ("learners", "staff", "schools")
MOST_QUERIES = {"learners": 15, "staff": 15, "schools": 15}
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")')
NAMES = ("Đỗ Khánh An", "Nguyễn Thị Ánh", "Lê Ân", "Vũ Đức", "Trần Bình", "Đỗ Khánh An")


def more(name: str, count: int) -> None:
    """Add ``count`` rows to a list; every sixth name is the same."""
    school = Organisation.objects.filter(kind="school").first() or a_school(a_commune())
    group = school.classes.first() or a_class(school)
    for place in range(count):
        if name == "learners":
            a_learner(school, group, name=NAMES[place % len(NAMES)])
        elif name == "staff":
            a_teacher(school, name=NAMES[place % len(NAMES)])
        else:
            a_school(school.territory, name=f"Trường {NAMES[place % len(NAMES)]}")


def signed_in(role: str = "department_leader", place: Organisation | None = None) -> Client:
    province = a_province()
    department = Organisation.objects.get(path="vn.p31.sgd")
    client = Client()
    account = an_account(role, place or department, path=place.path if place else province.path)
    client.force_login(account)
    return client


def statements(client: Client, where: str) -> list[str]:
    """Give the statements of a page, without those that only the test's own transaction and scope cause."""
    assert client.get(where).status_code == 200  # code lists are read once and kept
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    asked = [query["sql"] for query in queries.captured_queries]
    own = [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO"))]
    counted = [sql for sql in own if "set_config" not in sql]
    print(f"{where}: {len(counted)} statements, {len(own) - len(counted)} settings, {len(asked) - len(own)} savepoints")
    return counted


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_little_of_two_hundred_rows_as_of_two(name: str) -> None:
    client = signed_in()
    more(name, 2)
    with_two = statements(client, reverse(f"registry:{name}") + "?size=100")

    more(name, 198)
    with_two_hundred = statements(client, reverse(f"registry:{name}") + "?size=100")

    assert len(with_two_hundred) == len(with_two)
    assert len(with_two_hundred) <= MOST_QUERIES[name]


@pytest.mark.parametrize("role", ROLES)
def test_a_first_page_takes_few_statements(role: str) -> None:
    client = a_world().client(role)

    assert len(statements(client, reverse("ui:home"))) <= 15


def pages(client: Client, where: str, step: Callable[[object], str]) -> tuple[list[object], str]:
    """Walk a list page by page; gives the keys of its rows and the address of the last page."""
    keys: list[object] = []
    here = where
    for _ in range(50):
        pager = client.get(here).context["table"].pager
        keys.append([row.pk for row in pager.rows])
        following = step(pager)
        if not following:
            return keys, here
        here = where.split("?")[0] + following
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("query", ["", "?size=50"])
@pytest.mark.parametrize("name", LISTS)
def test_paging_visits_every_row_once_forwards_and_backwards(name: str, query: str) -> None:
    client = signed_in()
    more(name, 120)
    where = reverse(f"registry:{name}")

    forwards, last = pages(client, where + query, lambda pager: pager.next_url)
    backwards, first = pages(client, last, lambda pager: pager.previous_url)

    rows = [key for page in forwards for key in page]
    total = {"learners": 120, "staff": 120, "schools": 121}[name]
    assert len(rows) == len(set(rows)) == total
    assert backwards[::-1] == forwards
    assert len(forwards) == -(-total // (50 if query else 25))
    assert client.get(first).context["table"].pager.previous_url == ""


def test_learners_come_in_class_list_order() -> None:
    more("learners", 30)

    rows = signed_in().get(reverse("registry:learners") + "?size=50").context["table"].pager.rows

    names = [row.full_name for row in rows]
    assert names == sorted(names, key=name_sort_key)
    assert names[0] == "Đỗ Khánh An"
    assert names[-1] == "Vũ Đức"


def key(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


NONSENSE = [
    "after=x",
    "before=%00",
    "after=%F0%9F%A6%84",
    "after=" + key("only one"),
    "after=" + key(1, 2),
    "after=" + key("a", "not-a-key"),
    "before=" + key("a", "' or 1=1 --"),
    "after=" + key("\u0000", "01900000-0000-7000-8000-000000000000"),
    "before=" + key("\ud800", "01900000-0000-7000-8000-000000000000"),
    "size=-1",
    "size=1e9",
    "size=%C2%B2",  # ², a digit that is no number
    "size=100000",
    "q=%00",
    "q=" + "a" * 5000,
    "q=%25_%5C",
    "number=nonsense&group=nonsense&level=nonsense&ownership=nonsense",
    "school=nonsense&commune=nonsense",
    "as=exe",
    "unknown=1",
    "size=25&size=50",
]


@pytest.mark.parametrize("query", NONSENSE, ids=lambda query: query[:40])
@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_the_address_is_no_error(name: str, query: str) -> None:
    more(name, 1)

    answer = signed_in().get(reverse(f"registry:{name}") + "?" + query)

    assert answer.status_code == 200


def exported(answer: object) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_in_a_name_is_text_in_a_csv_file(typed: str) -> None:
    school = a_school(a_commune())
    a_learner(school, a_class(school), name=typed)

    rows = exported(signed_in().get(reverse("registry:learners") + "?as=csv"))

    assert [row[0] for row in rows[1:]] == ["'" + typed]


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_in_a_name_is_text_in_an_xlsx_file(typed: str) -> None:
    school = a_school(a_commune())
    a_learner(school, a_class(school), name=typed)

    answer = signed_in().get(reverse("registry:learners") + "?as=xlsx")

    book = zipfile.ZipFile(io.BytesIO(answer.content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    shared = book.read("xl/sharedStrings.xml").decode()
    strings = [unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", shared)]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "'" + typed in strings


def test_every_column_of_every_list_is_neutralised() -> None:
    school = a_school(a_commune(), name="=trường")
    teacher = a_teacher(school, name="+cô")
    Person.objects.filter(pk=teacher.pk).update(work_email="@thư")
    client = signed_in()

    cells = [
        cell for name in LISTS for row in exported(client.get(reverse(f"registry:{name}") + "?as=csv")) for cell in row
    ]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {"'=trường", "'+cô", "'@thư"} <= set(cells)


@pytest.mark.parametrize("name", LISTS)
def test_a_file_holds_every_row_and_is_kept_in_the_journal(name: str) -> None:
    more(name, 60)

    rows = exported(signed_in().get(reverse(f"registry:{name}") + "?as=csv"))

    assert len(rows) - 1 == {"learners": 60, "staff": 60, "schools": 61}[name]
    assert AuditEntry.objects.filter(did="registry.exported").count() == 1


def found(client: Client, words: str) -> str:
    return re.sub("</?mark>", "", client.get(reverse("ui:search"), {"q": words}).content.decode())


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.mark.parametrize("words", ["Đỗ Khánh An", "do khanh an", "ĐỖ KHÁNH", "đỗ khánh an", "do  khanh "])
@pytest.mark.parametrize("role", ["department_leader", "commune_officer", "principal", "teacher"])
def test_search_finds_with_and_without_marks(world: World, role: str, words: str) -> None:
    assert "Đỗ Khánh An" in found(world.client(role), words)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("department_leader", True),
        ("commune_officer", False),
        ("principal", False),
        ("teacher", False),
        ("accountant", False),
        ("auditor", False),
        ("guardian", False),
        ("learner", False),
        ("system_operator", False),
    ],
)
def test_search_keeps_to_the_scope(world: World, role: str, *, sees: bool) -> None:
    text = found(world.client(role), "hoang van")

    assert ("Hoàng Văn Xa" in text) is sees


def test_the_list_is_searched_with_and_without_marks(world: World) -> None:
    client = world.client("principal")

    answers = [client.get(reverse("registry:learners"), {"q": words}) for words in ("Đỗ Kh", "do kh", "hoang")]

    names = [[row.full_name for row in answer.context["table"].pager.rows] for answer in answers]
    assert names == [["Đỗ Khánh An"], ["Đỗ Khánh An"], []]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "\x00", "a" * 3000, "🦄", "(", "*"])
def test_odd_words_in_a_search_are_no_error(world: World, words: str) -> None:
    client = world.client("department_leader")

    assert client.get(reverse("ui:search"), {"q": words}).status_code == 200
    assert client.get(reverse("registry:learners"), {"q": words}).status_code == 200


def test_a_wildcard_finds_nobody(world: World) -> None:
    text = found(world.client("principal"), "%")

    assert "Đỗ Khánh An" not in text
