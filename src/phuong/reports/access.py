"""Who sees which reports, and who takes which step."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.identity.api import Account
from phuong.kernel.models import Job
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, depth
from phuong.registry.api import Organisation, StaffPosition
from phuong.reports.declarations import chains
from phuong.reports.models import Report
from phuong.reports.rules import ACTS, Chain, next_state, roles_for

RUN = "reports.draft_all"
SCHOOL_DEPTH = 4  # country, province, commune or department, school
NEEDED = {
    "write": Permission.REPORTS_WRITE,
    "submit": Permission.REPORTS_WRITE,
    "restate": Permission.REPORTS_WRITE,
    "approve": Permission.REPORTS_APPROVE,
    "return": Permission.REPORTS_APPROVE,
    "send": Permission.REPORTS_SEND,
}


def seen_by(actor: Actor) -> QuerySet[Report]:
    """Give the reports of units within the actor's place."""
    rows = Report.objects.select_related("organisation__parent", "organisation__territory", "replaces")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def chain_of(unit: Organisation) -> Chain:
    """Give the chain of approval of a unit.

    :raises NotThere: units of this kind do not report
    """
    chain = chains().get(unit.kind)
    if chain is None:
        raise NotThere
    return chain


def report_for(actor: Actor, report_id: UUID, *, act: str = "") -> Report:
    """Find one report the actor sees; with ``act`` locked, and only if the actor may do that.

    :raises NotThere: unknown, of a unit elsewhere, or not for this actor
    """
    rows = seen_by(actor).filter(pk=report_id)
    found = (rows.select_for_update(of=("self",)) if act else rows).first()
    if found is None or (act and not may_take(actor, found, act)):
        raise NotThere
    return found


def may_take(actor: Actor, report: Report, act: str) -> bool:
    """Say whether the chain gives this act to the actor, at that very unit, where the report stands now."""
    if not actor.may(NEEDED[act]) or actor.organisation_id != report.organisation_id:
        return False
    return actor.role in roles_for(chain_of(report.organisation), report.state, report.stage, act)


def acts_for(actor: Actor, report: Report) -> list[str]:
    """Give the steps the actor may take with a report now."""
    chain = chain_of(report.organisation)
    fitting = [act for act in ACTS if next_state(chain, report.state, report.stage, act)]
    return [act for act in fitting if may_take(actor, report, act)]


def post_of(actor: Actor) -> str:
    """Give the present main post of the acting person: a code of ``staff_position``, empty when not known."""
    account = Account.objects.filter(pk=actor.account_id).first() if actor.account_id else None
    if account is None or account.person_id is None:
        return ""
    posts = StaffPosition.objects.filter(person=account.person_id, is_main=True, ends_on__isnull=True)
    return posts.values_list("position", flat=True).first() or ""


def area_for_download(actor: Actor, area_id: UUID | None) -> Organisation:
    """Find the unit whose collected reports the actor wants; by default the whole place of the actor.

    :raises NotThere: unknown, or outside the actor's place
    """
    rows = Organisation.objects.filter(path__under=actor.scope) if actor.scope else Organisation.objects.none()
    found = rows.filter(pk=area_id).first() if area_id else rows.filter(path=actor.scope).first()
    if found is None:
        raise NotThere
    return found


def is_above_units(actor: Actor) -> bool:
    """Say whether units that report lie below the actor's place: a commune's, a province's, not a school's."""
    return 0 < depth(actor.scope) < SCHOOL_DEPTH


def may_draft_all(actor: Actor) -> bool:
    """Say whether the actor may have the reports of all schools below made."""
    return actor.may(Permission.REPORTS_WRITE) and is_above_units(actor)


def runs_of(actor: Actor) -> list[Job]:
    """Give the latest jobs that made reports within the actor's place."""
    return list(Job.objects.filter(name=RUN, path__under=actor.scope).order_by("-id")[:3]) if actor.scope else []


def run_for(actor: Actor, job_id: UUID) -> Job:
    """Find a job that makes reports, asked for within the actor's place.

    :raises NotThere: another job, or of another place
    """
    found = Job.objects.filter(pk=job_id, name=RUN, path__under=actor.scope).first() if actor.scope else None
    if found is None:
        raise NotThere
    return found
