"""Ready-made pairs for any app's tests."""

from typing import Any

from phuong.matching.actions.merging import common_place
from phuong.matching.linking.fields import FIELDS
from phuong.matching.models import Pair
from phuong.registry.api import Person


def a_pair(one: Person, two: Person, **facts: Any) -> Pair:
    """Make a pair of two records as a run would have found it."""
    first, second = sorted((one, two), key=lambda person: person.pk)
    facts.setdefault("evidence", dict.fromkeys((field.code for field in FIELDS), "equal"))
    path = common_place(str(one.path), str(two.path))
    facts = {"weight": 20.0, "probability": 0.999, "is_sure": True, "path": path, **facts}
    return Pair.objects.create(one=first.pk, two=second.pk, **facts)
