"""The one shape of our commands: JSON on standard output, messages on standard error, exit 0, 1 (refused), 2 (bad)."""

import json
import sys
from contextlib import nullcontext
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from phuong.kernel.refusals import BadInput, NotThere, Refused
from phuong.kernel.scope import SYSTEM, acting

ANSWERED, REFUSED, MALFORMED = 0, 1, 2


class JsonCommand(BaseCommand):
    """A command with verbs: ``phuong NOUN VERB …``; each verb is a method that returns what is to be written.

    Verbs run as the system, in one transaction; those of ``apart`` open their own, and act for themselves.
    """

    requires_system_checks = ()
    verbs: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb, and hand the rest to ``add_verb_arguments``."""
        parsers = parser.add_subparsers(dest="verb", required=True, metavar="|".join(self.verbs))
        for verb in self.verbs:
            below = parsers.add_parser(verb)
            below.add_argument("--json", action="store_true", help="JSON trên đầu ra chuẩn")
            self.add_verb_arguments(verb, below)

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Declare the arguments of one verb."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is told on standard error."""
        del args
        method = self.method_of(options["verb"])
        try:
            with nullcontext() if options["verb"] in self.apart else acting(SYSTEM):
                answer = method(**{name: value for name, value in options.items() if name not in _DJANGOS})
        except Refused as refusal:
            leave(MALFORMED if isinstance(refusal, BadInput | NotThere) else REFUSED, refusal, as_json=options["json"])
        if options["json"]:
            self.stdout.write(dumps(answer))
        else:
            self.show(options["verb"], answer)
        if code := self.code_of(options["verb"], answer):
            sys.exit(code)

    def method_of(self, verb: str) -> Any:
        """Give the method of a verb."""
        return getattr(self, f"do_{verb.replace('-', '_')}")

    def code_of(self, verb: str, answer: Any) -> int:
        """Give the exit code of an answer; a verb that judges says ``REFUSED`` when its verdict is bad."""
        del verb, answer
        return ANSWERED

    def show(self, verb: str, answer: Any) -> None:
        """Write the answer for people: a line a row."""
        del verb
        for row in answer if isinstance(answer, list) else [answer]:
            text = "\t".join(str(value) for value in row.values()) if isinstance(row, dict) else str(row)
            self.stdout.write(text)


_DJANGOS = {
    "verb",
    "json",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
    "stdout",
    "stderr",
    "force",
}


def dumps(answer: Any) -> str:
    """Write JSON with Vietnamese letters as they are; decimals and keys as strings."""
    return json.dumps(answer, ensure_ascii=False, default=str)


def leave(code: int, refusal: Refused, *, as_json: bool) -> NoReturn:
    """Say why on standard error (and as JSON on standard output when asked), and leave with ``code``."""
    sys.stderr.write(f"{refusal.detail}\n")
    for place in refusal.facts.get("places", []):  # type: ignore[attr-defined]
        sys.stderr.write(f"{place['file']}:{place['line']}: {place['at']}: {place['message']}\n")
    if as_json:
        sys.stdout.write(dumps({"error": refusal.code, "at": "", "message": refusal.detail, **refusal.facts}) + "\n")
    sys.exit(code)
