"""Tables of provisioning."""

from phuong.provisioning.models.mailboxes import MailAddress, Mailbox, MailDomain
from phuong.provisioning.models.scim import ScimClient, ScimGroup, ScimMember, ScimUser

__all__ = ["MailAddress", "MailDomain", "Mailbox", "ScimClient", "ScimGroup", "ScimMember", "ScimUser"]
