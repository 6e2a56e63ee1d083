"""Links to the desk, shown only to those who may follow them."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.permissions import Permission
from phuong.records.declarations import kind_named

register = template.Library()
Shown = dict[str, Any]


@register.inclusion_tag("records/links.html", takes_context=True)
def record_links(context: template.Context, kind_code: str, key: object, *, small: bool = False) -> Shown:
    """Show «Sửa», «Lịch sử», «Minh chứng», «Kết thúc» of one record, as far as the reader may."""
    kind, actor = kind_named(kind_code), context["request"].actor
    links = []
    may_write = actor.may(kind.write) and bool(actor.scope) and actor.as_of is None
    if may_write:
        links.append((_("Sửa"), reverse("records:change", args=[kind_code, key])))
    if actor.may(Permission.HISTORY_READ) and not small:
        links.append((_("Lịch sử"), reverse("records:history", args=[kind_code, key])))
    if kind.has_files and (may_write or actor.may(kind.read)):
        links.append((_("Minh chứng"), reverse("records:files", args=[kind_code, key])))
    if may_write and kind.ending:
        links.append((_("Kết thúc"), reverse("records:end", args=[kind_code, key])))
    return {"links": links, "small": small}


@register.inclusion_tag("records/add_link.html", takes_context=True)
def add_link(context: template.Context, kind_code: str, owner: object, words: object) -> Shown:
    """Show the link that makes a new record of ``owner``, to those who may."""
    kind, actor = kind_named(kind_code), context["request"].actor
    may = actor.may(kind.write) and bool(actor.scope) and actor.as_of is None
    return {"url": f"{reverse('records:make', args=[kind_code])}?of={owner}" if may else "", "words": words}


@register.inclusion_tag("records/add_link.html", takes_context=True)
def bulk_link(context: template.Context, kind_code: str, words: object = "", **asked: object) -> Shown:
    """Show the link that changes all records of the filtered list at once, to those who may.

    ``asked``: the filters of a list that does not stand in the address of its page.
    """
    kind, request = kind_named(kind_code), context["request"]
    may = request.actor.may(kind.write) and request.actor.may(Permission.BULK_EDIT) and request.actor.as_of is None
    query = urlencode(asked) if asked else request.GET.urlencode()
    url = reverse("records:bulk", args=[kind_code]) + (f"?{query}" if query else "")
    return {"url": url if may else "", "words": words or _("Sửa hàng loạt")}
