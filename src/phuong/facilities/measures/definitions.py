"""What facilities count."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from phuong.facilities.measures.populations import (
    CLASSROOM_KINDS,
    COMMUNES,
    EVER_TRUE,
    ITEMS,
    ROOMS,
    SCHOOLS,
    STABLE_MBPS,
    equipped_communes,
    equipped_table,
    items_table,
    rooms_table,
)
from phuong.kernel.measures import Measure, Period, Unit
from phuong.registry.measures import (
    GENERAL_LEVELS,
    NO,
    SECONDARY_LEVELS,
)

_NEVER_DECLARED = ("Trường chưa khai báo", "Not declared by the school")
_UNDECLARED = {
    "undeclared": (
        "Chưa khai báo chương trình, hoạt động trong năm học này",
        "No programme or activity declared this school year",
    ),
}

_s = equipped_table
_r = rooms_table
_general = _s.level.isin(GENERAL_LEVELS)
_general_or_continuing = _general | (_s.level == "continuing")
_secondary = _s.level.isin(SECONDARY_LEVELS)
_classrooms = _r.kind.isin(CLASSROOM_KINDS)
_broadband = _s.connection.isin(("fiber", "broadband"))
_year_ago = ibis.today() - ibis.interval(months=12)
_stable = (_s.connection_mbps >= STABLE_MBPS).fill_null(NO)
_checked = (_s.connection_checked_on >= _year_ago).fill_null(NO)
_confirmed = (_s.inventory_confirmed_on >= _year_ago).fill_null(NO)


def _programme(
    code: str,
    titles: tuple[str, str],
    meets: ir.BooleanValue,
    *,
    among: ir.BooleanValue | None = None,
    missing: tuple[Mapping[str, tuple[str, str]], ir.StringValue | None] = (_UNDECLARED, None),
    source: str = "",
) -> Measure:
    """Count schools by what they declared for this school year; ``missing``: the reasons, and which one holds."""
    return Measure(
        code,
        *titles,
        SCHOOLS,
        among=among,
        meets=meets,
        reasons=missing[0],
        why=missing[1],
        period=Period.SCHOOL_YEAR,
        source=source,
    )


def _taught(code: str, titles: tuple[str, str], members: ir.IntegerValue, among: ir.BooleanValue) -> Measure:
    """Count pupils by the members that programmes declare, never more than the school has."""
    return Measure(
        code,
        *titles,
        SCHOOLS,
        among=among,
        meets=members > 0,
        amount=ibis.least(members, _s.learners),
        per=_s.learners,
        period=Period.SCHOOL_YEAR,
        reasons={
            "undeclared": (
                "Chưa khai báo chương trình và số học sinh tham gia",
                "No programme with its members declared",
            )
        },
    )


def _solid(code: str, title: str, title_en: str, level: str) -> Measure:
    """Count classrooms of solid construction (kiên cố)."""
    return Measure(
        code,
        title,
        title_en,
        ROOMS,
        among=_classrooms & (_r.level == level),
        meets=_r.construction == "solid",
        reasons={
            "semi_solid": ("Phòng bán kiên cố", "Semi-solid"),
            "temporary": ("Phòng học tạm", "Temporary"),
            "borrowed": ("Phòng học nhờ, mượn", "Borrowed"),
            "unknown": _NEVER_DECLARED,
        },
        why=_r.construction,
        source="TT 03/2024/TT-BGDĐT",
    )


def _per_computer(code: str, title: str, title_en: str, among: ir.BooleanValue, largest: ir.IntegerValue) -> Measure:
    """Set the largest class that learns informatics at once against the computers of the best computer room."""
    return Measure(
        code,
        title,
        title_en,
        SCHOOLS,
        among=among & (largest > 0),
        meets=EVER_TRUE,
        amount=largest,
        per=_s.best_room,
        unit=Unit.RATIO,
        better="down",
        source="QĐ 4725/QĐ-BGDĐT, mục 1.7",
        reasons={"none": _NEVER_DECLARED},
    )


_CLUB = {
    "no_club": ("Chưa khai báo câu lạc bộ trong năm học này", "No club declared this school year"),
    "irregular": (
        "Câu lạc bộ chưa có thành viên hoặc chưa đủ 4 buổi sinh hoạt",
        "The club has no members or fewer than 4 meetings",
    ),
}
_STEM = {
    "research": ("Chưa khai báo nghiên cứu khoa học, kĩ thuật", "No research declared"),
    "stem": ("Chưa khai báo giáo dục STEM", "No STEM education declared"),
}

MEASURES = (
    Measure(
        "facilities.schools_online",
        "Cơ sở giáo dục có Internet băng rộng ổn định",
        "Schools with a stable broadband line",
        SCHOOLS,
        meets=_broadband & _stable & _checked,
        reasons={
            "undeclared": ("Chưa khai báo kết nối", "Connection not declared"),
            "no_broadband": ("Không có đường truyền băng rộng", "No broadband line"),
            "slow": ("Tốc độ dưới 50 Mbps hoặc chưa ghi", "Slower than 50 Mbps, or speed not recorded"),
            "unchecked": ("Chưa kiểm tra đường truyền trong 12 tháng qua", "Not checked within 12 months"),
        },
        why=ibis.cases(
            (_s.connection == "", "undeclared"), (~_broadband, "no_broadband"), (~_stable, "slow"), else_="unchecked"
        ),
    ),
    Measure(
        "facilities.inventory_current",
        "Dữ liệu cơ sở vật chất, thiết bị trường học số hóa, quản lí tập trung",
        "Schools whose inventory is kept and confirmed here",
        SCHOOLS,
        meets=(_s.rooms > 0) & _confirmed,
        reasons={
            "empty": ("Chưa nhập phòng học, thiết bị", "No rooms recorded"),
            "stale": ("Chưa xác nhận kiểm kê trong 12 tháng qua", "Inventory not confirmed within 12 months"),
        },
        why=ibis.ifelse(_s.rooms > 0, "stale", "empty"),
        source="TT 42/2021/TT-BGDĐT",
    ),
    Measure(
        "facilities.schools_upgraded",
        "Cơ sở giáo dục được đầu tư, nâng cấp hạ tầng số, thiết bị",
        "Schools with new digital equipment and broadband",
        SCHOOLS,
        meets=_s.new_devices & _broadband,
        reasons={
            "devices": ("Không có thiết bị số đưa vào dùng trong 5 năm qua", "No digital device of the last 5 years"),
            "line": ("Không có đường truyền băng rộng", "No broadband line"),
        },
        why=ibis.ifelse(_s.new_devices, "line", "devices"),
    ),
    Measure(
        "facilities.schools_with_studio",
        "Cơ sở giáo dục có ít nhất 01 phòng studio",
        "Schools with a teaching studio",
        SCHOOLS,
        meets=_s.studio,
        reasons={"none": ("Chưa có phòng studio đang dùng", "No studio in use")},
    ),
    Measure(
        "facilities.preschools_with_smart_room",
        "Cơ sở giáo dục mầm non có ít nhất 01 phòng học thông minh",
        "Preschools with a smart classroom",
        SCHOOLS,
        among=_s.level == "preschool",
        meets=_s.smart,
        reasons={"none": ("Chưa có phòng học thông minh đang dùng", "No smart classroom in use")},
    ),
    Measure(
        "facilities.communes_with_stem_room",
        "Xã, phường có ít nhất 01 phòng nghiên cứu STEM",
        "Communes with a STEM room",
        COMMUNES,
        meets=equipped_communes.stem_rooms > 0,
        reasons={"none": ("Chưa trường nào trên địa bàn có phòng STEM đang dùng", "No school there has a STEM room")},
    ),
    Measure(
        "facilities.rooms_with_devices",
        "Phòng học được trang bị thiết bị dạy học số",
        "Classrooms with digital teaching devices",
        ROOMS,
        among=_classrooms,
        meets=_r.devices > 0,
        reasons={"none": ("Không có thiết bị số nào đang dùng được trong phòng", "No working digital device there")},
    ),
    Measure(
        "facilities.rooms_online",
        "Phòng học có kết nối Internet",
        "Classrooms with Internet",
        ROOMS,
        among=_classrooms,
        meets=_r.has_internet.fill_null(NO),
        reasons={"unknown": _NEVER_DECLARED, "none": ("Phòng chưa có Internet", "No Internet in the room")},
        why=ibis.ifelse(_r.has_internet.isnull(), "unknown", "none"),
    ),
    _solid("facilities.solid_preschool", "Phòng học mầm non kiên cố", "Solid preschool classrooms", "preschool"),
    _solid("facilities.solid_primary", "Phòng học tiểu học kiên cố", "Solid primary classrooms", "primary"),
    _solid(
        "facilities.solid_lower_secondary",
        "Phòng học trung học cơ sở kiên cố",
        "Solid lower secondary classrooms",
        "lower_secondary",
    ),
    _solid(
        "facilities.solid_upper_secondary",
        "Phòng học trung học phổ thông kiên cố",
        "Solid upper secondary classrooms",
        "upper_secondary",
    ),
    Measure(
        "facilities.items_on_file",
        "Cơ sở vật chất, thiết bị quản lí bằng hồ sơ số",
        "Rooms and equipment with a full file",
        ITEMS,
        meets=items_table.has_code & items_table.has_facts,
        reasons={
            "code": ("Thiết bị chưa có mã tài sản", "The equipment has no asset code"),
            "room": ("Phòng thiếu diện tích hoặc cấp công trình", "Area or construction of the room missing"),
            "acquired": ("Thiết bị chưa ghi ngày đưa vào dùng", "Date of acquisition missing"),
        },
        why=ibis.cases((~items_table.has_code, "code"), (items_table.is_room, "room"), else_="acquired"),
    ),
    _per_computer(
        "facilities.pupils_per_computer",
        "Số học sinh tiểu học, THCS trên một máy tính môn Tin học",
        "Primary and lower secondary pupils a computer in informatics",
        _s.level.isin(("primary", "lower_secondary")),
        _s.largest_class,
    ),
    _per_computer(
        "facilities.pupils_per_computer_upper",
        "Số học sinh THPT trên một máy tính môn Tin học",
        "Upper secondary pupils a computer in informatics",
        _s.level == "upper_secondary",
        _s.largest_upper,
    ),
    _programme(
        "facilities.startup_in_teaching",
        ("Cơ sở giáo dục phổ thông tích hợp giáo dục khởi nghiệp", "General schools with start-up education"),
        _s.startup,
        among=_general,
    ),
    _programme(
        "facilities.startup_clubs",
        (
            "Cơ sở giáo dục trung học có câu lạc bộ khởi nghiệp và đổi mới sáng tạo hoạt động thường xuyên",
            "Secondary schools with a regular start-up club",
        ),
        _s.startup_club_meets,
        among=_secondary,
        missing=(_CLUB, ibis.ifelse(_s.startup_club, "irregular", "no_club")),
    ),
    _programme(
        "facilities.digital_skills_schools",
        (
            "Cơ sở giáo dục phổ thông, giáo dục thường xuyên dạy kĩ năng số",
            "General and continuing schools teaching digital skills",
        ),
        _s.digital_skills,
        among=_general_or_continuing,
        source="TT 02/2025/TT-BGDĐT",
    ),
    _programme(
        "facilities.digital_skills_general",
        ("Cơ sở giáo dục phổ thông dạy kĩ năng số", "General schools teaching digital skills"),
        _s.digital_skills,
        among=_general,
        source="TT 02/2025/TT-BGDĐT",
    ),
    _programme(
        "facilities.digital_citizenship",
        (
            "Cơ sở giáo dục tổ chức giáo dục công dân số, an toàn mạng học đường",
            "Schools with digital citizenship and online safety activities",
        ),
        _s.cyber_safety,
    ),
    _programme(
        "facilities.stem_general",
        ("Cơ sở giáo dục phổ thông triển khai giáo dục STEM", "General schools with STEM education"),
        _s.stem,
        among=_general,
    ),
    _programme(
        "facilities.stem_and_research",
        ("Cơ sở giáo dục phổ thông triển khai STEM và nghiên cứu khoa học", "General schools with STEM and research"),
        _s.stem & _s.research,
        among=_general,
        missing=(_STEM, ibis.ifelse(_s.stem, "research", "stem")),
    ),
    _programme(
        "facilities.stem_activities",
        (
            "Cơ sở giáo dục tổ chức nghiên cứu STEM và khoa học kĩ thuật",
            "General and continuing schools with STEM, science and engineering activities",
        ),
        _s.stem & _s.research,
        among=_general_or_continuing,
        missing=(_STEM, ibis.ifelse(_s.stem, "research", "stem")),
    ),
    _programme(
        "facilities.stem_clubs",
        (
            "Trường phổ thông có câu lạc bộ STEM hoặc đổi mới sáng tạo hoạt động thường xuyên",
            "General schools with a regular STEM or innovation club",
        ),
        _s.stem_club_meets,
        among=_general,
        missing=(_CLUB, ibis.ifelse(_s.stem_club, "irregular", "no_club")),
    ),
    _programme(
        "facilities.ai_in_teaching",
        ("Cơ sở giáo dục phổ thông ứng dụng trí tuệ nhân tạo trong dạy học", "General schools using AI in teaching"),
        _s.ai,
        among=_general,
    ),
    _taught(
        "facilities.pupils_digital_skills",
        ("Học sinh được giáo dục kĩ năng số", "Pupils taught digital skills"),
        _s.in_digital_skills,
        _general_or_continuing,
    ),
    _taught(
        "facilities.primary_digital_skills",
        ("Học sinh tiểu học được tiếp cận kĩ năng số cơ bản", "Primary pupils taught basic digital skills"),
        _s.in_digital_skills,
        _s.level == "primary",
    ),
    _taught(
        "facilities.pupils_ai",
        ("Học sinh trung học phổ thông học về AI, lập trình", "Upper secondary pupils taught AI or programming"),
        _s.in_ai,
        _s.level == "upper_secondary",
    ),
)
