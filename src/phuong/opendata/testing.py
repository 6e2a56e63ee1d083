"""Open data for tests."""

from phuong.kernel.scope import SYSTEM, Actor
from phuong.opendata.actions import open_dataset
from phuong.opendata.models import Publication

OFFICER = Actor(scope="vn.p31", name="Chuyên viên", permissions=SYSTEM.permissions)


def an_open_dataset(code: str = "truong-hoc") -> Publication:
    """Open a dataset of Hải Phòng."""
    return open_dataset(code, by=OFFICER)
