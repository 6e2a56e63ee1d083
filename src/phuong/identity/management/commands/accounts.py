"""``phuong accounts create``: open an account with a role; the password is read from standard input."""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.identity.actions.accounts import open_account
from phuong.kernel.commands import JsonCommand
from phuong.kernel.contributions import Role, codes
from phuong.kernel.refusals import BadInput
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Open accounts."""

    help = "Tài khoản: mở một tài khoản với một vai trò; mật khẩu đọc từ đầu vào chuẩn."
    verbs = ("create",)

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take name, role and place."""
        del verb
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
