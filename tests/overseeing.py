"""What tests of oversight share: signing in with a fresh proof, a support person let in by the school."""

from typing import Any

from django.test import Client
from django.urls import reverse

from phuong.identity.testing import PASSWORD
from phuong.oversight.models import SupportAccess
from tests.world import World


def signed_in(world: World, role: str) -> Client:
    """Sign in with the password just now, so that a sensitive act asks for no further proof."""
    client = Client()
    answer = client.post("/dang-nhap/", {"username": world.accounts[role].username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def ask(client: Client, world: World, *, hours: int = 2) -> Any:
    """Ask the school for a stay."""
    return client.post(
        reverse("oversight:support"), {"school_code": world.school.code, "hours": hours, "reason": "Lỗi in danh sách"}
    )


def let_in(world: World, *, may_write: bool = False, hours: int = 2) -> tuple[Client, SupportAccess]:
    """Ask, let the principal answer, and enter the school; gives the browser of support and the stay."""
    support = signed_in(world, "support")
    ask(support, world, hours=hours)
    access = SupportAccess.objects.get(account=world.accounts["support"])
    facts = {"may_write": "1"} if may_write else {}
    signed_in(world, "principal").post(reverse("oversight:answer", args=[access.pk, "duyet"]), facts)
    access.refresh_from_db()
    support.post(reverse("identity:switch_role"), {"role": str(access.assignment_id)})
    return support, access
