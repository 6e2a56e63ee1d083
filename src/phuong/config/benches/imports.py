"""How quick a file of learners is read, checked, applied and undone, beside a bare COPY of its rows."""

import datetime as dt
import io
import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import xlsxwriter
from django.db import connection

from phuong.config.benches.figures import figure
from phuong.config.benches.measures import memory
from phuong.intake.actions.applying import apply_all, undo_all
from phuong.intake.actions.checking import check
from phuong.intake.actions.receiving import Wish, receive
from phuong.intake.declarations import sheet_named
from phuong.intake.models import Batch
from phuong.intake.queries import table_of
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting

_HEADINGS = (
    ("Mã trường", "Mã học sinh", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Lớp")
    + ("Dân tộc", "Quốc tịch", "Nơi sinh", "Địa chỉ", "Điện thoại")
)  # fmt: skip
_WORDS = ("Nguyễn", "Trần", "Lê", "Phạm", "Văn", "Thị", "Minh", "Khánh", "Ngọc", "An", "Bình", "Chi", "Dũng", "Hà")
_CLASSES = """
select o.code, g.name from registry_classgroup g join registry_organisation o on o.id = g.organisation_id
where g.school_year = %s and g.grade between 6 and 12 and o.closed_on is null order by o.path, g.name limit 1500
"""
DAY = dt.date(2026, 11, 2)


def rows_wanted() -> int:
    """Give the size of the file; 50,000 rows unless ``PHUONG_BENCH_ROWS`` says less."""
    return int(os.environ.get("PHUONG_BENCH_ROWS", "50000"))


def sizes() -> dict[str, Any]:
    """Say how large the file is, and what it meets."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_person")
        return {
            "rows": rows_wanted(),
            "columns": len(_HEADINGS),
            "people": cursor.fetchone()[0],
            "cores": os.cpu_count(),
        }


def a_file(size: int) -> bytes:
    """Write a file of new learners for the classes there are; the same for the same province."""
    chance = random.Random(5)  # noqa: S311 - made-up pupils
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, [2026])
        classes = cursor.fetchall()
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Học sinh")
    sheet.write_row(0, 0, _HEADINGS)
    for place in range(size):
        school, group = classes[place * len(classes) // size]
        year = 2009 + place % 7
        name = " ".join(chance.choice(_WORDS) for _each in range(4))
        number = f"031{2 + place % 2}{year % 100:02d}{900000 + place % 100000:06d}"
        born = f"{1 + place % 28:02d}/{1 + place % 12:02d}/{year}"
        sheet.write_row(
            place + 1,
            0,
            (school, f"B{place:08d}", name, born, "Nữ" if place % 2 else "Nam", number, group)
            + ("Kinh", "Việt Nam", "Hải Phòng", f"Số {place % 300} Lạch Tray", f"09{place:08d}"),
        )
    book.close()
    return kept.getvalue()


def imports() -> Iterator[dict[str, Any]]:
    """Bring one file in, stage by stage, and undo it: the province is as before."""
    with acting(SYSTEM):
        content = a_file(rows_wanted())
        batch = receive("bench.xlsx", content, Wish("learners", DAY, reason="đo tốc độ"), by=SYSTEM)
        reading, _table = _timed(lambda: table_of(batch, sheet_named("learners")))
        checking, draft = _timed(lambda: check(Progress(), batch, SYSTEM))
        rows = (
            draft.frame.select([*(name for name in draft.mapped if name in draft.frame.columns), "target"])
            if draft
            else None
        )
        floor, _copied = _timed(lambda: _copy(rows))
        batch.state = Batch.State.APPLYING
        batch.save(update_fields=["state"])
    applying, _done = _timed(lambda: apply_all(Progress(), batch, SYSTEM))
    most = memory()
    undoing, _undone = _timed(lambda: undo_all(Progress(), batch, SYSTEM))
    wanted = batch.read
    yield figure("read", reading, "s", floor)
    yield figure("read and check", checking, "s", floor)
    yield figure("apply with history", applying, "s", floor)
    yield figure("undo", undoing, "s", floor)
    yield {"what": "rows brought in", "value": wanted, "unit": "rows", "floor": None, "ratio": None}
    yield {"what": "to create", "value": batch.to_create, "unit": "rows", "floor": None, "ratio": None}
    speed = figure("rows a second, all stages", wanted / (checking + applying), "/s", wanted / floor)
    yield {**speed, "ratio": round((checking + applying) / floor, 2)}  # how many times as long as the COPY
    yield {"what": "memory", "value": round(most), "unit": "MB", "floor": None, "ratio": None}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def _copy(rows: Any) -> None:
    with connection.cursor() as cursor:
        columns = ", ".join(f'"{name}" text' for name in rows.columns)
        cursor.execute(f"create temporary table bench_rows ({columns}) on commit drop")
        with cursor.copy("copy bench_rows from stdin (format csv)") as copy:
            copy.write(rows.write_csv(include_header=False, quote_style="non_numeric").encode())


IMPORTS = Bench("import", sizes, imports)
