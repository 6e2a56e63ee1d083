"""The door of the registry."""

from phuong.registry.access import class_for, organisation_for, organisations_seen_by, people_seen_by, person_for
from phuong.registry.actions.codelists import catalog_of, load_code_lists
from phuong.registry.actions.people import link_guardian, note_identity_level, set_work_emails
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Guardianship,
    Lineage,
    Organisation,
    OrganisationAlias,
    Person,
    Qualification,
    School,
    StaffPosition,
    TeachingAssignment,
)
from phuong.registry.queries import (
    classes_of,
    communes_of,
    department_of,
    largest_commune,
    organisation_by_code,
    organisation_url,
    people_by_number,
    province_of,
    schools_within,
    wards_of,
)
from phuong.registry.rules import check_number, names_side_by_side

__all__ = [
    "ClassGroup",
    "Enrolment",
    "FocalPoint",
    "Guardianship",
    "Lineage",
    "Organisation",
    "OrganisationAlias",
    "Person",
    "Qualification",
    "School",
    "StaffPosition",
    "TeachingAssignment",
    "catalog_of",
    "check_number",
    "class_for",
    "classes_of",
    "communes_of",
    "department_of",
    "largest_commune",
    "names_side_by_side",
    "link_guardian",
    "note_identity_level",
    "load_code_lists",
    "organisation_by_code",
    "organisation_for",
    "organisation_url",
    "organisations_seen_by",
    "people_by_number",
    "people_seen_by",
    "person_for",
    "province_of",
    "schools_within",
    "set_work_emails",
    "wards_of",
]
