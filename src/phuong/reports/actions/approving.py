"""The way of a report through its chain: every stage recorded, none skipped; numbered and frozen when sent."""

import io
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from phuong.kernel.attachments import keep_file
from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.paper.api import Press, document_number
from phuong.registry.api import Organisation
from phuong.reports.access import chain_of, post_of, report_for
from phuong.reports.errors import NoReason, WrongSigner, WrongStep
from phuong.reports.files import FILES, file_name, paper_of
from phuong.reports.models import Print, Register, Report, Step
from phuong.reports.rules import ACTS, Signer, Stage, next_state, signers_for

ABBREVIATION = "BC"


class _Printed(io.BytesIO):
    """A paper as a file that can be kept."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name, self.size = name, len(content)


@dataclass(frozen=True)
class Word:
    """What goes with a step: a comment, and in which of the offered forms it is signed (place in the list)."""

    comment: str = ""
    signer: int = 0


@transaction.atomic
def take_step(report_id: UUID, *, act: str, by: Actor, word: Word | None = None) -> Report:
    """Take a report one step on: submit, approve, return, send. Sending numbers it and freezes its paper.

    :raises NotThere: not a step of this actor where the report stands
    :raises WrongStep: the step does not fit
    :raises NoReason: returned without a comment
    :raises WrongSigner: a form of signing the chain does not offer
    """
    if act not in ACTS:
        raise NotThere
    word = word or Word()
    report = report_for(by, report_id, act=act)
    chain = chain_of(report.organisation)
    stage = chain.stage_at(report.stage)
    moved = next_state(chain, report.state, report.stage, act)
    if moved is None:
        raise WrongStep
    if act == "return" and not word.comment.strip():
        raise NoReason
    report.state, report.stage = moved
    signer = _signer(stage, word, by) if act == "approve" else None
    if act in ("approve", "return"):
        report.approved_by = by.name if signer else ""
        report.signer_title, report.signer_authority = (signer.title, signer.authority) if signer else ("", "")
    if act == "send":
        report.sent_on = today()
        report.number = _next_number(report)
    report.save()
    step = Step(report=report, path=report.path, act=act, stage=stage.code, comment=word.comment, by_name=by.name)
    step.role, step.account_id = by.role, by.account_id
    step.signed_as = f"{signer.authority}\n{signer.title}".strip() if signer else ""
    step.save()
    if act == "send":
        _freeze(report, by)
    record(f"reports.{act}", on_kind="report", on_id=report.pk, note=report.number, path=report.path)
    return report


def _signer(stage: Stage, word: Word, by: Actor) -> Signer:
    offered = signers_for(stage, post_of(by))
    if not 0 <= word.signer < len(offered):
        raise WrongSigner
    return offered[word.signer]


def _freeze(report: Report, by: Actor) -> None:
    with Press() as press:
        printed = _Printed(file_name(report, "pdf"), press.pdf(paper_of(report)))
    keep_file(printed, on_kind=FILES, on_id=report.pk, path=report.path, permission=Permission.REPORTS_READ, by=by)
    Print.objects.filter(report=report).delete()


def _next_number(report: Report) -> str:
    """Take the next number of the unit's register of this year; two at once wait for each other."""
    unit, year = report.organisation, (report.sent_on or today()).year
    Register.objects.get_or_create(
        organisation=unit, year=year, abbreviation=ABBREVIATION, defaults={"path": report.path}
    )
    register = Register.objects.select_for_update().get(organisation=unit, year=year, abbreviation=ABBREVIATION)
    register.last += 1
    register.save(update_fields=["last"])
    return document_number(register.last, ABBREVIATION, issuer_of(unit))


def issuer_of(unit: Organisation) -> str:
    """Give the letters of the issuer in a number: SGDĐT of a department, else the official code."""
    return "SGDĐT" if unit.kind == "department" else unit.code
