"""The journal chained and signed: each way of tampering is found, and nobody of the web can tamper at all."""

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from phuong.kernel import chain as chaining
from phuong.kernel.audit import SEEN, record, seen
from phuong.kernel.chain import chain
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import first_key_at, uuid7
from phuong.kernel.models import AuditEntry, AuditHead, AuditLink
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.verifying import verify

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ANYBODY = UUID(int=7)
AT = "(select entry_id from kernel_auditlink where place = %s)"


@pytest.fixture
def as_owner() -> Iterator[None]:
    """Do everything as the owner of the tables, who may do anything; undone afterwards."""
    kept, owner = connections["default"], connections["owner"]
    connections["default"] = owner
    try:
        with acting(SYSTEM):
            yield
            transaction.set_rollback(True)
    finally:
        connections["default"] = kept


def written(count: int) -> None:
    for number in range(count):
        record("test.done", on_kind="thing", on_id=str(number), note="Việc số " + str(number))


def chained(count: int) -> None:
    """Write entries and chain them in two goes."""
    written(count // 2)
    chain(Progress())
    written(count - count // 2)
    chain(Progress())


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_journal_nobody_touched_is_valid() -> None:
    assert verify() == {"entries": 0, "chained": 0, "heads": 0, "valid": True, "first_bad": None, "because": []}

    chained(6)
    written(1)

    assert verify() == {"entries": 7, "chained": 6, "heads": 2, "valid": True, "first_bad": None, "because": []}


def test_chaining_twice_links_nothing_twice() -> None:
    written(3)

    assert chain(Progress()) == {"linked": 3}
    assert chain(Progress()) == {"linked": 0}
    assert AuditHead.objects.count() == 1


def test_a_long_journal_is_linked_in_batches_and_an_interrupted_go_leaves_nothing_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chaining, "BATCH", 4)
    monkeypatch.setattr(chaining, "_UNLINKED", chaining._UNLINKED.replace("20000", "4"))
    long_ago = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    for day in range(10):
        AuditEntry.objects.create(id=first_key_at(long_ago + dt.timedelta(days=day)), path="vn", did="test.done")

    with acting(SYSTEM):
        assert chaining._chain_batch() == 4  # and then the worker was killed

    assert chain(Progress()) == {"linked": 6}
    assert verify()["valid"]


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("change", ["note = 'khác'", "at = at - interval '1 day'", "refused = true", "path = 'vn.p1'"])
def test_a_changed_entry_is_found(change: str) -> None:
    chained(6)
    sql(f"update kernel_auditentry set {change} where id = {AT}", 5)

    found = verify()

    assert (found["valid"], found["first_bad"], found["because"]) == (False, 5, ["Mục 5 đã bị sửa."])


@pytest.mark.usefixtures("as_owner")
def test_a_deleted_entry_is_found() -> None:
    chained(6)
    sql(f"delete from kernel_auditentry where id = {AT}", 2)

    found = verify()

    assert (found["valid"], found["first_bad"]) == (False, 2)
    assert found["because"] == ["Mục 2 đã bị xóa khỏi nhật ký."]


@pytest.mark.usefixtures("as_owner")
def test_an_entry_deleted_with_its_link_is_found() -> None:
    chained(6)
    sql(f"delete from kernel_auditentry where id = {AT}", 2)
    sql("delete from kernel_auditlink where place = 2")

    found = verify()

    assert (found["valid"], found["first_bad"], found["chained"]) == (False, 2, 5)


@pytest.mark.usefixtures("as_owner")
def test_an_entry_pushed_in_afterwards_with_an_old_date_is_found() -> None:
    chained(6)
    AuditEntry.objects.create(id=first_key_at(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), path="vn", did="test.done")
    chain(Progress())

    found = verify()

    assert (found["valid"], found["chained"]) == (False, 6)
    assert "được chen vào" in found["because"][0]


@pytest.mark.usefixtures("as_owner")
def test_an_entry_pushed_in_with_a_link_of_its_own_is_found() -> None:
    chained(6)
    pushed = uuid7()
    AuditEntry.objects.create(id=pushed, path="vn", did="test.done")
    sql("update kernel_auditlink set place = -place where place > 3")
    sql("update kernel_auditlink set place = 1 - place where place < 0")
    sql("insert into kernel_auditlink (place, entry_id, hash) values (4, %s, %s)", pushed, bytes(32))

    found = verify()

    assert (found["valid"], found["first_bad"]) == (False, 4)


@pytest.mark.usefixtures("as_owner")
def test_a_cut_tail_is_found() -> None:
    chained(6)
    sql(f"delete from kernel_auditentry where id in ({AT}, {AT})", 5, 6)
    sql("delete from kernel_auditlink where place > 4")

    found = verify()

    assert (found["valid"], found["first_bad"], found["chained"]) == (False, 5, 4)
    assert "bị cắt đuôi" in found["because"][0]


@pytest.mark.usefixtures("as_owner")
def test_a_tail_cut_together_with_its_heads_is_found_by_a_head_kept_elsewhere() -> None:
    chained(6)
    kept = AuditHead.objects.get(place=6)
    sql(f"delete from kernel_auditentry where id in ({AT}, {AT}, {AT})", 4, 5, 6)
    sql("delete from kernel_auditlink where place > 3")
    sql("delete from kernel_audithead where place > 3")

    assert verify()["valid"]
    assert verify(witness=(6, bytes(kept.hash)))["first_bad"] == 6


@pytest.mark.usefixtures("as_owner")
def test_a_chain_hashed_anew_does_not_fit_its_signed_heads() -> None:
    chained(4)
    sql("update kernel_auditentry set note = 'khác' where id = " + AT, 1)
    before = bytes(32)
    for link in AuditLink.objects.order_by("place"):
        with connection.cursor() as cursor:
            cursor.execute(f"select {chaining.COLUMNS} from kernel_auditentry e where id = %s", [link.entry_id])
            before = chaining.link_hash(before, cursor.fetchone())
        AuditLink.objects.filter(pk=link.pk).update(hash=before)

    found = verify()

    assert (found["valid"], found["first_bad"]) == (False, 2)
    assert found["because"] == ["Mắt xích 2 khác đầu chuỗi đã ký.", "Mắt xích 4 khác đầu chuỗi đã ký."]


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize(
    "change", ["signature = decode(repeat('00', 64), 'hex')", "covers = covers - interval '1 year'", "hash = ''"]
)
def test_a_forged_head_is_found(change: str) -> None:
    chained(6)
    sql(f"update kernel_audithead set {change} where place = 6")

    found = verify()

    assert (found["valid"], found["first_bad"]) == (False, 6)
    assert "Chữ ký" in found["because"][0]


def test_a_head_signed_by_another_key_is_found(settings: Any) -> None:
    chained(2)
    settings.PHUONG_AUDIT_KEY = "của máy khác"

    found = verify()

    assert (found["valid"], found["first_bad"]) == (False, 1)


@pytest.mark.usefixtures("as_owner")
def test_a_walk_from_the_middle_trusts_what_is_before() -> None:
    chained(6)
    sql("update kernel_auditentry set note = 'khác' where id = " + AT, 1)

    assert verify(4)["valid"]
    assert verify(4)["chained"] == 3
    assert verify(1)["first_bad"] == 1


@pytest.mark.parametrize("table", ["kernel_auditentry", "kernel_auditlink", "kernel_audithead"])
@pytest.mark.parametrize("act", ["delete from {}", "truncate {}", "update {} set {}"])
def test_the_web_may_only_add_to_the_journal(table: str, act: str) -> None:
    chained(2)
    column = "note = ''" if table == "kernel_auditentry" else "hash = ''"

    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        sql(act.format(table, column))

    assert verify()["valid"]


def asked(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("audit", *arguments, "--json", stdout=out)
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue() or "null")
    return 0, json.loads(out.getvalue())


def test_the_command_says_valid_with_nought_and_publishes_key_and_head() -> None:
    chained(2)
    key, head = asked("key")[1], asked("head")[1]

    code, answer = asked("verify", "--head", head["head"], "--key", key["key"])

    assert (code, answer["valid"], answer["chained"]) == (0, True, 2)
    assert list(answer) == ["entries", "chained", "heads", "valid", "first_bad", "because"]


@pytest.mark.usefixtures("as_owner")
def test_the_command_leaves_with_one_when_the_journal_was_touched() -> None:
    chained(2)
    sql("update kernel_auditentry set note = 'khác'")

    code, answer = asked("verify")

    assert (code, answer["valid"], answer["first_bad"]) == (1, False, 1)


@pytest.mark.parametrize("wrong", [["--from", "0"], ["--head", "x"], ["--head", "1:00"], ["--key", "AAAA"]])
def test_the_command_leaves_with_two_when_it_cannot_read(wrong: list[str]) -> None:
    chained(2)

    with pytest.raises(SystemExit) as left:
        call_command("audit", "verify", *wrong)

    assert left.value.code == 2


@pytest.mark.usefixtures("as_owner")
def test_the_command_leaves_with_two_where_there_is_no_chain() -> None:
    sql("drop table kernel_auditlink")

    with pytest.raises(SystemExit) as left:
        call_command("audit", "verify")

    assert left.value.code == 2


def test_opening_again_within_ten_minutes_is_kept_once() -> None:
    lan, minh = (Actor(scope="vn.p31", account_id=uuid7(), name=name, role="teacher") for name in ("Lan", "Minh"))
    for actor, times in ((lan, 3), (minh, 1)):
        for _time in range(times):
            with acting(actor):
                seen(SEEN, on_kind="person", on_id=ANYBODY, about=ANYBODY, path="vn.p31.c1")

    rows = AuditEntry.objects.order_by("id").values_list("actor_name", "did", "about", "path")

    assert list(rows) == [(name, "person.seen", ANYBODY, "vn.p31.c1") for name in ("Lan", "Minh")]


def test_opening_again_after_ten_minutes_is_kept_again() -> None:
    lan = Actor(scope="vn.p31", account_id=uuid7(), name="Lan", role="teacher")
    early = first_key_at(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=11))
    AuditEntry.objects.create(id=early, path="vn.p31", account_id=lan.account_id, did=SEEN, on_id=str(ANYBODY))

    with acting(lan):
        seen(SEEN, on_kind="person", on_id=ANYBODY, about=ANYBODY)

    assert AuditEntry.objects.filter(on_id=str(ANYBODY)).count() == 2


def test_a_family_reads_the_lines_about_its_own_and_no_other() -> None:
    record("test.done", on_id=ANYBODY, about=ANYBODY, path="vn.p31")
    record("test.done", on_id="other", about=UUID(int=8), path="vn.p31")
    record("test.done", on_id="none", path="vn.p31")

    with acting(Actor(persons=(ANYBODY,))):
        assert [row.about for row in AuditEntry.objects.all()] == [ANYBODY]
        seen(SEEN, on_kind="person", on_id=ANYBODY, about=ANYBODY, path="vn.p31.c1")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            AuditEntry.objects.create(path="vn.p31", did="test.done", about=ANYBODY)

    assert AuditEntry.objects.filter(did=SEEN, about=ANYBODY).count() == 1
