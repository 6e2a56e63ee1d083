"""``phuong signon``: keys and sites of single sign-on."""

import datetime as dt
import secrets
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.kernel.commands import JsonCommand
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import organisation_by_code
from phuong.signon.actions.sites import Site, register_site, rotate_key
from phuong.signon.models import RelyingParty


class Command(JsonCommand):
    """Rotate the signing key; register and list sites."""

    help = "Đăng nhập một lần: khóa kí (rotate), trang dùng chung tài khoản (register, list)."
    verbs = ("rotate", "register", "list")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the facts of one verb."""
        if verb == "rotate":
            parser.add_argument("--at-once", action="store_true", help="kí ngay, không chờ một giờ (khi khóa cũ bị lộ)")
        if verb == "register":
            parser.add_argument("--name", required=True)
            parser.add_argument("--org", required=True, help="mã đơn vị giữ trang, hoặc đường dẫn như vn.p31")
            parser.add_argument("--purpose", required=True)
            parser.add_argument("--redirect", action="append", required=True)
            parser.add_argument("--logout", default="")
            parser.add_argument("--after-logout", action="append", default=[])
            parser.add_argument("--days", type=int, default=365)
            parser.add_argument("--inside", action="store_true", help="trang của ngành: không hỏi đồng ý, mã chung")
            parser.add_argument("--secret", action="store_true", help="trang có máy chủ giữ được bí mật")

    def do_rotate(self, *, at_once: bool) -> dict[str, Any]:
        """Make a new key: published now, signing in an hour."""
        key = rotate_key(at_once=at_once)
        return {"key": str(key.pk), "signs_from": key.signs_from.isoformat()}

    def do_register(self, **facts: Any) -> dict[str, Any]:
        """Register a site for a unit; a secret is written once, here."""
        site = Site(
            name=facts["name"],
            purpose=facts["purpose"],
            redirect_uris=tuple(facts["redirect"]),
            valid_until=timezone.localdate() + dt.timedelta(days=facts["days"]),
            logout_uri=facts["logout"],
            after_logout=tuple(facts["after_logout"]),
            is_outside=not facts["inside"],
            has_secret=facts["secret"],
            secret=secrets.token_urlsafe(32) if facts["secret"] else "",
        )
        party = register_site(site, unit=organisation_by_code(facts["org"]), by=SYSTEM)
        secret = site.secret or None
        return {"client_id": party.client_id, "client_secret": secret, "review_on": party.review_on.isoformat()}

    def do_list(self) -> list[dict[str, Any]]:
        """List the sites, those to be reviewed first."""
        rows = RelyingParty.objects.select_related("client", "organisation").order_by("review_on", "id")
        return [
            {
                "client_id": row.client_id,
                "name": row.client.name,
                "org": row.organisation.code,
                "active": row.is_active,
                "review_on": row.review_on.isoformat(),
                "valid_until": row.valid_until.isoformat(),
            }
            for row in rows
        ]
