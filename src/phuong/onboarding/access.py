"""Who keeps the accounts of a school: those who keep its records of persons."""

from uuid import UUID

from django.db.models import Q, QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.onboarding.models import Claim, LetterFile, Purpose
from phuong.registry.api import ClassGroup, Organisation, class_for, organisation_for

MAY_KEEP = Permission.LETTERS_KEEP


def school_for(actor: Actor, organisation_id: UUID) -> Organisation:
    """Find a school whose accounts the actor keeps.

    :raises NotThere: unknown, elsewhere, or no school
    """
    found = organisation_for(actor, organisation_id)
    if not actor.may(MAY_KEEP) or found.kind != "school":
        raise NotThere
    return found


def kept_class_for(actor: Actor, class_id: UUID) -> ClassGroup:
    """Find a class whose accounts the actor keeps.

    :raises NotThere: unknown, elsewhere, or not for this actor
    """
    if not actor.may(MAY_KEEP):
        raise NotThere
    return class_for(actor, class_id)


def files_seen_by(actor: Actor) -> QuerySet[LetterFile]:
    """Give the printed letters of the actor's place; new codes for accounts in use are only for who asked for them.

    Another keeper of the same school may reach less: a clerk, who may not renew a principal's code, takes none.
    """
    if not actor.scope or not actor.may(MAY_KEEP):
        return LetterFile.objects.none()
    own = ~Q(purpose=Purpose.RENEW) | Q(asked_by=actor.account_id, asked_by__isnull=False)
    return LetterFile.objects.filter(own, path__under=actor.scope)


def file_for(actor: Actor, file_id: UUID) -> LetterFile:
    """Find printed letters the actor may take.

    :raises NotThere: unknown, deleted, elsewhere, or not for this actor
    """
    found = files_seen_by(actor).select_related("class_group", "organisation").filter(pk=file_id).first()
    if found is None:
        raise NotThere
    return found


def claim_for(actor: Actor, claim_id: UUID) -> Claim:
    """Find a waiting claim on a child of the actor's place.

    :raises NotThere: unknown, decided already, elsewhere, or not for this actor
    """
    rows = Claim.objects.filter(path__under=actor.scope) if actor.scope else Claim.objects.none()
    found = rows.select_related("learner", "account__person").filter(pk=claim_id, state=Claim.State.WAITING).first()
    if found is None or not actor.may(MAY_KEEP):
        raise NotThere
    return found
