"""Speaking to the gateway."""

from phuong.verification.outgoing.gateway import Gateway, NeverTaken, NotNow, Taken, TicketGone, Told

__all__ = ["Gateway", "NeverTaken", "NotNow", "Taken", "TicketGone", "Told"]
