"""What is counted of staff, and of the records of learners and teachers together."""

import ibis

from phuong.kernel.measures import Measure
from phuong.registry.measures.populations import GENERAL_LEVELS, NO, RECORDS, STAFF, records_table, staff_table

_t = staff_table
_r = records_table
COLLEGE, BACHELOR = 5, 6  # ranks of the code list qualification_level
_EDUCATION_LAW = "Luật Giáo dục 2019, điều 72"
_DEGREE = {
    "unknown": ("Chưa ghi trình độ đào tạo", "No qualification recorded"),
    "below": ("Trình độ dưới chuẩn: cần đào tạo nâng chuẩn", "Below the standard: needs to be upgraded"),
}
_IDENTITY = {
    "unverified": ("Chưa gửi xác thực", "Not sent for verification"),
    "sending": ("Đã gửi, chờ kết quả", "Sent, no answer yet"),
    "mismatched": (
        "Không khớp: sửa họ tên, ngày sinh, giới tính hoặc số định danh",
        "Mismatch: mend name, birth date, sex or number",
    ),
    "not_found": ("Không tìm thấy trong CSDL dân cư", "Not found in the population database"),
    "duplicate": ("Trùng với hồ sơ khác", "The same person has another record"),
}

_degree_known = ibis.ifelse(_t["rank"] > 0, "below", "unknown")

_learner_or_teacher = _r.kind.isin(("learner", "teacher"))
_filled = (_r.full_name != "") & _r.birth_date.notnull() & (_r.sex != "") & (_r.ethnicity != "") & (_r.address != "")
_fresh = (_r.updated_on >= ibis.today() - ibis.interval(months=12)).fill_null(NO)
_is_matched = _r.identity_state == "matched"
_was_sent = _r.identity_state != "unverified"
_of_age = (_r.birth_date <= ibis.today() - ibis.interval(years=14)).fill_null(NO)

MEASURES = (
    Measure(
        "registry.preschool_teachers_qualified",
        "Giáo viên mầm non đạt chuẩn trình độ được đào tạo",
        "Preschool teachers who hold the required degree",
        STAFF,
        among=(_t.staff_group == "teacher") & (_t.school_level == "preschool"),
        meets=_t["rank"] >= COLLEGE,
        reasons=_DEGREE,
        why=_degree_known,
        source=_EDUCATION_LAW,
    ),
    Measure(
        "registry.general_teachers_qualified",
        "Giáo viên phổ thông đạt chuẩn trình độ được đào tạo",
        "General-school teachers who hold the required degree",
        STAFF,
        among=(_t.staff_group == "teacher") & _t.school_level.isin(GENERAL_LEVELS),
        meets=_t["rank"] >= BACHELOR,
        reasons=_DEGREE,
        why=_degree_known,
        source=_EDUCATION_LAW,
    ),
    Measure(
        "registry.staff_with_number",
        "Nhà giáo, nhân viên có số định danh cá nhân đúng cấu trúc",
        "Staff with a well-formed personal number",
        STAFF,
        meets=_t.number_check == "agrees",
        reasons={
            "missing": ("Chưa có số định danh", "No personal number"),
            "malformed": ("Số định danh sai cấu trúc", "The number is malformed"),
            "disagrees": (
                "Số định danh không khớp giới tính hoặc năm sinh",
                "The number disagrees with sex or birth year",
            ),
        },
        why=_t.number_check,
        source="Luật Căn cước 26/2023/QH15",
    ),
    Measure(
        "registry.records_complete",
        "Dữ liệu học sinh, giáo viên chuẩn hóa, đầy đủ, chính xác, đồng bộ",
        "Pupil and teacher records complete, correct and current",
        RECORDS,
        among=_learner_or_teacher,
        meets=_filled & (_r.code != "") & (_r.number_check == "agrees") & _is_matched & _fresh,
        reasons={
            "fields": (
                "Thiếu họ tên, ngày sinh, giới tính, dân tộc hoặc địa chỉ",
                "Name, birth date, sex, ethnicity or address missing",
            ),
            "code": ("Chưa có mã định danh của ngành", "No sector code"),
            "number": ("Số định danh thiếu hoặc không đúng", "Personal number missing or wrong"),
            "identity": ("Chưa khớp với CSDL quốc gia về dân cư", "Not matched with the population database"),
            "stale": ("Chưa rà soát, cập nhật trong 12 tháng qua", "Not reviewed within 12 months"),
        },
        why=ibis.cases(
            (~_filled, "fields"),
            (_r.code == "", "code"),
            (_r.number_check != "agrees", "number"),
            (~_is_matched, "identity"),
            else_="stale",
        ),
        source="TT 42/2021/TT-BGDĐT",
    ),
    Measure(
        "registry.records_identified",
        "Hồ sơ giáo viên, học sinh được định danh, xác thực với CSDL quốc gia về dân cư",
        "Records put to the population database",
        RECORDS,
        among=_learner_or_teacher,
        meets=_was_sent,
        reasons={"unverified": _IDENTITY["unverified"]},
    ),
    Measure(
        "registry.identity_matched",
        "Xác thực thành công hồ sơ giáo viên, học sinh với CSDL quốc gia về dân cư",
        "Records matched, of those put to the population database",
        RECORDS,
        among=_learner_or_teacher & _was_sent,
        meets=_is_matched,
        reasons=_IDENTITY,
        why=_r.identity_state,
    ),
    Measure(
        "registry.records_unified",
        "Người học, nhà giáo được định danh thống nhất và quản lí bằng hồ sơ số",
        "Learners and teachers with one identifier and a digital file",
        RECORDS,
        among=_r.kind != "staff",
        meets=(_r.code != "") & (_r.number_check == "agrees") & (_r.identity_state != "duplicate"),
        reasons={
            "code": ("Chưa có mã định danh của ngành", "No sector code"),
            "duplicate": ("Trùng với hồ sơ khác: gộp hồ sơ", "A second record of the same person: merge them"),
            "number": ("Số định danh thiếu hoặc không đúng", "Personal number missing or wrong"),
        },
        why=ibis.cases((_r.code == "", "code"), (_r.identity_state == "duplicate", "duplicate"), else_="number"),
        source="Nghị định 88/2026/NĐ-CP; TT 42/2021/TT-BGDĐT, điều 10",
    ),
    Measure(
        "registry.vneid_level_two",
        "Cán bộ quản lí, giáo viên, học sinh có tài khoản VNeID mức độ 2",
        "Managers, teachers and pupils with a level-2 electronic identity",
        RECORDS,
        among=_r.kind.isin(("manager", "teacher")) | ((_r.kind == "learner") & _of_age),
        meets=(_r.citizen_identity_level >= 2).fill_null(NO),
        reasons={
            "unknown": ("Chưa ghi mức độ tài khoản", "Level of the account not recorded"),
            "lower": ("Chưa có tài khoản hoặc mới mức độ 1", "No account, or level 1 only"),
        },
        why=ibis.ifelse(_r.citizen_identity_level.isnull(), "unknown", "lower"),
        source="Nghị định 69/2024/NĐ-CP",
    ),
)
