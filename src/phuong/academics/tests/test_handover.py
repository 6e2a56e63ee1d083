"""Marks and results go along with a pupil who changes schools."""

import csv
import datetime as dt
import io

from django.utils import timezone

from phuong.academics.jobs import RESULTS
from phuong.academics.models import (
    ABSENT,
    DevelopmentRecord,
    GrowthCheck,
    Mark,
    PrimaryRating,
    PrimaryRecord,
    Result,
    TermRecord,
)
from phuong.academics.profiles import preschool
from phuong.academics.queries.handover import handed_files
from phuong.academics.testing import YEAR, a_mark
from phuong.registry.api import Enrolment
from phuong.registry.testing import a_class, a_commune, a_learner, a_province, a_school, a_teacher, a_teaching
from phuong.transfers.api import HandOver


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_mark_and_result_of_the_pupil_and_of_nobody_else_is_handed_over(db: None) -> None:
    a_province()
    school = a_school(a_commune("11311"))
    group = a_class(school)
    a_teaching(group, a_teacher(school))
    child, other = (a_learner(school, group, name=name) for name in ("Bùi Hoàng An", "Vũ Thùy Chi"))
    for learner in (child, other):
        a_mark(group, learner, regular=[75, ABSENT, 100], midterm=80, remark="=tiến bộ")
        enrolment = Enrolment.objects.get(learner=learner)
        of = {"path": enrolment.path, "enrolment": enrolment, "learner": learner}
        TermRecord.objects.create(**of, term=1, conduct=3)
        facts = {"organisation": school, "school_year": YEAR, "rule": "TT22/2021@1", "inputs_hash": learner.pk.hex}
        Result.objects.create(**of, **facts, part=1, level=2, conduct=3, computed_at=timezone.now())

    files = {each.name: each.content for each in handed_files(child)}

    marks, records, results = (table(files[f"academics-{name}.csv"]) for name in ("diem", "ren-luyen", "ket-qua"))
    assert len(marks) == Mark.objects.filter(learner=child).count() == 1
    assert (marks[0]["thường xuyên"], marks[0]["giữa kì"], marks[0]["nhận xét"]) == ("7,5 V 10", "8,0", "'=tiến bộ")
    assert len(records) == TermRecord.objects.filter(learner=child).count() == 1
    assert [(row["năm học"], row["phần"], row["mức học tập"]) for row in results] == [(str(YEAR), "học kì 1", "Khá")]
    assert results[0]["dấu dữ liệu"] == Result.objects.get(learner=child).inputs_hash


def test_a_pupil_without_marks_hands_over_no_file_and_the_house_knows_the_source(db: None) -> None:
    a_province()

    assert list(handed_files(a_learner(a_school(a_commune("11311"))))) == []
    assert [each.code for each in RESULTS if isinstance(each, HandOver)] == ["academics"]


def test_what_is_said_of_a_primary_pupil_goes_along_too(db: None) -> None:
    a_province()
    school = a_school(a_commune("11311"))
    child = a_learner(school, a_class(school, name="3A", grade=3, level="primary"), name="Bùi Hoàng An")
    enrolment = Enrolment.objects.get(learner=child)
    of = {"path": enrolment.path, "enrolment": enrolment, "learner": child, "period": 2}
    PrimaryRating.objects.create(**of, subject="TOAN", level="T", test=9)
    PrimaryRecord.objects.create(**of, ratings={"cham_chi": "T", "yeu_nuoc": "D"})

    files = {each.name: table(each.content) for each in handed_files(child)}

    assert set(files) == {"academics-tieu-hoc.csv", "academics-pham-chat.csv"}
    assert [(row["mã môn"], row["mức"], row["bài kiểm tra"]) for row in files["academics-tieu-hoc.csv"]] == [
        ("TOAN", "T", "9")
    ]
    assert [row["mức"] for row in files["academics-pham-chat.csv"]] == ["T", "D"]


def test_growth_and_development_of_a_child_go_along_and_nobody_elses(db: None) -> None:
    a_province()
    school = a_school(a_commune("11311"), level="preschool")
    group = a_class(school, name="Lá 1", grade=0, level="kindergarten")
    code, title = next(iter(preschool().stages["kindergarten"].domains.items()))
    children = [a_learner(school, group, name=name) for name in ("Bùi Hoàng An", "Vũ Thùy Chi")]
    for child, weight in zip(children, (15_200, 19_000), strict=True):
        enrolment = Enrolment.objects.get(learner=child)
        of = {"path": enrolment.path, "enrolment": enrolment, "learner": child}
        for month in (10, 9):
            GrowthCheck.objects.create(**of, day=dt.date(2026, month, 5), weight=weight, height=1003)
        GrowthCheck.objects.create(**of, day=dt.date(2026, 11, 5))  # taken back
        DevelopmentRecord.objects.create(**of, period=1, results={code: 1}, remark="Hay nói")

    files = {each.name: table(each.content) for each in handed_files(children[0])}

    assert set(files) == {"academics-can-do.csv", "academics-phat-trien.csv"}
    measured = [(row["ngày"], row["cân nặng (kg)"], row["chiều cao (cm)"]) for row in files["academics-can-do.csv"]]
    assert measured == [("2026-09-05", "15,2", "100,3"), ("2026-10-05", "15,2", "100,3")]
    (row,) = files["academics-phat-trien.csv"]
    assert (row["lĩnh vực"], row["kết quả"], row["nhận xét"]) == (title, "Đạt", "Hay nói")
