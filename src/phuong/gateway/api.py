"""The door of the programming interface: who calls, and how often."""

from phuong.gateway.access import Caller, address_of, caller_again, caller_of, mark_of_secret
from phuong.gateway.errors import NotApproved, TooOften, UnknownClient, WrongPlace
from phuong.gateway.throttle import Allowance, take_call

__all__ = [
    "Allowance",
    "Caller",
    "NotApproved",
    "TooOften",
    "UnknownClient",
    "WrongPlace",
    "address_of",
    "caller_again",
    "caller_of",
    "mark_of_secret",
    "take_call",
]
