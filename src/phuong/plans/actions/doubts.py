"""Settling what the scan left in doubt."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.plans.models import Doubt, Plan


@transaction.atomic
def settle_doubt(*, plan: Plan, doubt_id: UUID, words: str, by: Actor) -> Doubt:
    """Settle a doubt with what the original says; the doubt stays readable with who settled it and when.

    :raises NotThere: no such doubt in this plan
    """
    doubt = Doubt.objects.select_for_update().filter(plan=plan, pk=doubt_id).first()
    if doubt is None:
        raise NotThere
    doubt.settled_at, doubt.settled_by, doubt.settlement = timezone.now(), by.name, words
    doubt.save(update_fields=["settled_at", "settled_by", "settlement"])
    record("plans.doubt_settled", on_kind="doubt", on_id=doubt.pk, note=words)
    return doubt
