"""The run: people are taken in hand, sent, asked for, answered; a set at a time, until nothing is left or nothing goes.

Every step is kept before the gateway hears of it, and a request goes out under its own id whoever sends it. So a run
may be killed anywhere, run twice at once, and go on by the clock.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.jobs import JobKind, Progress
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import ROOT, SYSTEM, acting
from phuong.registry.api import Person, unverified_count
from phuong.verification.actions.answering import (
    InHand,
    apply_answers,
    note_gone,
    note_later,
    note_stuck,
    note_taken,
    take_due,
)
from phuong.verification.actions.claiming import NOBODY, ask_about, make_dispatch
from phuong.verification.actions.telling import tell_units_of_cases
from phuong.verification.models import Dispatch
from phuong.verification.outgoing import Gateway, NeverTaken, NotNow, TicketGone
from phuong.verification.queries import (
    gateway_lacks,
    is_held,
    last_problem,
    minute_frees_at,
    next_due,
    quota,
    waiting_count,
)

log = structlog.get_logger()
PATIENCE_SECONDS = 30.0  # without any news: the rest is left to the clock
NAP_SECONDS = 0.5


def run_checks(
    progress: Progress, under: str = ROOT, most: int = 0, patience: float = PATIENCE_SECONDS
) -> Mapping[str, Any]:
    """Ask about the unverified people at or below a place, at most ``most`` of them (0: all), and keep the answers.

    Gives how many came to what, how many are ``left`` and ``waiting``, and ``because`` of what it stopped early:
    quota, outage, refused, waiting.
    """
    if lacking := gateway_lacks():
        return {"off": lacking}
    run = _Run(progress, under, most)
    try:
        because = run.to_the_end(patience)
    finally:
        run.close()
    told = tell_units_of_cases() if run.has_news else {}
    return {**run.tally, **run.standing(), "because": because, "problem": run.problem, "told": told.get("new", 0)}


def collect(progress: Progress, dispatch: str = "") -> Mapping[str, Any]:
    """Send and ask for what is due, without taking anybody new in hand; ``dispatch`` says for which it was asked."""
    del dispatch
    if lacking := gateway_lacks():
        return {"off": lacking}
    return run_checks(progress, most=-1, patience=2 * NAP_SECONDS)


def follow(progress: Progress, person: str) -> Mapping[str, Any]:
    """Ask anew about a person whose record was mended since it was found to differ, and wait for the answer."""
    with acting(SYSTEM):
        row = Person.objects.filter(pk=person, identity_state="unverified").first()
        if row is None or gateway_lacks():
            return {}
        try:
            ask_about(row.pk, by=SYSTEM)
        except Refused as refusal:
            return {"because": refusal.code}
    return collect(progress)


class _Run:
    """One run: a loop that does the next thing that can be done."""

    def __init__(self, progress: Progress, path: str, most: int) -> None:
        self.progress, self.path = progress, path
        self.most = most
        self.after: UUID = NOBODY
        self.claimed = 0
        self.tally: Counter[str] = Counter()
        self.problem = ""
        self.went_well_at = 0.0
        self.is_refused = False
        self.is_dry = most < 0  # nobody is left to be taken in hand
        self.gateway = Gateway()
        with acting(SYSTEM):
            self.total = 0 if self.is_dry else unverified_count(path)
        if most > 0:
            self.total = min(self.total, most)

    def close(self) -> None:
        """Hang up."""
        self.gateway.close()

    @property
    def has_news(self) -> bool:
        """Say whether any answer came."""
        return bool(self.tally)

    def to_the_end(self, patience: float) -> str:
        """Do what can be done; gives why it stopped before everything was answered."""
        self.went_well_at = time.monotonic()
        while not self.is_refused:
            self._step()
            if self._speak_once() or self._claim_once():
                continue
            pause, because = self._pause()
            if pause is None or time.monotonic() + pause - self.went_well_at > patience:
                return because
            time.sleep(min(pause, NAP_SECONDS))
        return "refused"

    def standing(self) -> dict[str, int]:
        """Count who is left and who is waited for."""
        with acting(SYSTEM):
            return {"asked": self.claimed, "left": unverified_count(self.path), "waiting": waiting_count()}

    def _step(self) -> None:
        answered = sum(self.tally.values())
        self.progress.step(min(answered, self.total), self.total, self.problem and _("Trục LGSP: %s") % self.problem)

    def _speak_once(self) -> bool:
        """Speak to the gateway of one request that is due; says whether there was one."""
        held = take_due()
        if held is None:
            return False
        try:
            self._speak(held)
        except NotNow as later:
            self.problem, self.is_refused = str(later), later.is_ours
            note_later(held, self.problem, later.wait)
            log.warning("verification.gateway", problem=self.problem)
        except NeverTaken as refused:
            self.problem = str(refused)
            note_stuck(held, self.problem)
            log.error("verification.stuck", dispatch=str(held.id), problem=self.problem)
        return True

    def _speak(self, held: InHand) -> None:
        if held.state == Dispatch.State.MADE:
            note_taken(held, self.gateway.send(str(held.id), held.body).ticket)
            self.went_well_at = time.monotonic()
        else:
            self._ask(held)
        self.problem = ""

    def _ask(self, held: InHand) -> None:
        try:
            came = apply_answers(held, self.gateway.ask(held.ticket).results)
        except TicketGone:
            note_gone(held)
            return
        except ValueError as error:
            raise NotNow(f"not as agreed: {error}") from error
        if came:
            self.tally += came
            self.went_well_at = time.monotonic()

    def _claim_once(self) -> bool:
        """Take the next people in hand, if the quota has room and the gateway takes anything; says whether it did."""
        if self.is_dry:
            return False
        with acting(SYSTEM):
            room = 0 if is_held() else quota(timezone.now()).room(self._wanted())
        if not room:
            return False
        made = make_dispatch(self.path, after=self.after, most=room)
        self.after = made.last
        self.claimed += made.people
        self.is_dry = made.people == 0 or 0 < self.most <= self.claimed
        self.went_well_at = time.monotonic()
        return made.people > 0

    def _wanted(self) -> int:
        batch: int = settings.PHUONG_LGSP["batch"]
        return min(batch, self.most - self.claimed) if self.most > 0 else batch

    def _pause(self) -> tuple[float | None, str]:
        """Give the seconds until something can be done (none: never), and what is waited for."""
        now = timezone.now()
        with acting(SYSTEM):
            due, used, problem = next_due(), quota(now), last_problem()
            frees = minute_frees_at(now)
        because = "outage" if problem else ("waiting" if due else "")
        moments: list[dt.datetime] = [due] if due else []
        if not self.is_dry and not problem:
            because = "quota"
            if used.left_today:
                moments.append(frees)
        return (max(0.05, (min(moments) - now).total_seconds()) if moments else None), because


RUN = JobKind("verification.run", gettext_lazy("Đối chiếu hồ sơ với CSDL quốc gia về dân cư"), run_checks, nightly=True)
COLLECT = JobKind("verification.collect", gettext_lazy("Lấy kết quả đối chiếu dân cư"), collect, every=5)
FOLLOW = JobKind("verification.follow", gettext_lazy("Đối chiếu lại hồ sơ vừa sửa"), follow)
