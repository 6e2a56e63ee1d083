"""Which subjects have a study-topic group in a grade, and which column of a sheet is its result; no statement."""

from phuong.academics.errors import NoProfile
from phuong.academics.models import GradeSheet
from phuong.academics.profiles import profile_for, programme_for
from phuong.academics.rules.averages import regular_count
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.registry.api import ClassGroup


def has_topics(group: ClassGroup, subject: str) -> bool:
    """Say whether the programme of a class has a study-topic group in a subject."""
    try:
        found = programme_for(group.level, group.grade, group.school_year).subject(subject)
    except NoProfile:
        return False
    return found is not None and group.grade in found.topics


def base_columns(group: ClassGroup, subject: str) -> int:
    """Give how many regular marks a sheet has without its study topics.

    :raises NoProfile: the subject has no marks in this class
    """
    profile = profile_for(group.level, group.grade, group.school_year)
    found = programme_for(group.level, group.grade, group.school_year).subject(subject)
    if not isinstance(profile, SecondaryProfile) or found is None or group.grade not in found.periods:
        raise NoProfile(subject=subject, grade=group.grade)
    return regular_count(profile, found.periods[group.grade]) if found.assessment == "scored" else profile.remark_marks


def topic_column(sheet: GradeSheet, group: ClassGroup) -> str:
    """Give the column of a sheet that is the result of its study topics; blank: it has none."""
    if not has_topics(group, sheet.subject):
        return ""
    base = base_columns(group, sheet.subject)
    return f"r{base + 1}" if sheet.columns > base else ""
