"""Rules of identity: who may give whom which role, and who comes in by an electronic identity."""

from phuong.identity.rules.giving import (
    MOST_LENT_DAYS,
    NOT_PASSED_ON,
    Giver,
    check_term,
    is_within_reach,
    may_approve,
    may_give,
    permissions_in,
    scope_of,
)
from phuong.identity.rules.knowing import Known, LinkState, Told, barred_from_entering, barred_from_linking

__all__ = [
    "MOST_LENT_DAYS",
    "NOT_PASSED_ON",
    "Giver",
    "Known",
    "LinkState",
    "Told",
    "barred_from_entering",
    "barred_from_linking",
    "check_term",
    "is_within_reach",
    "may_approve",
    "may_give",
    "permissions_in",
    "scope_of",
]
