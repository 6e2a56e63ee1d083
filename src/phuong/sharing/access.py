"""Who may see and run data services: whoever holds the right at the place of a whole province."""

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, depth
from phuong.registry.api import Organisation, province_of
from phuong.sharing.declarations import DataService, data_services
from phuong.sharing.models import Delivery, Service

PROVINCE_DEPTH = 2


def province_for(actor: Actor) -> Organisation:
    """Give the province whose data the actor may share.

    :raises NotThere: the right is missing, or the actor does not stand at a province
    """
    if not actor.may(Permission.DATA_SHARE) or depth(actor.scope) != PROVINCE_DEPTH:
        raise NotThere
    found = province_of(actor.scope)
    if found is None or found.path != actor.scope:
        raise NotThere
    return found


def may_change(actor: Actor) -> bool:
    """Say whether the actor may do more than look: not while looking back to a past day."""
    return actor.as_of is None


def services_seen_by(actor: Actor) -> QuerySet[Service]:
    """Give the services of the actor's province that somebody has dealt with."""
    return Service.objects.filter(path=province_for(actor).path)


def deliveries_seen_by(actor: Actor) -> QuerySet[Delivery]:
    """Give the deliveries of the actor's province."""
    return Delivery.objects.filter(path=province_for(actor).path)


def service_for(actor: Actor, code: str) -> DataService:
    """Find a service of the catalogue.

    :raises NotThere: there is none, or it is not for this actor
    """
    province_for(actor)
    found = data_services().get(code)
    if found is None:
        raise NotThere
    return found
