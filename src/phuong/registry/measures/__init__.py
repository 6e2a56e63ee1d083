"""What the registry counts, by subject."""

from phuong.kernel.expressions import this_school_year
from phuong.registry.measures import learners, people, quality, schools, units
from phuong.registry.measures.populations import (
    CLASSES,
    GENERAL_LEVELS,
    LEARNERS,
    NO,
    PRESCHOOL_LEVELS,
    RECORDS,
    SCHOOLS,
    SECONDARY_LEVELS,
    STAFF,
    classes_table,
    communes_table,
    schools_table,
    staff_table,
)

MEASURES = (*schools.MEASURES, *learners.MEASURES, *people.MEASURES, *units.MEASURES, *quality.MEASURES)

__all__ = [
    "CLASSES",
    "GENERAL_LEVELS",
    "LEARNERS",
    "MEASURES",
    "NO",
    "PRESCHOOL_LEVELS",
    "RECORDS",
    "SCHOOLS",
    "SECONDARY_LEVELS",
    "STAFF",
    "classes_table",
    "communes_table",
    "schools_table",
    "staff_table",
    "this_school_year",
]
