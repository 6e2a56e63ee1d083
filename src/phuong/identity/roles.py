"""The roles of a province's education sector, and what each may do."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import Role
from phuong.kernel.permissions import Permission

FAMILY = frozenset({"guardian", "learner"})
SUPPORT = "support"  # opens nothing by itself
AT_SCHOOL = frozenset({"support_access", "support_repair"})  # lent for hours by one school
PROVINCE, COMMUNE, SCHOOL = "province", "commune", "school"
_STAFF = frozenset({"teacher", "homeroom_teacher", "clerk", "accountant"})
_IN_COMMUNE = _STAFF | {"principal"}
_IN_PROVINCE = _IN_COMMUNE | {"commune_leader", "commune_officer", SUPPORT}
_IN_DEPARTMENT = _IN_PROVINCE | {"division_officer", "division_head", "auditor", "system_operator"}
_STEERING = {Permission.TOTALS_READ, Permission.PLANS_READ, Permission.TASKS_READ, Permission.REPORTS_READ}
_DESK = {
    Permission.PERSONS_READ,
    Permission.STAFF_READ,
    Permission.FACILITIES_READ,
    Permission.RECORDS_READ,
    Permission.HISTORY_READ,
    Permission.NETWORK_READ,
    Permission.EXPORT,
}
_DEPARTMENT = {
    Permission.MEASURES_RUN,
    Permission.PLANS_EDIT,
    Permission.JOBS_READ,
    Permission.VALUES_REVIEW,
    Permission.CHECKS_RUN,
    Permission.DATA_SHARE,
    Permission.YEAR_PROMOTE,
}
_UNIT = {
    Permission.TASKS_WORK,
    Permission.TASKS_ASSIGN,
    Permission.VALUES_REPORT,
    Permission.MONEY_EDIT,
    Permission.NETWORK_EDIT,
    Permission.REPORTS_WRITE,
}
_LOOKING = frozenset({Permission.PERSONS_READ, Permission.STAFF_READ, Permission.FACILITIES_READ})
_RECORDS_OF_SCHOOL = {
    Permission.LETTERS_KEEP,
    Permission.PERSONS_EDIT,
    Permission.STAFF_EDIT,
    Permission.CLASSES_EDIT,
    Permission.SCHOOL_EDIT,
    Permission.FACILITIES_EDIT,
    Permission.BULK_EDIT,
    Permission.PEOPLE_MERGE,
}

ROLES = (
    Role(
        "department_leader",
        _("Lãnh đạo Sở"),
        _("Xem toàn tỉnh, đến từng hồ sơ; chạy tính chỉ tiêu."),
        frozenset(
            _STEERING
            | _DESK
            | _DEPARTMENT
            | {
                Permission.TASKS_ASSIGN,
                Permission.TASKS_WORK,
                Permission.TASKS_OVERSEE,
                Permission.REPORTS_APPROVE,
                Permission.ROLES_EDIT,
                Permission.EMERGENCY_REVIEW,
                Permission.EXPORTS_EDIT,
                Permission.ALARMS_READ,
                Permission.AUDIT_READ,
                Permission.TRANSFERS_READ,
                Permission.PEOPLE_MERGE,
            }
        ),
        1,
        is_wide=True,
        seat=PROVINCE,
        appoints=_IN_DEPARTMENT,
    ),
    Role(
        "division_officer",
        _("Chuyên viên Sở"),
        _("Theo dõi chỉ tiêu, nhiệm vụ và dữ liệu toàn tỉnh."),
        frozenset(
            _STEERING
            | _DESK
            | _DEPARTMENT
            | _UNIT
            | _RECORDS_OF_SCHOOL
            | {
                Permission.UNITS_EDIT,
                Permission.QUALITY_EDIT,
                Permission.REPORTS_SEND,
                Permission.OPENDATA_PUBLISH,
                Permission.CLIENTS_EDIT,
                Permission.MARKS_READ,
                Permission.ROLES_EDIT,
                Permission.EMERGENCY_USE,
                Permission.EMERGENCY_REVIEW,
                Permission.ALARMS_READ,
                Permission.MAILBOXES_EDIT,
                Permission.TRANSFERS_READ,
            }
        ),
        2,
        is_wide=True,
        seat=PROVINCE,
        appoints=_IN_PROVINCE,
    ),
    Role(
        "commune_officer",
        _("Cán bộ xã, phường"),
        _("Xem các trường do xã, phường quản lý."),
        frozenset(
            _STEERING
            | _DESK
            | _UNIT
            | {
                Permission.SCHOOL_EDIT,
                Permission.REPORTS_SEND,
                Permission.ROLES_EDIT,
                Permission.ALARMS_READ,
                Permission.TRANSFERS_READ,
                Permission.PEOPLE_MERGE,
            }
        ),
        3,
        is_wide=True,
        seat=COMMUNE,
        appoints=_IN_COMMUNE,
    ),
    Role(
        "principal",
        _("Hiệu trưởng"),
        _("Xem và chịu trách nhiệm dữ liệu của trường mình."),
        frozenset(
            _STEERING
            | _DESK
            | _UNIT
            | _RECORDS_OF_SCHOOL
            | {
                Permission.REPORTS_APPROVE,
                Permission.REPORTS_SEND,
                Permission.CLIENTS_EDIT,
                Permission.MARKS_READ,
                Permission.ROLES_EDIT,
                Permission.AUDIT_READ,
                Permission.SUPPORT_APPROVE,
                Permission.ALARMS_READ,
                Permission.TRANSFERS_READ,
                Permission.TRANSFERS_WORK,
                Permission.TRANSFERS_DECIDE,
                Permission.MARKS_MANAGE,
            }
        ),
        4,
        seat=SCHOOL,
        appoints=_STAFF,
    ),
    Role(
        "teacher",
        _("Giáo viên"),
        _("Xem học sinh trong trường mình dạy."),
        frozenset({Permission.PERSONS_READ, Permission.FACILITIES_READ, Permission.MARKS_WRITE}),
        5,
        seat=SCHOOL,
    ),
    Role(
        "homeroom_teacher",
        _("Giáo viên chủ nhiệm"),
        _("Xem học sinh của trường, lo hồ sơ lớp mình."),
        frozenset(
            {Permission.PERSONS_READ, Permission.FACILITIES_READ, Permission.RECORDS_READ, Permission.MARKS_WRITE}
        ),
        6,
        seat=SCHOOL,
    ),
    Role(
        "clerk",
        _("Văn thư"),
        _("Giữ hồ sơ học sinh, nhân sự, phòng học của trường."),
        frozenset(
            _DESK
            | _RECORDS_OF_SCHOOL
            | {
                Permission.TASKS_READ,
                Permission.TASKS_WORK,
                Permission.NETWORK_EDIT,
                Permission.REPORTS_READ,
                Permission.REPORTS_WRITE,
                Permission.REPORTS_SEND,
                Permission.SUPPORT_APPROVE,
                Permission.TRANSFERS_READ,
                Permission.TRANSFERS_WORK,
            }
        ),
        7,
        seat=SCHOOL,
    ),
    Role(
        "accountant",
        _("Kế toán"),
        _("Xem phòng học, thiết bị và nhân sự của trường."),
        frozenset(
            {Permission.STAFF_READ, Permission.FACILITIES_READ, Permission.FACILITIES_EDIT, Permission.NETWORK_READ}
        ),
        8,
        seat=SCHOOL,
    ),
    Role("guardian", _("Phụ huynh"), _("Chỉ xem hồ sơ của con mình."), frozenset({Permission.OWN_READ}), 9),
    Role("learner", _("Học sinh"), _("Chỉ xem hồ sơ của chính mình."), frozenset({Permission.OWN_READ}), 10),
    Role(
        "auditor",
        _("Thanh tra"),
        _("Xem số liệu tổng hợp và nhật ký, không xem hồ sơ cá nhân."),
        frozenset(_STEERING | {Permission.AUDIT_READ, Permission.NETWORK_READ}),
        11,
        is_wide=True,
        seat=PROVINCE,
    ),
    Role(
        "system_operator",
        _("Quản trị hệ thống"),
        _("Vận hành máy chủ, công việc nền; không xem hồ sơ cá nhân."),
        frozenset(
            {
                Permission.JOBS_READ,
                Permission.MEASURES_RUN,
                Permission.CHECKS_RUN,
                Permission.DATA_SHARE,
                Permission.TOTALS_READ,
                Permission.CLIENTS_EDIT,
                Permission.ROLES_EDIT,
                Permission.EMERGENCY_USE,
                Permission.EXPORTS_EDIT,
                Permission.ALARMS_READ,
                Permission.MAILBOXES_EDIT,
            }
        ),
        12,
        is_wide=True,
        seat=PROVINCE,
        appoints=frozenset({SUPPORT}),
    ),
    Role(
        "division_head",
        _("Trưởng phòng thuộc Sở"),
        _("Soát, duyệt báo cáo của Sở trước khi trình lãnh đạo; xem số liệu, nhiệm vụ, kế hoạch toàn tỉnh."),
        frozenset(
            _STEERING
            | {Permission.REPORTS_APPROVE, Permission.NETWORK_READ, Permission.EMERGENCY_USE, Permission.ALARMS_READ}
        ),
        13,
        is_wide=True,
        seat=PROVINCE,
    ),
    Role(
        "commune_leader",
        _("Lãnh đạo xã, phường"),
        _("Duyệt báo cáo của xã, phường; xem số liệu, nhiệm vụ, kế hoạch trong địa bàn."),
        frozenset(
            _STEERING
            | {Permission.REPORTS_APPROVE, Permission.NETWORK_READ, Permission.ROLES_EDIT, Permission.ALARMS_READ}
        ),
        14,
        is_wide=True,
        seat=COMMUNE,
        appoints=_IN_COMMUNE | {"commune_officer"},
    ),
    Role(
        SUPPORT,
        _("Hỗ trợ kĩ thuật"),
        _("Không xem gì; xin từng trường cho vào hỗ trợ trong vài giờ."),
        frozenset({Permission.SUPPORT_ASK}),
        15,
        is_wide=True,
        seat=PROVINCE,
    ),
    Role(
        "support_access",
        _("Hỗ trợ tại trường, chỉ xem"),
        _("Xem hồ sơ của một trường trong vài giờ trường cho; trường thấy đã xem gì."),
        _LOOKING,
        16,
        is_wide=True,
    ),
    Role(
        "support_repair",
        _("Hỗ trợ tại trường, được sửa"),
        _("Xem và sửa hồ sơ của một trường trong vài giờ trường cho; trường thấy đã xem gì."),
        _LOOKING | _RECORDS_OF_SCHOOL - {Permission.BULK_EDIT, Permission.LETTERS_KEEP, Permission.PEOPLE_MERGE},
        17,
        is_wide=True,
    ),
)
