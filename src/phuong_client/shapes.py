"""The shapes of what is read and written; made from docs/openapi.json by tools/openapi.py."""

from typing import Literal, NotRequired, TypedDict

CodeClassKind = Literal["single", "multi_grade", "boarding", "two_sessions", "inclusive", "specialised", "bilingual"]
CodeConnectionKind = Literal["fiber", "broadband", "mobile", "none"]
CodeConstructionKind = Literal["solid", "semi_solid", "temporary", "borrowed"]
CodeContractKind = Literal["permanent", "fixed_term", "probation", "decree_111", "labour_permanent", "labour_fixed", "visiting"]
CodeCustody = Literal["full", "shared", "none_contact_allowed", "none"]
CodeEnrolmentStatus = Literal["studying", "transferred_in", "transferred_out", "transferred_out_of_province", "dropped_out", "deferred", "repeating", "completed", "graduated", "deceased"]
CodeEquipmentCondition = Literal["good", "fair", "repair", "broken", "disposed"]
CodeEquipmentKind = Literal["computer", "laptop", "tablet", "projector", "interactive_board", "television", "camera", "document_camera", "audio", "conference", "robot_kit", "stem_kit", "printer_3d", "printer", "scanner", "server", "network", "security_camera", "lab_set", "minimum_set", "sport_set", "music_set", "toy_set", "outdoor_toy"]
CodeEthnicity = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52", "53", "54", "55"]
CodeFocalDuty = Literal["leader", "it", "statistics", "security", "core_team"]
CodeGuardianRelation = Literal["father", "mother", "grandparent", "sibling", "guardian", "other"]
CodeLeavingReason = Literal["hardship", "weak_results", "far_from_school", "illness", "disability", "work", "early_marriage", "moved_with_family", "vocational", "abroad", "disaster", "violence", "lost_interest", "discipline", "other"]
CodeNationality = Literal["VN", "CN", "TW", "KR", "JP", "LA", "KH", "TH", "SG", "MY", "PH", "ID", "MM", "IN", "AU", "NZ", "US", "CA", "GB", "FR", "DE", "RU", "UA", "PL", "CZ", "NL", "IT"]
CodeOrganisationKind = Literal["country", "province", "department", "division", "commune", "ward", "special_zone", "school", "campus"]
CodeOwnership = Literal["public", "community", "private", "foreign"]
CodeProgrammeKind = Literal["stem", "startup", "digital_skills", "ai", "robotics", "science_research", "art", "sport", "foreign_language", "career_guidance", "two_sessions", "life_skills", "reading", "cyber_safety", "traffic_safety", "swimming", "inclusive", "local_heritage"]
CodeQualificationLevel = Literal["none", "elementary", "intermediate", "college", "bachelor", "master", "doctor"]
CodeRegion = Literal["delta", "mountain", "highland", "island"]
CodeRoomKind = Literal["classroom", "subject_room", "computer_room", "language_room", "laboratory", "stem_room", "smart_classroom", "studio", "music_room", "art_room", "inclusion_room", "group_room", "gym", "playground", "library", "counselling", "office", "staff_room", "meeting", "server_room", "tradition_room", "youth_room", "medical", "kitchen", "canteen", "dormitory", "toilet", "storage", "guard"]
CodeSchoolLevel = Literal["nursery", "kindergarten", "primary", "lower_secondary", "upper_secondary", "continuing"]
CodeSchoolType = Literal["preschool", "kindergarten", "nursery", "independent_group", "primary", "lower_secondary", "primary_lower_secondary", "upper_secondary", "lower_upper_secondary", "multi_level", "specialised", "talent", "ethnic_boarding", "ethnic_semi_boarding", "special_needs", "continuing", "vocational_continuing", "vocational_secondary"]
CodeSex = Literal["male", "female"]
CodeStaffPosition = Literal["principal", "deputy_principal", "director", "deputy_director", "head_of_group", "deputy_head_of_group", "teacher", "homeroom_teacher", "youth_leader", "youth_union_secretary", "union_chair", "office_head", "academic_registrar", "counsellor", "inclusion_support", "equipment", "it", "librarian", "accountant", "cashier", "clerk", "medical", "cook", "caretaker", "guard"]
CodeSubject = Literal["TIENGVIET", "NGUVAN", "TOAN", "NN1", "NN2", "TIENGDT", "DAODUC", "TNXH", "LSDLTH", "KHOAHOC", "TINCN", "GDCD", "LSDL", "KHTN", "LICHSU", "DIALI", "GDKTPL", "VATLI", "HOAHOC", "SINHHOC", "CONGNGHE", "TINHOC", "GDTC", "NGHETHUAT", "AMNHAC", "MITHUAT", "GDQPAN", "HDTN", "GDDP"]


class BuildingsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    name: str | None
    construction: CodeConstructionKind | None
    built_in: int | None


class BuildingsValues(TypedDict):
    """Values to write."""

    name: NotRequired[str | None]
    construction: NotRequired[CodeConstructionKind | None]
    built_in: NotRequired[int | None]


class ClassesItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    name: str | None
    school_year: int | None
    level: CodeSchoolLevel | None
    grade: int | None
    kind: CodeClassKind | None
    two_sessions: bool | None
    homeroom: str | None


class ClassesValues(TypedDict):
    """Values to write."""

    name: NotRequired[str | None]
    school_year: NotRequired[int | None]
    level: NotRequired[CodeSchoolLevel | None]
    grade: NotRequired[int | None]
    kind: NotRequired[CodeClassKind | None]
    two_sessions: NotRequired[bool | None]
    homeroom: NotRequired[str | None]


class DoubtItem(TypedDict):
    """What the scan of a plan left in doubt, and how it was settled."""

    id: str
    about_kind: str
    about_code: str
    text: str
    settled_at: str | None
    settled_by: str
    settlement: str


class DutyItem(TypedDict):
    """A reporting duty of a plan, as printed."""

    id: str
    code: str
    who: str
    what: str
    when: str


class EnrolmentsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    class_group: str | None
    since: str | None
    status: CodeEnrolmentStatus | None
    reason: CodeLeavingReason | None
    organisation: str | None
    ended_on: str | None


class EnrolmentsValues(TypedDict):
    """Values to write."""

    class_group: NotRequired[str | None]
    since: NotRequired[str | None]
    status: NotRequired[CodeEnrolmentStatus | None]
    reason: NotRequired[CodeLeavingReason | None]


class EquipmentItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    kind: CodeEquipmentKind | None
    room: str | None
    quantity: int | None
    working: int | None
    acquired_on: str | None
    asset_code: str | None
    condition: CodeEquipmentCondition | None
    is_connected: bool | None
    used_for: Literal["teaching", "learning", "managing"] | None


class EquipmentValues(TypedDict):
    """Values to write."""

    kind: NotRequired[CodeEquipmentKind | None]
    room: NotRequired[str | None]
    quantity: NotRequired[int | None]
    working: NotRequired[int | None]
    acquired_on: NotRequired[str | None]
    asset_code: NotRequired[str | None]
    condition: NotRequired[CodeEquipmentCondition | None]
    is_connected: NotRequired[bool | None]
    used_for: NotRequired[Literal["teaching", "learning", "managing"] | None]


class FeedEvent(TypedDict):
    """Something that happened to one record; the record itself is read at ``href``."""

    id: str
    cursor: str
    at: str
    kind: Literal["learners", "staff", "guardians", "guardianships", "classes", "enrolments", "positions", "qualifications", "teaching-assignments", "schools", "organisations", "focal-points", "buildings", "rooms", "equipment", "programmes", "tasks"]
    resource_id: str
    act: Literal["made", "changed", "key_changed", "moved_away", "removed"]
    before: str | None
    after: str | None
    href: str


class FileItem(TypedDict):
    """One file, without its content."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    added_at: str


class FocalPointsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    duty: CodeFocalDuty | None
    full_name: str | None
    person: str | None
    post: str | None
    phone: str | None
    email: str | None
    starts_on: str | None
    ended_on: str | None


class FocalPointsValues(TypedDict):
    """Values to write."""

    duty: NotRequired[CodeFocalDuty | None]
    full_name: NotRequired[str | None]
    person: NotRequired[str | None]
    post: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    starts_on: NotRequired[str | None]


class Following(TypedDict):
    """From where, and what."""

    after: str
    kinds: list[Literal["learners", "staff", "guardians", "guardianships", "classes", "enrolments", "positions", "qualifications", "teaching-assignments", "schools", "organisations", "focal-points", "buildings", "rooms", "equipment", "programmes", "tasks"]]
    limit: int


class Given(TypedDict):
    """The tasks that were made; units that had it already are passed over."""

    count: int
    items: list[str]


class GuardiansItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    full_name: str | None
    birth_date: str | None
    sex: CodeSex | None
    address: str | None
    phone: str | None
    email: str | None
    code: str | None


class GuardiansValues(TypedDict):
    """Values to write."""

    full_name: NotRequired[str | None]
    birth_date: NotRequired[str | None]
    sex: NotRequired[CodeSex | None]
    number: NotRequired[str | None]
    address: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class GuardianshipsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    relation: CodeGuardianRelation | None
    custody: CodeCustody | None
    contact_order: int | None
    guardian: str | None
    ended_on: str | None


class GuardianshipsValues(TypedDict):
    """Values to write."""

    full_name: NotRequired[str | None]
    birth_date: NotRequired[str | None]
    sex: NotRequired[CodeSex | None]
    number: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    relation: NotRequired[CodeGuardianRelation | None]
    custody: NotRequired[CodeCustody | None]
    contact_order: NotRequired[int | None]


class KeyChange(TypedDict):
    """A record whose official code changed; or that goes on for another (``before``), as two were one person's."""

    id: str
    before: str
    after: str


class LearnersItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    full_name: str | None
    birth_date: str | None
    sex: CodeSex | None
    ethnicity: CodeEthnicity | None
    nationality: CodeNationality | None
    birthplace: str | None
    address: str | None
    phone: str | None
    email: str | None
    plays_art: bool | None
    plays_sport: bool | None
    code: str | None


class LearnersValues(TypedDict):
    """Values to write."""

    full_name: NotRequired[str | None]
    birth_date: NotRequired[str | None]
    sex: NotRequired[CodeSex | None]
    number: NotRequired[str | None]
    ethnicity: NotRequired[CodeEthnicity | None]
    nationality: NotRequired[CodeNationality | None]
    birthplace: NotRequired[str | None]
    address: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    plays_art: NotRequired[bool | None]
    plays_sport: NotRequired[bool | None]


class OrganisationsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    short_name: str | None
    opened_on: str | None
    latitude: float | None
    longitude: float | None
    code: str | None
    name: str | None
    kind: CodeOrganisationKind | None
    parent: str | None
    territory: str | None
    closed_on: str | None


class OrganisationsValues(TypedDict):
    """Values to write."""

    short_name: NotRequired[str | None]
    opened_on: NotRequired[str | None]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]


class PlanItem(TypedDict):
    """A plan."""

    code: str
    title: str
    issuer: str
    starts: int
    ends: int


class PlanTaskItem(TypedDict):
    """A task of a plan, as printed."""

    id: str
    code: str
    group: str
    title: str
    lead: list[str]
    partners: list[str]
    timing: str
    product: str
    is_withdrawn: bool


class PositionsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    position: CodeStaffPosition | None
    subject: CodeSubject | None
    contract: CodeContractKind | None
    is_main: bool | None
    since: str | None
    organisation: str | None
    ended_on: str | None


class PositionsValues(TypedDict):
    """Values to write."""

    position: NotRequired[CodeStaffPosition | None]
    subject: NotRequired[CodeSubject | None]
    contract: NotRequired[CodeContractKind | None]
    is_main: NotRequired[bool | None]
    since: NotRequired[str | None]


class ProgrammesItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    title: str | None
    school_year: int | None
    kind: CodeProgrammeKind | None
    is_club: bool | None
    members: int | None
    meetings: int | None
    starts_on: str | None
    ends_on: str | None
    evidence: str | None


class ProgrammesValues(TypedDict):
    """Values to write."""

    title: NotRequired[str | None]
    school_year: NotRequired[int | None]
    kind: NotRequired[CodeProgrammeKind | None]
    is_club: NotRequired[bool | None]
    members: NotRequired[int | None]
    meetings: NotRequired[int | None]
    starts_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]
    evidence: NotRequired[str | None]


class ProgressItem(TypedDict):
    """One line of what happened to a task."""

    id: str
    kind: Literal["note", "reminder", "state"]
    text: str
    percent: int | None
    on: str
    at: str
    by: str


class QualificationsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    level: CodeQualificationLevel | None
    field: str | None
    awarded_by: str | None
    awarded_on: str | None


class QualificationsValues(TypedDict):
    """Values to write."""

    level: NotRequired[CodeQualificationLevel | None]
    field: NotRequired[str | None]
    awarded_by: NotRequired[str | None]
    awarded_on: NotRequired[str | None]


class Removed(TypedDict):
    """A record that is gone, or lies outside the client's place now."""

    id: str
    at: str


class ReportedItem(TypedDict):
    """What a unit reported officially for an indicator on a day; beside what is counted, never mixed with it."""

    id: str
    indicator: str
    of: str
    period: str
    as_of: str
    version: NotRequired[int]
    state: str
    value: str
    numerator: int | None
    denominator: int | None
    source: str
    comment: str
    review_comment: str
    written_at: str


