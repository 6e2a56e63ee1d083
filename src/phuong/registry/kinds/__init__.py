"""The registry's kinds of record, declared for the desk, bulk changes and other systems."""

from phuong.registry.kinds.classes import CLASS, ENROLMENT
from phuong.registry.kinds.people import GUARDIAN, GUARDIANSHIP, LEARNER, STAFF
from phuong.registry.kinds.posts import POSITION, QUALIFICATION, TEACHING
from phuong.registry.kinds.units import FOCAL_POINT, SCHOOL, UNIT

KINDS = (
    LEARNER,
    STAFF,
    GUARDIAN,
    GUARDIANSHIP,
    CLASS,
    ENROLMENT,
    POSITION,
    QUALIFICATION,
    TEACHING,
    SCHOOL,
    UNIT,
    FOCAL_POINT,
)
