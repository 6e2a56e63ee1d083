"""``phuong rules NAME``: ask a rule, without a database. Reads one JSON case (or a list) on standard input."""

import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from pydantic import ValidationError

from phuong.kernel.commands import ANSWERED, MALFORMED, REFUSED, dumps
from phuong.kernel.contributions import RuleCommand, codes, contribution
from phuong.kernel.refusals import Refused


class Command(BaseCommand):
    """Answer cases of one rule."""

    help = "Hỏi một quy tắc: đọc JSON ở đầu vào chuẩn, trả JSON ở đầu ra chuẩn."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the rule."""
        parser.add_argument("rule", choices=sorted(codes(RuleCommand)))

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer one case or a list of them, in the same shape."""
        del args
        rule = contribution(RuleCommand, options["rule"])
        try:
            case = json.load(sys.stdin)
        except (ValueError, RecursionError) as error:
            _malformed("not_json", "$", str(error))
        if rule is None:
            _malformed("unknown_rule", "$", options["rule"])
        try:
            answer = [rule.answer(each) for each in case] if isinstance(case, list) else rule.answer(case)
        except ValidationError as error:
            problem = error.errors()[0]
            _malformed(problem["type"], ".".join(str(part) for part in problem["loc"]) or "$", problem["msg"])
        except Refused as refusal:
            sys.stderr.write(refusal.detail + "\n")
            sys.stdout.write(dumps({"error": refusal.code, "at": "$", "message": refusal.detail}) + "\n")
            sys.exit(REFUSED)
        sys.stdout.write(dumps(answer) + "\n")
        sys.exit(ANSWERED)


def _malformed(code: str, at: str, message: str) -> NoReturn:
    sys.stderr.write(f"{at}: {message}\n")
    sys.stdout.write(dumps({"error": code, "at": at, "message": message}) + "\n")
    sys.exit(MALFORMED)