class Reporting(TypedDict):
    """What a unit reports of a month: a value, or numerator and denominator."""

    indicator: NotRequired[str]
    of: NotRequired[str | None]
    period: NotRequired[str]
    value: NotRequired[float | str | None]
    numerator: NotRequired[int | None]
    denominator: NotRequired[int | None]
    source: NotRequired[str]
    comment: NotRequired[str]
    reason: NotRequired[str]


class RoomsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    name: str | None
    building: str | None
    kind: CodeRoomKind | None
    construction: CodeConstructionKind | None
    area_m2: int | None
    seats: int | None
    has_internet: bool | None
    in_use: bool | None


class RoomsValues(TypedDict):
    """Values to write."""

    name: NotRequired[str | None]
    building: NotRequired[str | None]
    kind: NotRequired[CodeRoomKind | None]
    construction: NotRequired[CodeConstructionKind | None]
    area_m2: NotRequired[int | None]
    seats: NotRequired[int | None]
    has_internet: NotRequired[bool | None]
    in_use: NotRequired[bool | None]


class SchoolsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    address: str | None
    phone: str | None
    email: str | None
    website: str | None
    region: CodeRegion | None
    standard_level: Literal["0", "1", "2"] | None
    standard_until: str | None
    connection: CodeConnectionKind | None
    connection_mbps: int | None
    connection_checked_on: str | None
    managed_here_since: str | None
    inventory_confirmed_on: str | None
    type: CodeSchoolType | None
    level: CodeSchoolLevel | None
    levels: list[CodeSchoolLevel] | None
    ownership: CodeOwnership | None


class SchoolsValues(TypedDict):
    """Values to write."""

    address: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    website: NotRequired[str | None]
    region: NotRequired[CodeRegion | None]
    standard_level: NotRequired[Literal["0", "1", "2"] | None]
    standard_until: NotRequired[str | None]
    connection: NotRequired[CodeConnectionKind | None]
    connection_mbps: NotRequired[int | None]
    connection_checked_on: NotRequired[str | None]
    managed_here_since: NotRequired[str | None]
    inventory_confirmed_on: NotRequired[str | None]


class StaffItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    full_name: str | None
    birth_date: str | None
    sex: CodeSex | None
    ethnicity: CodeEthnicity | None
    nationality: CodeNationality | None
    birthplace: str | None
    address: str | None
    phone: str | None
    email: str | None
    work_email: str | None
    code: str | None


class StaffValues(TypedDict):
    """Values to write."""

    full_name: NotRequired[str | None]
    birth_date: NotRequired[str | None]
    sex: NotRequired[CodeSex | None]
    number: NotRequired[str | None]
    ethnicity: NotRequired[CodeEthnicity | None]
    nationality: NotRequired[CodeNationality | None]
    birthplace: NotRequired[str | None]
    address: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    work_email: NotRequired[str | None]
    position: NotRequired[CodeStaffPosition | None]
    subject: NotRequired[CodeSubject | None]
    contract: NotRequired[CodeContractKind | None]
    since: NotRequired[str | None]


class StandingItem(TypedDict):
    """An indicator with its binding target and the figure counted over the client's area."""

    code: str
    title: str
    unit: str
    target: str | None
    actual: str | None
    numerator: int | None
    denominator: int | None
    source: str
    status: str


class TargetItem(TypedDict):
    """A version of the target of an indicator for a year; the latest version of a year binds."""

    id: str
    indicator: str
    year: int
    version: NotRequired[int]
    comparator: str
    value: str | None
    text: str
    reason: str
    is_withdrawn: bool
    written_at: str


class TaskItem(TypedDict):
    """A task given to one unit."""

    id: str
    of: str
    parent: str | None
    plan: str | None
    plan_task: str | None
    origin: str
    title: str
    responsibility: str
    person_name: str
    partners: list[str]
    product: str
    result: str
    timing: str
    starts_on: str | None
    due_on: str | None
    recurrence: str
    period: str
    state: Literal["open", "doing", "submitted", "done", "cancelled"]
    percent: int
    done_on: str | None
    given_by: str
    given_at: str


class TeachingAssignmentsItem(TypedDict):
    """One record as it is read."""

    id: str
    version: NotRequired[str | None]
    of: str | None
    class_group: str | None
    subject: CodeSubject | None
    periods: int | None
    since: str | None
    organisation: str | None
    ended_on: str | None


class TeachingAssignmentsValues(TypedDict):
    """Values to write."""

    class_group: NotRequired[str | None]
    subject: NotRequired[CodeSubject | None]
    periods: NotRequired[int | None]
    since: NotRequired[str | None]
