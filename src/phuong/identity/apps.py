"""Identity as a Django app."""

from django.apps import AppConfig


class Identity(AppConfig):
    """Floor 1, above the registry: accounts and roles."""

    name = "phuong.identity"
    label = "identity"

    def ready(self) -> None:
        """Tell the kernel which roles there are, and what becomes of them when units merge."""
        from phuong.identity.contributed import ALL
        from phuong.kernel.contributions import contribute

        contribute(*ALL)
