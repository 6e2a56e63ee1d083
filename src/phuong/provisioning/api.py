"""The door of provisioning."""

from phuong.provisioning.actions.mailboxes import adopt_recorded, set_domain
from phuong.provisioning.queries.mailboxes import domain_of

__all__ = ["adopt_recorded", "domain_of", "set_domain"]
