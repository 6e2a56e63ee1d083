"""Builders for tests: an import at a step."""

from typing import Any

from phuong.intake.models import Batch
from phuong.kernel.today import today
from phuong.kernel.vault import seal_bytes

CONTENT = "Họ và tên,Ngày sinh,Giới tính\nLê Văn Mới,05/09/2013,Nam\n".encode()


def a_batch(unit: Any, **facts: Any) -> Batch:
    """Make an import of learners at a unit; checked unless said otherwise."""
    given: dict[str, Any] = {
        "kind": "learners",
        "name": "hs.csv",
        "digest": "x",
        "size": len(CONTENT),
        "content": seal_bytes(CONTENT),
        "mapping": {"0": "full_name", "1": "birth_date", "2": "sex"},
        "state": "checked",
        "effective_on": today(),
        "asked_by_name": "Hoa",
    }
    return Batch.objects.create(path=unit.path, unit=unit.pk, unit_path=unit.path, **{**given, **facts})
