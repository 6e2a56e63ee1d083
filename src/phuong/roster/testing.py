"""Ready-made rows of rosters for any app's tests."""

from phuong.kernel.vault import seal_bytes
from phuong.registry.api import Organisation
from phuong.roster.models import Bundle


def a_bundle(unit: Organisation, content: bytes = b"PK") -> Bundle:
    """Make a bundle of a unit as a job would leave it."""
    return Bundle.objects.create(
        path=unit.path, organisation=unit, content=seal_bytes(content), size=len(content), people=1, made_by="x"
    )
