"""What is counted of learners, and of the classes they sit in."""

import ibis

from phuong.kernel.measures import Measure, Period
from phuong.registry.measures.populations import (
    CLASSES,
    GENERAL_LEVELS,
    LEARNERS,
    NO,
    PRESCHOOL_LEVELS,
    classes_table,
    learners_table,
)

_l = learners_table
_c = classes_table
_ONE_SESSION = {"one_session": ("Lớp học 1 buổi/ngày", "The class has one session a day")}
_PUBLIC = {"public": ("Học tại cơ sở công lập", "Attends a public school")}
_NUMBER = {
    "missing": ("Chưa có số định danh", "No personal number"),
    "malformed": ("Số định danh sai cấu trúc", "The number is malformed"),
    "disagrees": ("Số định danh không khớp giới tính hoặc năm sinh", "The number disagrees with sex or birth year"),
}
_GROUP_SIZES = {  # age group: most children; codes of the list school_level and of the class itself
    "nt1": 15,
    "nt2": 20,
    "nt3": 25,
    "mg3": 25,
    "mg4": 30,
    "mg5": 35,
    "3-12m": 15,
    "13-24m": 20,
    "25-36m": 25,
    "3-4y": 25,
    "4-5y": 30,
    "5-6y": 35,
}

_in_preschool = _l.class_level.isin(PRESCHOOL_LEVELS)
_in_general = _l.class_level.isin(GENERAL_LEVELS)
_plays_art = _l.plays_art.fill_null(NO)
_plays_sport = _l.plays_sport.fill_null(NO)
_ceiling = _c.age_group.cases(*_GROUP_SIZES.items(), else_=0)

MEASURES = (
    Measure(
        "registry.learners_with_number",
        "Học sinh có số định danh cá nhân đúng cấu trúc",
        "Learners with a well-formed personal number",
        LEARNERS,
        meets=_l.number_check == "agrees",
        reasons=_NUMBER,
        why=_l.number_check,
        source="Luật Căn cước 26/2023/QH15",
    ),
    Measure(
        "registry.learners_filled",
        "Người học có đủ thông tin cá nhân và năng khiếu",
        "Learners with personal facts and talents filled in",
        LEARNERS,
        meets=_l.birth_date.notnull()
        & (_l.ethnicity != "")
        & (_l.address != "")
        & (_l.code != "")
        & (_l.number_check != "missing")
        & _l.plays_art.notnull()
        & _l.plays_sport.notnull(),
        reasons={
            "number": ("Chưa có số định danh", "No personal number"),
            "code": ("Chưa có mã học sinh", "No learner code"),
            "talents": ("Chưa ghi năng khiếu nghệ thuật, thể thao", "Talents in art and sport not recorded"),
            "personal": ("Thiếu ngày sinh, dân tộc hoặc địa chỉ", "Birth date, ethnicity or address missing"),
        },
        why=ibis.cases(
            (_l.number_check == "missing", "number"),
            (_l.code == "", "code"),
            (_l.plays_art.isnull() | _l.plays_sport.isnull(), "talents"),
            else_="personal",
        ),
    ),
    Measure(
        "registry.preschool_two_sessions",
        "Trẻ em mầm non học 2 buổi/ngày",
        "Preschool children in two sessions a day",
        LEARNERS,
        among=_in_preschool,
        meets=_l.two_sessions,
        reasons=_ONE_SESSION,
    ),
    Measure(
        "registry.primary_two_sessions",
        "Học sinh tiểu học học 2 buổi/ngày",
        "Primary pupils in two sessions a day",
        LEARNERS,
        among=_l.class_level == "primary",
        meets=_l.two_sessions,
        reasons=_ONE_SESSION,
    ),
    Measure(
        "registry.non_public_preschool_children",
        "Trẻ em học tại cơ sở giáo dục mầm non dân lập, tư thục",
        "Children in non-public preschools",
        LEARNERS,
        among=_in_preschool,
        meets=_l.ownership != "public",
        reasons=_PUBLIC,
        source="Luật Giáo dục 2019, điều 47",
        is_share=True,
    ),
    Measure(
        "registry.private_general_pupils",
        "Học sinh học tại cơ sở giáo dục phổ thông tư thục",
        "Pupils in private general schools",
        LEARNERS,
        among=_in_general,
        meets=_l.ownership != "public",
        reasons=_PUBLIC,
        source="Luật Giáo dục 2019, điều 47",
        is_share=True,
    ),
    Measure(
        "registry.pupils_art_and_sport",
        "Học sinh phổ thông biết ít nhất 01 môn nghệ thuật và luyện tập ít nhất 01 môn thể thao",
        "Pupils who play an art and a sport",
        LEARNERS,
        among=_in_general,
        meets=_plays_art & _plays_sport,
        reasons={
            "unknown": ("Chưa ghi vào hồ sơ", "Not recorded"),
            "art": ("Chưa có môn nghệ thuật", "No art yet"),
            "sport": ("Chưa có môn thể thao", "No sport yet"),
            "both": ("Chưa có môn nghệ thuật và môn thể thao", "Neither art nor sport yet"),
        },
        why=ibis.cases(
            (_l.plays_art.isnull() | _l.plays_sport.isnull(), "unknown"),
            (_plays_sport, "art"),
            (_plays_art, "sport"),
            else_="both",
        ),
    ),
    Measure(
        "registry.preschool_group_sizes",
        "Nhóm, lớp mầm non có sĩ số theo quy định",
        "Preschool groups within the regulated size",
        CLASSES,
        among=_c.level.isin(PRESCHOOL_LEVELS),
        meets=(_ceiling > 0) & (_c.enrolled <= _ceiling),
        reasons={
            "no_age": ("Chưa ghi nhóm tuổi của lớp", "The age group of the class is not recorded"),
            "too_many": ("Sĩ số vượt mức tối đa của nhóm tuổi", "More children than the age group allows"),
        },
        why=ibis.ifelse(_ceiling > 0, "too_many", "no_age"),
        period=Period.SCHOOL_YEAR,
        source="TT 52/2020/TT-BGDĐT",
    ),
)
