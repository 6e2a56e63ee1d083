"""``phuong accounts``: open one account, the accounts of everybody below a place; say how far they have come."""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.identity.api import ACCOUNT_KINDS, open_account
from phuong.kernel.commands import JsonCommand
from phuong.kernel.contributions import Role, codes
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import BadInput
from phuong.kernel.scope import ROOT
from phuong.onboarding.actions.accounts import create_all
from phuong.onboarding.queries import account_report
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Open accounts."""

    help = "Tài khoản: mở một tài khoản (mật khẩu đọc từ đầu vào chuẩn), mở hàng loạt từ hồ sơ, thống kê."
    verbs = ("create", "create-all", "report")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take name, role and place; or place and kind."""
        if verb == "report":
            parser.add_argument("--org", default=ROOT, help="mã đơn vị, hoặc đường dẫn như vn.p31; mặc định cả nước")
            return
        if verb == "create-all":
            parser.add_argument("--org", required=True, help="mã đơn vị, hoặc đường dẫn như vn.p31")
            parser.add_argument("--kind", required=True, choices=sorted(ACCOUNT_KINDS))
            return
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="họ và tên hiển thị")
        parser.add_argument("--role", required=True, choices=sorted(codes(Role)))
        parser.add_argument("--org", required=True, help="mã đơn vị, hoặc đường dẫn như vn.p31")

    def do_create(self, username: str, name: str, role: str, org: str) -> dict[str, Any]:
        """Open one account.

        :raises BadInput: the password is too weak
        """
        password = sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise BadInput(" ".join(error.messages)) from error
        place = organisation_by_code(org)
        account = open_account(
            username=username.strip().lower(),
            name=name,
            role=role,
            place=place,
            password=password,
            since=timezone.localdate(),
        )
        return {"id": account.pk, "username": account.username, "role": role, "org": place.path}

    def do_create_all(self, org: str, kind: str) -> dict[str, Any]:
        """Open every account that lacks at or below a place."""
        place = organisation_by_code(org)
        return {"org": place.path, **create_all(Progress(), kind=kind, under=place.path)}

    def do_report(self, org: str) -> list[dict[str, Any]]:
        """Count people, accounts and activated accounts by unit and kind."""
        return account_report(organisation_by_code(org).path)
