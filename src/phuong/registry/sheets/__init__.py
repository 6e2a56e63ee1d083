"""The kinds of file that hold records of the registry."""

from phuong.registry.sheets.classes import CLASSES, ENROLMENTS, TEACHING
from phuong.registry.sheets.guardians import GUARDIANS
from phuong.registry.sheets.learners import LEARNERS
from phuong.registry.sheets.schools import SCHOOLS
from phuong.registry.sheets.staff import STAFF

SHEETS = (SCHOOLS, CLASSES, LEARNERS, STAFF, GUARDIANS, ENROLMENTS, TEACHING)
