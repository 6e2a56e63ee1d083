"""A primary school of the demo: who teaches what, what was said of some classes at the middle of the first term."""

import random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from phuong.academics.api import PrimaryRating, PrimaryRecord, primary_profile, programme_for, takes_test
from phuong.identity.api import Account, RoleAssignment
from phuong.kernel.calendar import SchoolYear
from phuong.registry.api import ClassGroup, Enrolment, Organisation, StaffPosition, TeachingAssignment

PRIMARY_TEACHER, PRIMARY_PRINCIPAL = "giaovien.th", "hieutruong.th"
BY_OTHERS = ("NN1", "TINCN", "GDTC", "NGHETHUAT")  # the homeroom teacher teaches the rest
MIDDLE = 1  # giữa học kì I
_SAID = {
    "T": ("Nắm chắc bài, làm bài cẩn thận.", "Tiếp thu nhanh, hăng hái phát biểu.", ""),
    "H": ("Hiểu bài; cần trình bày gọn hơn.", "Có tiến bộ, nên luyện thêm ở nhà.", ""),
    "C": ("Cần kèm thêm phần thực hành.", "Chưa tập trung, cần ôn lại bài cũ."),
}
_OF_ALL = ("Ngoan, biết giúp đỡ bạn.", "Chăm học, tự giác.", "Mạnh dạn hơn trước; cần giữ vở sạch.", "")


def fill_primary(near: Organisation, year: SchoolYear, count: int, password: str) -> int:
    """Assign the teachers of a primary school and write what was said of ``count`` classes; gives how many rows."""
    schools = ClassGroup.objects.filter(school_year=year.start, level="primary", homeroom__isnull=False)
    first = schools.filter(organisation__parent=near.parent).first() or schools.first()
    if first is None:
        return 0
    school = first.organisation
    groups = sorted(schools.filter(organisation=school), key=lambda group: (group.grade, group.name_key))
    _assign(school, groups, year)
    shown = [group for group in groups if group.grade >= 4][:count] or groups[:count]
    class_accounts(school, shown[0], (PRIMARY_TEACHER, PRIMARY_PRINCIPAL), password)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.bulk_load', 'on', true)")
        written = sum(_say(group) for group in shown)
        cursor.execute("select set_config('app.bulk_load', 'off', true)")
    return written


def _assign(school: Organisation, groups: list[ClassGroup], year: SchoolYear) -> None:
    posts = StaffPosition.objects.filter(organisation=school, ends_on=None, group="teacher").order_by("id")
    homerooms = {group.homeroom_id for group in groups}
    others = [post.person_id for post in posts if post.person_id not in homerooms]
    facts = {"organisation": school, "path": school.path, "during": (year.opens_on, None), "periods": 2}
    rows = []
    for place, group in enumerate(groups):
        programme = programme_for(group.level, group.grade, group.school_year)
        for number, subject in enumerate(programme.subjects_of(group.grade, "compulsory")):
            person = group.homeroom_id
            if subject.code in BY_OTHERS and others:
                person = others[(place // 4 + number) % len(others)]
            if person is not None:
                rows.append(TeachingAssignment(**facts, class_group=group, person_id=person, subject=subject.code))
    TeachingAssignment.objects.bulk_create(rows, batch_size=2000)


def class_accounts(school: Organisation, group: ClassGroup, names: tuple[str, str], password: str) -> None:
    """Open an account for the homeroom teacher of a class, and one for the principal of its school."""
    head = StaffPosition.objects.filter(organisation=school, ends_on=None, position="principal").first()
    seats: list[tuple[str, Any, tuple[str, ...]]] = [
        (names[0], group.homeroom, ("teacher", "homeroom_teacher")),
        (names[1], head.person if head else None, ("principal",)),
    ]
    hashed = make_password(password)
    for username, person, roles in seats:
        name = person.full_name if person else username
        account = Account(username=username, display_name=name, person=person, path=school.path, password=hashed)
        account.save()
        for role in roles:
            facts = {"organisation": school, "path": school.path, "role": role}
            RoleAssignment.objects.create(account=account, during=(timezone.localdate(), None), **facts)


def _say(group: ClassGroup) -> int:
    """Write what was said of a class at the middle of the first term; of three in twenty nothing yet."""
    chance = random.Random(group.name)  # noqa: S311 - made-up pupils
    profile, ratings, records = primary_profile(group), [], []
    codes = (*profile.qualities, *profile.competences)
    subjects = programme_for(group.level, group.grade, group.school_year).subjects_of(group.grade, "compulsory")
    tested = {each.code for each in subjects if takes_test(group, each.code, MIDDLE)}
    for pupil in Enrolment.objects.filter(class_group=group, ends_on=None).order_by("id"):
        able = chance.gauss(7.6, 1.3)
        where = {"path": pupil.path, "enrolment": pupil, "learner_id": pupil.learner_id, "period": MIDDLE, "version": 1}
        for subject in subjects:
            mark = max(1, min(10, round(chance.gauss(able, 0.9))))
            level = "T" if mark >= 8 else "H" if mark >= 5 else "C"
            if chance.random() < 0.15:
                continue
            test = mark if subject.code in tested else None
            remark = chance.choice(_SAID[level])
            ratings.append(PrimaryRating(**where, subject=subject.code, level=level, test=test, remark=remark))
        given = {code: "T" if chance.gauss(able, 1) > 6.5 else "D" for code in codes}
        records.append(PrimaryRecord(**where, ratings=given, remark=chance.choice(_OF_ALL)))
    PrimaryRating.objects.bulk_create(ratings, batch_size=1000)
    PrimaryRecord.objects.bulk_create(records, batch_size=1000)
    return len(ratings) + len(records)
