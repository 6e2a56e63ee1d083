"""The phrase bank: kept and taken out, one's own by oneself, the school's by who manages marks."""

from uuid import UUID

from django.db import transaction

from phuong.academics.errors import PhraseBankFull
from phuong.academics.models import Phrase
from phuong.academics.queries.phrases import own_phrases, phrase_for
from phuong.kernel.audit import record
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation

MOST = 300  # own ones of an account, shared ones of a school


@transaction.atomic
def add_phrase(school: Organisation, subject: str, text: str, *, is_shared: bool, by: Actor) -> Phrase:
    """Keep a phrase; one that is there already is given as it is. Who may share is for the caller to have checked.

    :raises PhraseBankFull: there are as many as a bank holds
    """
    account = None if is_shared else by.account_id
    facts = {"organisation": school, "account": account, "subject": subject, "text": text}
    found = Phrase.objects.filter(**facts).first()
    if found is not None:
        return found
    if own_phrases(school, account).count() >= MOST:
        raise PhraseBankFull
    made = Phrase.objects.create(path=school.path, **facts)
    if is_shared:
        record("academics.phrase_shared", on_kind="organisation", on_id=school.pk, note=text[:200], path=school.path)
    return made


@transaction.atomic
def remove_phrase(phrase_id: UUID, *, by: Actor) -> None:
    """Take a phrase out of the bank; remarks it stands in keep it.

    :raises NotThere: unknown, elsewhere, somebody else's
    """
    found = phrase_for(by, phrase_id)
    if found.account is None:
        note = found.text[:200]
        record("academics.phrase_withdrawn", on_kind="organisation", on_id=found.organisation_id, note=note)
    found.delete()
