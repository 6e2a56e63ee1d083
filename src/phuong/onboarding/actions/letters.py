"""Letters of one class or school, printed in one job into one file that only those who keep the class can take."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.identity.api import ACCOUNT_KINDS, Account, open_missing
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress, later
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.kernel.vault import seal, unseal
from phuong.onboarding.actions.codes import issue_codes
from phuong.onboarding.actions.renewing import Printer, renew_codes
from phuong.onboarding.models import LetterFile, Purpose
from phuong.onboarding.queries import (
    LEARNERS,
    LETTERS,
    ONE,
    Addressee,
    accounts_of,
    addressees,
    is_activated,
    people_at,
)
from phuong.onboarding.rules import CODE_DAYS, RENEW_DAYS, shown
from phuong.paper.api import Letter, print_letters
from phuong.registry.api import ClassGroup, Organisation


@dataclass(frozen=True)
class Sent:
    """From whom a letter comes, where its QR code leads, and what its codes are for."""

    sender: str
    site: str
    is_renewal: bool


def ask_letters(school: Organisation, group: ClassGroup | None, *, whom: str, site: str) -> Job:
    """Ask for the letters of a class, or of a school's staff; ``site``: where the QR code leads."""
    name = group.name if group else school.name
    title = _("In thư kích hoạt: %s") % name
    key = str(group.pk) if group else ""
    return later(LETTERS, title=title, path=school.path, school=str(school.pk), group=key, whom=whom, site=site)


def ask_renewals(group: ClassGroup, *, whom: str, site: str, printer: Printer) -> Job:
    """Ask for letters with new codes for those of a class who have set a password before."""
    school = group.organisation
    facts = {"school": str(school.pk), "group": str(group.pk), "whom": whom, "site": site}
    title = _("In thư cấp lại mã: %s") % group.name
    return later(LETTERS, title=title, path=school.path, **facts, renewal={"printer": printer.facts()})


def ask_renewal(school: Organisation, account: Account, *, site: str, printer: Printer) -> Job:
    """Ask for the letter with a new code of one person of a school, found by ``check_renewal``."""
    title = _("In thư cấp lại mã cho một người")  # no name: who looks after jobs sees no personal data
    facts = {"school": str(school.pk), "group": "", "whom": ONE, "site": site}
    renewal = {"printer": printer.facts(), "person": str(account.person_id)}
    return later(LETTERS, title=title, path=school.path, **facts, renewal=renewal)


