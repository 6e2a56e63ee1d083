"""The client: a connection with one key, and what it reaches."""

from types import TracebackType
from typing import Any, Self

import httpx

from phuong_client import shapes
from phuong_client.calls import Calls
from phuong_client.resources import Feed, Plans, Resource, Tasks

RESOURCES = (
    "learners",
    "staff",
    "guardians",
    "guardianships",
    "classes",
    "enrolments",
    "positions",
    "qualifications",
    "teaching-assignments",
    "schools",
    "organisations",
    "focal-points",
    "buildings",
    "rooms",
    "equipment",
    "programmes",
)


class Client:
    """A connection with one key. ``with Client(address, key) as phuong: phuong.learners.list()``."""

    learners: Resource[shapes.LearnersItem, shapes.LearnersValues]
    staff: Resource[shapes.StaffItem, shapes.StaffValues]
    guardians: Resource[shapes.GuardiansItem, shapes.GuardiansValues]
    guardianships: Resource[shapes.GuardianshipsItem, shapes.GuardianshipsValues]
    classes: Resource[shapes.ClassesItem, shapes.ClassesValues]
    enrolments: Resource[shapes.EnrolmentsItem, shapes.EnrolmentsValues]
    positions: Resource[shapes.PositionsItem, shapes.PositionsValues]
    qualifications: Resource[shapes.QualificationsItem, shapes.QualificationsValues]
    teaching_assignments: Resource[shapes.TeachingAssignmentsItem, shapes.TeachingAssignmentsValues]
    schools: Resource[shapes.SchoolsItem, shapes.SchoolsValues]
    organisations: Resource[shapes.OrganisationsItem, shapes.OrganisationsValues]
    focal_points: Resource[shapes.FocalPointsItem, shapes.FocalPointsValues]
    buildings: Resource[shapes.BuildingsItem, shapes.BuildingsValues]
    rooms: Resource[shapes.RoomsItem, shapes.RoomsValues]
    equipment: Resource[shapes.EquipmentItem, shapes.EquipmentValues]
    programmes: Resource[shapes.ProgrammesItem, shapes.ProgrammesValues]

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        tries: int = 3,
        timeout: float = 30,
    ) -> None:
        """Open a connection that is kept alive; ``base_url`` ends in ``/api/v1/``."""
        self._calls = Calls(base_url, key, transport=transport, tries=tries, timeout=timeout)
        self.call = self._calls.call
        self.tasks, self.plans = Tasks(self._calls, "tasks"), Plans(self._calls)
        self.feed = Feed(self._calls)
        for name in RESOURCES:
            resource: Resource[Any, Any] = Resource(self._calls, name)
            setattr(self, name.replace("-", "_"), resource)

    def resource(self, name: str) -> Resource[Any, Any]:
        """Give a resource by its name in addresses, one of `RESOURCES`."""
        found: Resource[Any, Any] = getattr(self, name.replace("-", "_"))
        return found

    def code_list(self, name: str) -> dict[str, tuple[str, str]]:
        """Give an official code list: ``{code: (Vietnamese title, English title)}``."""
        entries = self._calls.call("GET", f"code-lists/{name}")
        return {each["code"]: (each["title"], each["title_en"]) for each in entries}

    def __enter__(self) -> Self:
        """Stay open for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._calls.close()
