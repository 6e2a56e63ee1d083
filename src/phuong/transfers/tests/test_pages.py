"""The pages of schools and families: what they show, what they refuse, and how little a list asks for."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.registry.testing import a_class, a_guardian, a_learner, a_school
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.files import content_of
from phuong.transfers.models import Package, Transfer
from phuong.transfers.rules.package import unpack
from phuong.transfers.testing import NUMBER, Cast, a_transfer, with_number

pytestmark = pytest.mark.django_db
LIST = "/chuyen-truong/"
FAMILY = "/chuyen-truong/con/"
KNOWN = {"number": "031 213 001234", "birth_date": "01/05/2013"}


def browser(username: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(Account.objects.get(username=username))
    return client


@pytest.fixture
def clients(cast: Cast) -> dict[str, Client]:
    return {
        "clerk": browser(f"clerk.{cast.old.code}"),
        "head": browser(f"principal.{cast.old.code}"),
        "new_clerk": browser(f"clerk.{cast.new.code}"),
        "new_head": browser(f"principal.{cast.new.code}"),
        "mother": browser("binh"),
    }


def text(answer: Any) -> str:
    return answer.content.decode()


def where(name: str, *arguments: Any) -> str:
    return reverse(f"transfers:{name}", args=arguments)


def act(client: Client, transfer: Transfer, doing: str, **facts: str) -> Any:
    return client.post(where("step", transfer.pk, doing), facts)


def test_a_whole_transfer_by_its_pages(cast: Cast, clients: dict[str, Client]) -> None:
    found = clients["mother"].get(where("ask", cast.an.pk), {"q": "ben song"})
    assert "THCS Bên Sông" in text(found)
    sent = clients["mother"].post(where("ask", cast.an.pk), {"q": "ben song", "school": cast.new.pk, "grade": "8"})
    assert sent["Location"] == FAMILY
    assert "THCS Bên Sông đang xem đơn. Con vẫn học ở THCS Lạch Tray." in text(clients["mother"].get(FAMILY))
    assert "Đỗ Khánh An" in text(clients["new_head"].get(LIST))
    transfer = Transfer.objects.get()

    assert act(clients["new_head"], transfer, "accept").status_code == 302
    assert "Đỗ Khánh An" in text(clients["head"].get(LIST, {"tab": "di"}))
    assert act(clients["head"], transfer, "release").status_code == 302
    page = text(clients["new_clerk"].get(where("transfer", transfer.pk)))
    assert "8B1, 0 học sinh" in page
    facts = {"class_group": cast.new_group.pk, "day": "26/11/2026"}
    done = clients["new_clerk"].post(where("arrive", transfer.pk), facts)
    assert done["Location"] == where("transfer", transfer.pk)

    assert "Con học ở THCS Bên Sông từ" in text(clients["mother"].get(FAMILY))
    assert "THCS Bên Sông" in text(clients["mother"].get("/"))
    assert text(clients["new_clerk"].get(where("transfer", transfer.pk))).count("Đã chuyển") >= 1


def test_the_familys_first_page_tells_of_a_transfer_under_way(cast: Cast, clients: dict[str, Client]) -> None:
    assert "Chuyển trường:" not in text(clients["mother"].get("/"))
    a_transfer(cast.an, cast.new, state="accepted", stepped_on=dt.date(2026, 11, 26))

    page = text(clients["mother"].get("/"))

    assert "Chuyển trường: Chờ trường đang học cho chuyển" in page
    assert "thứ Ba 1/12" in page
    assert f'href="{FAMILY}"' in page


def test_the_receiving_clerk_finds_by_exact_facts_and_learns_no_more(cast: Cast, clients: dict[str, Client]) -> None:
    cast.an.address, cast.an.phone = "Số 1 Phố Kín", "0999888777"
    cast.an.save()

    page = text(clients["new_clerk"].post(where("receive"), KNOWN))

    assert "Đỗ Khánh An" in page
    assert "8A3" in page
    assert "THCS Lạch Tray" in page
    for secret in ("Phố Kín", "0999888777", "Trần Thị Bình", str(cast.an.pk)):
        assert secret not in page
    asked = clients["new_clerk"].post(where("receive"), {**KNOWN, "grade": "8", "reason": ""})
    assert asked["Location"] == where("transfer", Transfer.objects.get().pk)
    page = text(clients["new_clerk"].get(asked["Location"]))
    for secret in ("Phố Kín", "0999888777", "Trần Thị Bình", NUMBER):
        assert secret not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "02/05/2013"},
        {"number": "031213009999"},
        {"number": "031213009999", "birth_date": "02/05/2013"},
    ],
)
def test_wrong_facts_and_unknown_ones_give_the_same_page(
    cast: Cast, clients: dict[str, Client], wrong: dict[str, str]
) -> None:
    answer = clients["new_clerk"].post(where("receive"), {**KNOWN, **wrong})

    assert answer.status_code == 422
    assert "Chưa tìm thấy em nào đang học trong tỉnh" in text(answer)
    assert "Đỗ Khánh An" not in text(answer)
    assert AuditEntry.objects.filter(did="transfers.not_found").count() == 1


def test_guessing_is_stopped_after_ten_tries(cast: Cast, clients: dict[str, Client]) -> None:
    for _try in range(10):
        clients["new_clerk"].post(where("receive"), {**KNOWN, "number": "031213009999"})

    answer = clients["new_clerk"].post(where("receive"), KNOWN)

    assert answer.status_code == 422
    assert "Chờ 15 phút" in text(answer)
    assert "Đỗ Khánh An" not in text(answer)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"number": "031", "birth_date": "01/05/2013"}, "đang có 3 kí tự"),
        ({"number": "", "birth_date": "hôm qua"}, "dd/mm/yyyy"),
        ({"number": "٠٣١٢١٣٠٠١٢٣٤", "birth_date": "01/05/2013"}, "12 chữ số"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(
    cast: Cast, clients: dict[str, Client], facts: dict[str, str], words: str
) -> None:
    answer = clients["new_clerk"].post(where("receive"), facts)

    assert answer.status_code == 422
    assert words in text(answer)
    assert AuditEntry.objects.filter(did="transfers.not_found").count() == 0


def test_a_family_reaches_no_other_child(cast: Cast, clients: dict[str, Client]) -> None:
    stranger = a_learner(cast.old, cast.group, name="Hoàng Văn Xa")
    transfer = a_transfer(stranger, cast.new)
    mother = clients["mother"]

    for name, key in (("ask", stranger.pk), ("ask_outside", stranger.pk), ("transfer", transfer.pk)):
        assert mother.get(where(name, key)).status_code == 404
    assert mother.post(where("ask", stranger.pk), {"school": cast.new.pk, "grade": "8"}).status_code == 404
    assert mother.post(where("withdraw", transfer.pk)).status_code == 404
    assert act(mother, transfer, "accept").status_code == 404
    assert "Hoàng Văn Xa" not in text(mother.get(FAMILY))

    assert Transfer.objects.get().state == "requested"


def test_a_mother_withdraws_and_a_father_without_custody_only_reads(cast: Cast, clients: dict[str, Client]) -> None:
    father = a_guardian(cast.an, name="Đỗ Văn Cha", custody="none_contact_allowed")
    an_account("guardian", cast.old, person=father, username="cha")
    reading = browser("cha")
    transfer = a_transfer(cast.an, cast.new, asked_by="family")

    assert "Rút đơn" not in text(reading.get(FAMILY))
    assert reading.post(where("withdraw", transfer.pk)).status_code == 404
    assert "Rút đơn" in text(clients["mother"].get(FAMILY))
    assert clients["mother"].post(where("withdraw", transfer.pk)).status_code == 302

    assert Transfer.objects.get().state == "withdrawn"
    assert "Xin chuyển trong tỉnh" in text(clients["mother"].get(FAMILY))
    assert "Xin chuyển trong tỉnh" not in text(reading.get(FAMILY))


def test_a_reason_is_asked_for_where_it_is_owed(cast: Cast, clients: dict[str, Client]) -> None:
    transfer = a_transfer(cast.an, cast.new)

    answer = act(clients["new_head"], transfer, "refuse", reason="")
    assert answer.status_code == 422
    assert "Ghi lí do" in text(answer)
    assert act(clients["new_head"], transfer, "refuse", reason="lớp 8 đã đủ").status_code == 302

    assert "lớp 8 đã đủ" in text(clients["mother"].get(FAMILY))
    assert Transfer.objects.get().state == "refused"


@pytest.mark.parametrize("doing", ["expire", "complete", "ask", "khong-co"])
def test_acts_that_nobody_has_are_refused(cast: Cast, clients: dict[str, Client], doing: str) -> None:
    transfer = a_transfer(cast.an, cast.new)

    assert act(clients["new_head"], transfer, doing).status_code in (404, 409)

    assert Transfer.objects.get().state == "requested"


def test_the_package_is_for_the_two_schools_and_leaves_a_trace(cast: Cast, clients: dict[str, Client]) -> None:
    transfer = a_transfer(cast.an, cast.new, state="accepted")
    assert clients["head"].get(where("package", transfer.pk)).status_code == 404  # nothing was handed over yet
    act(clients["head"], transfer, "release")
    third = a_school(cast.new.territory, name="THCS Thứ Ba")
    an_account("clerk", third)

    for name in ("clerk", "new_clerk"):
        answer = clients[name].get(where("package", transfer.pk))
        assert answer["Content-Type"] == "application/zip"
        assert unpack(answer.content).record.learner.full_name == "Đỗ Khánh An"
    assert browser(f"clerk.{third.code}").get(where("package", transfer.pk)).status_code == 404
    assert clients["mother"].get(where("package", transfer.pk)).status_code == 404

    assert AuditEntry.objects.filter(did="transfers.package_taken").count() == 2


def test_days_and_classes_that_do_not_fit_are_told_at_their_fields(cast: Cast, clients: dict[str, Client]) -> None:
    transfer = a_transfer(cast.an, cast.new, state="released", stepped_on=dt.date(2026, 11, 26))
    other = a_class(cast.old, name="8A9")

    for facts, words in (
        ({"class_group": cast.new_group.pk, "day": "27/11/2026"}, "không được sau hôm nay"),
        ({"class_group": other.pk, "day": "26/11/2026"}, "id_class_group-error"),
        ({"class_group": "nonsense", "day": ""}, "id_class_group-error"),
    ):
        answer = clients["new_clerk"].post(where("arrive", transfer.pk), facts)
        assert answer.status_code == 422
        assert words in text(answer)

    assert Transfer.objects.get().state == "released"


def test_a_learner_leaves_for_another_province_by_the_pages(cast: Cast, clients: dict[str, Client]) -> None:
    found = clients["clerk"].get(where("leave"), {"q": "khanh an"})
    assert "Đỗ Khánh An" in text(found)
    facts = {"q": "khanh an", "learner": cast.an.pk, "school": "THCS Hạ Long", "province": "Quảng Ninh"}
    asked = clients["clerk"].post(where("leave"), facts)
    transfer = Transfer.objects.get()
    assert asked["Location"] == where("transfer", transfer.pk)
    act(clients["head"], transfer, "release")
    assert "Chờ giấy tiếp nhận của trường mới" in text(clients["clerk"].get(where("transfer", transfer.pk)))
    missing = clients["clerk"].post(where("depart", transfer.pk), {"paper_number": "", "paper_on": "", "day": ""})
    assert missing.status_code == 422

    paper = {"paper_number": "12/GTN", "paper_on": "26/11/2026", "day": "26/11/2026"}
    clients["clerk"].post(where("depart", transfer.pk), paper)

    assert Transfer.objects.get().state == "completed"
    assert "Con đã chuyển sang THCS Hạ Long, Quảng Ninh" in text(clients["mother"].get(FAMILY))


STRANGER = {
    "full_name": "Lê Thị Minh",
    "birth_date": "01/05/2013",
    "sex": "female",
    "number": "022313000777",
    "from_school": "THCS Hạ Long",
    "province": "Quảng Ninh",
    "from_class": "8C",
    "grade": "8",
    "guardian": "Lê Văn Cha",
    "relation": "father",
    "phone": "0912 345 678",
    "reason": "",
}


def test_a_learner_of_another_province_is_typed_in(cast: Cast, clients: dict[str, Client]) -> None:
    for wrong, words in (
        ({"full_name": "Minh"}, "Ghi đủ họ và tên."),
        ({"number": "1"}, "12 chữ số"),
        ({"relation": ""}, "Chọn quan hệ"),
        ({"number": NUMBER}, "đang học trong tỉnh"),
        ({"birth_date": "01/05/2030"}, "Năm sinh"),
    ):
        answer = clients["new_clerk"].post(where("come_in"), {**STRANGER, **wrong})
        assert answer.status_code == 422
        assert words in text(answer)

    asked = clients["new_clerk"].post(where("come_in"), STRANGER)

    page = text(clients["new_clerk"].get(asked["Location"]))
    assert "022 ••• ••• 777" in page
    assert "Lê Văn Cha" in page


def test_a_package_is_read_by_its_page(cast: Cast, clients: dict[str, Client]) -> None:
    minh = with_number(a_learner(cast.old, cast.group, name="Lê Thị Minh"), "031213005555")
    transfer = a_transfer(minh, cast.new, state="accepted")
    take_step(transfer.pk, act="release", by=cast.head)
    content = content_of(Package.objects.get())
    take_step(transfer.pk, act="withdraw", by=cast.new_clerk)

    def upload(content: bytes, name: str = "goi.zip") -> Any:
        file = SimpleUploadedFile(name, io.BytesIO(content).read())
        return clients["new_clerk"].post(where("by_package"), {"file": file, "grade": "8"})

    known = upload(content)
    assert known.status_code == 422
    assert "đang học trong tỉnh" in text(known)
    broken = upload(content[:-40])
    assert broken.status_code == 422
    assert "không phải gói ZIP" in text(broken)
    empty = clients["new_clerk"].post(where("by_package"), {"grade": "8"})
    assert "Chọn tệp gói hồ sơ." in text(empty)
    with_number(minh, "031213006666")

    taken = upload(content)

    assert taken.status_code == 302
    page = text(clients["new_clerk"].get(taken["Location"]))
    assert "8A3, THCS Lạch Tray" in page


def statements(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    own = [query["sql"] for query in queries.captured_queries]
    return len([sql for sql in own if not sql.startswith(("SAVEPOINT", "RELEASE")) and "set_config" not in sql])


@pytest.mark.parametrize("tab", ["", "&tab=di"])
def test_the_list_asks_as_little_of_two_hundred_rows_as_of_two(cast: Cast, tab: str) -> None:
    def more(count: int) -> None:
        for place in range(count):
            a_transfer(a_learner(cast.old, cast.group, name=f"Lê Văn {place}"), cast.new)

    client = browser(f"clerk.{cast.old.code if tab else cast.new.code}")
    more(2)
    with_two = statements(client, f"{LIST}?size=100{tab}")
    more(198)
    with_two_hundred = statements(client, f"{LIST}?size=100{tab}")

    assert with_two_hundred == with_two
    assert with_two <= 12


def test_the_list_shows_what_is_late_first_pages_through_and_finds_without_marks(cast: Cast) -> None:
    for place in range(60):
        day = dt.date(2026, 11, 24) - dt.timedelta(days=place)
        a_transfer(a_learner(cast.old, cast.group, name=f"Lê Văn Ánh {place}"), cast.new, stepped_on=day)
    client = browser(f"clerk.{cast.new.code}")

    first = client.get(LIST)
    rows = list(first.context["rows"])
    second = client.get(LIST + first.context["table"].pager.next_url)
    found = client.get(LIST, {"q": "van anh 59"})
    late = client.get(LIST, {"state": "late"})

    assert rows[0].due_on == min(row.due_on for row in Transfer.objects.all())
    assert [row.due_on for row in rows] == sorted(row.due_on for row in rows)
    assert not {row.pk for row in rows} & {row.pk for row in second.context["rows"]}
    assert [row.full_name for row in found.context["rows"]] == ["Lê Văn Ánh 59"]
    assert {row.due_on < dt.date(2026, 11, 26) for row in late.context["rows"]} == {True}


@pytest.mark.parametrize(
    "query", ["after=x", "before=%00", "state=nonsense", "tab=nonsense", "q=%00", "q=" + "a" * 3000, "size=-1", "a=1"]
)
def test_nonsense_in_the_address_is_no_error(cast: Cast, clients: dict[str, Client], query: str) -> None:
    a_transfer(cast.an, cast.new)

    assert clients["new_clerk"].get(f"{LIST}?{query}").status_code == 200
    assert clients["mother"].get(f"{where('ask', cast.an.pk)}?{query}").status_code == 200
    assert clients["clerk"].get(f"{where('leave')}?{query}").status_code == 200
