"""A guardian claims a child with what only the family and the school know; the school decides what agrees partly."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from phuong.identity.api import Account, check_tries, follow_facts, note_failed_try
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.onboarding.access import claim_for
from phuong.onboarding.actions.codes import open_code
from phuong.onboarding.errors import CannotClaim
from phuong.onboarding.models import Claim, Purpose
from phuong.onboarding.rules import ChildFacts, agreeing
from phuong.registry.api import Enrolment, Guardianship, Person, link_guardian

_ALL = frozenset({"birth_date", "class_name"})


@dataclass(frozen=True)
class Told:
    """What a guardian typed about a child."""

    child_code: str
    facts: ChildFacts
    letter_code: str
    relation: str


def claim_child(told: Told, *, by: Actor) -> Claim | None:
    """Link a guardian's account with a child, or leave it to the school; ``None`` when nothing fits.

    Child's code and letter code must be right; with both facts right too the child is linked at once, unless somebody
    has no custody of this child: then the school decides. Failed tries are counted by account and by letter code.

    :raises TooManyTries: ten failed tries in a quarter of an hour
    :raises NotThere: nobody acts
    """
    if by.account_id is None:
        raise NotThere
    tries = f"claim {by.account_id}"
    with acting(replace(by, scope=ROOT)):
        check_tries(tries)
        claim = _claimed(told, by.account_id)
        if claim is None:
            note_failed_try(tries)
            record("onboarding.claim_failed", on_kind="account", on_id=by.account_id)
        return claim


@transaction.atomic
def _claimed(told: Told, account_id: UUID) -> Claim | None:
    account = Account.objects.select_related("person").get(pk=account_id)
    sitting = Enrolment.objects.filter(ends_on__isnull=True, learner__code=told.child_code, learner__is_learner=True)
    row = sitting.exclude(learner__code="").select_related("learner", "class_group").first()
    kept = open_code(row.learner_id if row else None, Purpose.CLAIM, told.letter_code)
    if row is None or kept is None or account.person is None or account.person_id == row.learner_id:
        return None
    learner = row.learner
    if _is_kept_away(account.person, learner):
        return None
    agrees = agreeing(told.facts, ChildFacts(learner.birth_date, row.class_group.name))
    if not agrees:
        return None
    claim, _is_new = Claim.objects.update_or_create(
        account=account,
        learner=learner,
        state=Claim.State.WAITING,
        defaults={"path": learner.path, "relation": told.relation, "agrees": sorted(agrees)},
    )
    if agrees == _ALL and not Guardianship.objects.filter(learner=learner, custody="none").exists():
        _accept(claim, account.person, "")
    return claim


def _is_kept_away(guardian: Person, learner: Person) -> bool:
    """Say whether somebody who may be this person has no custody of the child: the same record, number, or name."""
    same = Q(guardian=guardian) | Q(guardian__search_key=guardian.search_key)
    if guardian.number_hash:
        same |= Q(guardian__number_hash=guardian.number_hash)
    return Guardianship.objects.filter(same, learner=learner, custody="none").exists()


def _accept(claim: Claim, guardian: Person, decided_by: str) -> None:
    others = Guardianship.objects.filter(learner=claim.learner, ends_on__isnull=True).exclude(guardian=guardian)
    link_guardian(guardian, claim.learner, relation=claim.relation, custody="shared" if others.exists() else "full")
    claim.state, claim.decided_at, claim.decided_by_name = Claim.State.ACCEPTED, timezone.now(), decided_by
    claim.save(update_fields=["state", "decided_at", "decided_by_name"])
    follow_facts([guardian.pk])
    record("onboarding.child_claimed", on_kind="claim", on_id=claim.pk, path=claim.path)


@transaction.atomic
def decide_claim(claim_id: UUID, *, accept: bool, by: Actor) -> None:
    """Accept or refuse a claim that waits.

    :raises NotThere: decided already, or not for this actor
    :raises CannotClaim: custody of this child says no
    """
    claim = claim_for(by, claim_id)
    with acting(replace(by, scope=ROOT)):  # the guardian's record may be kept by another school
        claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        if claim.state != Claim.State.WAITING:
            raise NotThere
        guardian = claim.account.person
        if accept:
            if guardian is None or _is_kept_away(guardian, claim.learner):
                raise CannotClaim
            _accept(claim, guardian, by.name)
            return
        claim.state, claim.decided_at, claim.decided_by_name = Claim.State.REFUSED, timezone.now(), by.name
        claim.save(update_fields=["state", "decided_at", "decided_by_name"])
        record("onboarding.claim_refused", on_kind="claim", on_id=claim.pk, path=claim.path)
