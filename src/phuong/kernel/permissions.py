"""What a role may do: one list of names for the whole house."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may do, within its scope; ``app:thing:act``."""

    PERSONS_READ = "registry:persons:read"
    STAFF_READ = "registry:staff:read"
    FACILITIES_READ = "facilities:rooms:read"
    EXPORT = "registry:persons:export"
    OWN_READ = "registry:own:read"
    TOTALS_READ = "measures:totals:read"
    RECORDS_READ = "measures:records:read"
    MEASURES_RUN = "measures:run"
    PLANS_READ = "plans:read"
    PLANS_EDIT = "plans:edit"
    JOBS_READ = "kernel:jobs:read"
    AUDIT_READ = "kernel:audit:read"
