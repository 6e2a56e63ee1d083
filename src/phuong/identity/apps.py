"""Identity as a Django app."""

from django.apps import AppConfig


class Identity(AppConfig):
    """Floor 1, above the registry: accounts and roles."""

    name = "phuong.identity"
    label = "identity"

    def ready(self) -> None:
        """Tell the kernel which roles there are."""
        from phuong.identity.roles import ROLES
        from phuong.kernel.contributions import contribute

        contribute(*ROLES)
