"""History by row triggers: every change of a row, by whatever way, keeps the row as it was before."""

from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def keep_old_rows(model: M) -> M:
    """Track ``model``: each update and delete stores the old row, with account and reason (context).

    The present row and its kept old rows together are the whole history, so a bulk load costs nothing extra.
    """
    track = pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        obj_field=None if model._meta.pk.remote_field else pghistory.ObjForeignKey(related_name="history"),
        meta={"default_permissions": ()},
    )
    return track(model)  # type: ignore[no-any-return]
