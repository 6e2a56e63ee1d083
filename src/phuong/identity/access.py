"""Which roles somebody may take on."""

from typing import Any

from phuong.identity.models import RoleAssignment
from phuong.kernel.refusals import NotThere

ROLE_SESSION_KEY = "role"


def held_assignment(request: Any, key: str) -> RoleAssignment:
    """Find one of the account's own roles that is valid today.

    :raises NotThere: the role is somebody else's, over, or unknown
    """
    for assignment in request.standing.assignments:
        if str(assignment.pk) == key:
            return assignment  # type: ignore[no-any-return]
    raise NotThere
