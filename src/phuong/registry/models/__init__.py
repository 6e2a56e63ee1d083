"""Tables of the registry, one file per group."""

from phuong.registry.models.enrolment import ClassGroup, Enrolment
from phuong.registry.models.focal import FocalPoint
from phuong.registry.models.organisations import Lineage, Organisation, OrganisationAlias, School
from phuong.registry.models.people import FormerKey, Guardianship, Person
from phuong.registry.models.staff import Qualification, StaffPosition, TeachingAssignment

__all__ = [
    "ClassGroup",
    "Enrolment",
    "FocalPoint",
    "FormerKey",
    "Guardianship",
    "Lineage",
    "Organisation",
    "OrganisationAlias",
    "Person",
    "Qualification",
    "School",
    "StaffPosition",
    "TeachingAssignment",
]
