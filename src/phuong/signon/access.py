"""Who keeps which sites."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.signon.models import RelyingParty


def parties_seen_by(actor: Actor) -> QuerySet[RelyingParty]:
    """Give the sites of units within the actor's place."""
    rows = RelyingParty.objects.select_related("client", "organisation")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def party_for(actor: Actor, party_id: UUID, *, writing: bool = False) -> RelyingParty:
    """Find one site the actor keeps.

    :raises NotThere: unknown, elsewhere, or not for this actor
    """
    rows = parties_seen_by(actor).filter(pk=party_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None or not actor.may(Permission.CLIENTS_EDIT):
        raise NotThere
    return found
