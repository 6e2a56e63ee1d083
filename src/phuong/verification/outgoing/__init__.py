"""Speaking to the gateway."""

from phuong.kernel.calls import NotNow
from phuong.verification.outgoing.gateway import Gateway, NeverTaken, Taken, TicketGone, Told

__all__ = ["Gateway", "NeverTaken", "NotNow", "Taken", "TicketGone", "Told"]
