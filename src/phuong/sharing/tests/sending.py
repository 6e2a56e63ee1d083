"""What tests of deliveries share: learners, runs, how a service stands afterwards."""

from typing import Any

from django.utils import timezone

from phuong.kernel.jobs import Progress
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_learner
from phuong.sharing.declarations import data_services
from phuong.sharing.jobs import send
from phuong.sharing.models import Delivery, Service
from phuong.sharing.queries import Line
from phuong.sharing.rules import Standing

CITY = "city/learners"


class Stops(Progress):
    """Raises something at the step of the given number, as a kill or somebody's wish does."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        super().__init__()
        self.left, self.error = at, error

    def step(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1
        if not self.left:
            raise self.error


def learners(school: Organisation, count: int) -> list[Person]:
    group = school.classes.first() or a_class(school)
    return [a_learner(school, group, name=f"Đỗ Khánh {letter}") for letter in "ABCDEFGHIJ"[:count]]


def run(service: Service, **options: Any) -> dict[str, Any]:
    progress = options.pop("progress", Progress())
    return dict(send(progress, service=str(service.pk), patience=0, **options))


def kept(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


def standing(service: Service) -> Standing:
    return Line(data_services()[service.code], kept(service)).standing


def wait_no_more() -> None:
    Delivery.objects.filter(state="open").update(next_at=timezone.now(), held_by=None)
