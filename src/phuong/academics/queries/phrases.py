"""The phrase bank as its readers see it: the own phrases and those the school shares."""

from uuid import UUID

from django.db.models import Q, QuerySet

from phuong.academics.models import Phrase
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation

HOMEROOM = "homeroom"  # in place of a subject: of the homeroom teacher's remarks


def school_of(actor: Actor) -> Organisation:
    """Give the school the actor is at.

    :raises NotThere: the actor is at none
    """
    found = Organisation.objects.filter(path=actor.scope or "none", kind__in=("school", "campus")).first()
    if found is None:
        raise NotThere
    return found


def own_phrases(school: Organisation, account: UUID | None) -> QuerySet[Phrase]:
    """Give the phrases of an account at a school; ``None``: the shared ones."""
    return Phrase.objects.filter(organisation=school, account=account)


def phrases_for(actor: Actor, subject: str | None = None) -> QuerySet[Phrase]:
    """Give the phrases somebody may use, of one subject or of all: the own ones first, then the school's."""
    rows = Phrase.objects.filter(path=actor.scope or "none").filter(Q(account=None) | Q(account=actor.account_id))
    if subject is not None:
        rows = rows.filter(subject__in=("", subject))
    return rows.order_by("account", "subject", "id")  # nulls last: the school's come after


def phrase_for(actor: Actor, phrase_id: UUID) -> Phrase:
    """Find a phrase the actor may take out: an own one, a shared one by who manages marks.

    :raises NotThere: unknown, elsewhere, somebody else's
    """
    found = phrases_for(actor).filter(pk=phrase_id).first()
    if found is None or (found.account is None and not actor.may(Permission.MARKS_MANAGE)):
        raise NotThere
    return found
