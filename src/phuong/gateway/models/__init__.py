"""Tables of the programming interface."""

from phuong.gateway.models.clients import ApiClient, ClientUse, KeptAnswer
from phuong.gateway.models.hooks import Delivery, Hook

__all__ = ["ApiClient", "ClientUse", "Delivery", "Hook", "KeptAnswer"]
