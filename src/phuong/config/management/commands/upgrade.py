"""``phuong upgrade``: bring the database to this version; safe to run at any time."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from phuong.kernel import past
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import load_code_lists
from phuong.signon.api import ensure_signing_key

_GRANTS = """
grant usage on schema public to phuong_app, phuong_batch;
grant select, insert, update, delete on all tables in schema public to phuong_app, phuong_batch;
grant usage, select on all sequences in schema public to phuong_app, phuong_batch;
revoke insert, update, delete on django_migrations, django_content_type, auth_permission from phuong_app, phuong_batch;
revoke update, delete on kernel_auditentry, kernel_auditlink, kernel_audithead, kernel_change, plans_target
  from phuong_app, phuong_batch;
"""


class Command(BaseCommand):
    """Migrate as the owner, let the other two roles in, bring the official code lists up to date."""

    help = "Đưa cơ sở dữ liệu lên phiên bản này (migrate + quyền của các vai trò)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations and grant."""
        del args
        with connections["owner"].cursor() as cursor:
            cursor.execute(past.DROP)
        call_command("migrate", database="owner", verbosity=options["verbosity"], interactive=False)
        with connections["owner"].cursor() as cursor:
            cursor.execute(_GRANTS)
            past.build_past(cursor)
        with acting(SYSTEM):
            load_code_lists()
            ensure_signing_key()