def make_letters(
    progress: Progress,
    school: str,
    group: str,
    whom: str,
    site: str,
    renewal: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Print the letters of one job: accounts that lack are opened, old codes become void, one file comes out.

    ``renewal``: new codes for accounts in use: ``printer`` who asked for them, ``person`` where they are for one alone.

    Nothing is shared with other jobs: each has its own list, its own compiler and its own row. Run again, the file is
    printed anew, for the codes of the first are known to nobody but its paper.
    """
    progress.step(0, 1)
    job_id = progress.job_id or uuid7()
    with acting(SYSTEM):
        unit = Organisation.objects.get(pk=school)
        klass = ClassGroup.objects.get(pk=group, organisation=unit) if group else None
        one = people_at(unit).filter(pk=renewal["person"]).first() if renewal and whom == ONE else None
        people = ([Addressee(one, one, "")] if one else []) if whom == ONE else addressees(klass, unit, whom)
        sent = Sent(unit.name, site, is_renewal=renewal is not None)
        letters = _renewals(people, sent, renewal, unit) if renewal else _letters(people, sent, unit, whom)
        content = print_letters(letters, day=today()) if letters else b""
        LetterFile.objects.filter(job_id=job_id).delete()
        file = LetterFile.objects.create(
            path=unit.path,
            organisation=unit,
            class_group=klass,
            person=one,
            whom=whom,
            purpose=Purpose.RENEW if renewal else Purpose.ACTIVATE,
            job_id=job_id,
            asked_by=renewal["printer"]["account"] or None if renewal else None,
            asked=len(letters),
            made=len(letters) if content else 0,
            content=seal(base64.b64encode(content).decode()),
        )
        record("onboarding.letters_made", on_kind="letters", on_id=file.pk, note=f"{file.made}", path=unit.path)
    progress.step(1, 1)
    done = {"people": len(people), "asked": file.asked, "made": file.made, "done_already": len(people) - file.asked}
    return {**done, "url": reverse("onboarding:school", args=[unit.pk])}


def ready_accounts(people: Sequence[Addressee], whom: str) -> dict[UUID, Account]:
    """Give the accounts of those people; one that lacks is opened."""
    keys = sorted({each.person.pk for each in people})
    open_missing(ACCOUNT_KINDS[whom], keys)
    return accounts_of(keys)


def _letters(people: Sequence[Addressee], sent: Sent, unit: Organisation, whom: str) -> list[Letter]:
    accounts = ready_accounts(people, whom)
    fresh = [each for each in people if not is_activated(accounts[each.person.pk])]
    codes = issue_codes([each.person for each in fresh], Purpose.ACTIVATE, path=unit.path)
    claims = issue_codes([each.person for each in people], Purpose.CLAIM, path=unit.path) if whom == LEARNERS else {}
    told = people if whom == LEARNERS else fresh
    return [_letter(each, accounts[each.person.pk].username, codes, claims, sent) for each in _once(told)]


def _renewals(people: Sequence[Addressee], sent: Sent, renewal: Mapping[str, Any], unit: Organisation) -> list[Letter]:
    accounts = accounts_of([each.person.pk for each in people])
    codes = renew_codes([each.person for each in people], accounts, renewal["printer"], path=unit.path)
    told = [each for each in people if each.person.pk in codes]
    return [_letter(each, accounts[each.person.pk].username, codes, {}, sent) for each in _once(told)]


def _once(people: Sequence[Addressee]) -> list[Addressee]:
    """Keep each person's first line: one of two children in a class brings the letter home."""
    first: dict[UUID, Addressee] = {}
    for each in people:
        first.setdefault(each.person.pk, each)
    return list(first.values())


def _letter(
    each: Addressee, username: str, codes: Mapping[UUID, str], claims: Mapping[UUID, str], sent: Sent
) -> Letter:
    page = sent.site + reverse("onboarding:name")
    facts, lines, steps = [(_("Tên đăng nhập"), username)], [], []
    if each.group:
        facts.insert(0, (_("Lớp"), each.group))
    if each.learner.pk != each.person.pk:
        facts.insert(0, (_("Phụ huynh của em"), each.learner.full_name))
    if code := codes.get(each.person.pk):
        lines.append((_("Mã đặt lại mật khẩu") if sent.is_renewal else _("Mã kích hoạt"), shown(code)))
        steps = _steps(page, sent)
    if claim := claims.get(each.person.pk):
        facts.append((_("Mã học sinh"), each.person.code or _("hỏi nhà trường")))
        lines.append((_("Mã gắn phụ huynh"), shown(claim)))
        steps.append(
            _("Phụ huynh đã có tài khoản: đăng nhập, chọn «Gắn thêm con», gõ mã học sinh và mã gắn phụ huynh.")
        )
    address = f"{page}?ten={username}" if code and sent.site else ""
    title = _("Thư cấp lại mã đăng nhập") if sent.is_renewal else _("Thư kích hoạt tài khoản")
    return Letter(sent.sender, title, each.person.full_name, facts, lines, steps, address, _foot(sent))


def _steps(page: str, sent: Sent) -> list[str]:
    first = _("Mở trang %s, hoặc quét hình vuông bên phải bằng điện thoại.") % page
    if sent.is_renewal:
        return [
            first,
            _("Gõ tên đăng nhập, rồi gõ mã đặt lại mật khẩu."),
            _("Đặt mật khẩu mới. Mật khẩu cũ hết dùng, mọi nơi đang đăng nhập bị đăng xuất."),
            _("Nhớ lại được mật khẩu cũ thì cứ dùng, bỏ thư này đi. Không hề nhờ cấp lại thì báo nhà trường."),
        ]
    return [
        first,
        _("Gõ tên đăng nhập, rồi gõ mã kích hoạt."),
        _("Đặt mật khẩu của riêng mình. Từ đó dùng tên đăng nhập và mật khẩu này."),
    ]


def _foot(sent: Sent) -> str:
    words = _("Mã dùng một lần, hết hạn sau %d ngày. Thư mới làm mã cũ hết hiệu lực. Không đưa mã cho người khác.")
    return words % (RENEW_DAYS if sent.is_renewal else CODE_DAYS)


def take_file(file: LetterFile, *, by: Actor) -> bytes:
    """Give the PDF of printed letters; who took it is kept in the journal."""
    record("onboarding.letters_taken", on_kind="letters", on_id=file.pk, note=by.role, path=file.path)
    return base64.b64decode(unseal(bytes(file.content)))
