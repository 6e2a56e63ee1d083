"""Sign-on for other sites as a Django app."""

from django.apps import AppConfig


class SignOn(AppConfig):
    """Floor 1, above identity: this house as an OpenID provider."""

    name = "phuong.signon"
    label = "signon"

    def ready(self) -> None:
        """Contribute what happens when a session ends, pages and work."""
        from phuong.kernel.contributions import contribute
        from phuong.signon.contributed import ALL

        contribute(*ALL)
