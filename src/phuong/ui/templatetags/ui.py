"""The tags and filters of the design system; the drawing is in ``phuong.ui.charts``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from phuong.kernel import text
from phuong.kernel.codelists import title_of
from phuong.ui import charts, formats
from phuong.ui.context import title_of_role
from phuong.ui.parts import Sorting, Table, sorting, state_of

register = template.Library()
Shown = dict[str, Any]

register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("money", formats.money)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("ago", formats.ago)
register.filter("due", formats.due)

for _chart in (
    charts.bullet,
    charts.sparkline,
    charts.step_chart,
    charts.line_chart,
    charts.histogram,
    charts.stacked_bar,
    charts.ranked_bars,
    charts.tile_map,
):
    register.simple_tag(_chart, name=_chart.__name__)


@register.simple_tag
def code_title(list_code: str, code: str) -> str:
    """Give the official title of a code in the reader's language."""
    return title_of(list_code, code)


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """Draw one icon of the sprite; ``label`` only where no word stands beside it."""
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    kind = {16: "ic ic-s", 28: "ic ic-l"}.get(size, "ic")
    href = f"{static('ui/icons.svg')}#{name}"
    return format_html(
        '<svg class="{}" {} width="{}" height="{}"><use href="{}"/></svg>', kind, named, size, size, href
    )


@register.simple_tag
def palette(search_url: str) -> SafeString:
    """Give the closed palette of quick search: the same for every reader of a language."""
    return _palette(search_url, get_language() or "vi")


@lru_cache(maxsize=8)
def _palette(search_url: str, language: str) -> SafeString:
    del language  # that of the reader, in which the words are
    return SafeString(render_to_string("ui/shell/palette.html", {"search_url": search_url}))


@register.simple_tag
def logo(size: int = 28) -> SafeString:
    """Draw the blossom."""
    href = f"{static('ui/icons.svg')}#logo"
    return format_html(
        '<svg class="logo" aria-hidden="true" width="{0}" height="{0}"><use href="{1}"/></svg>', size, href
    )


@register.simple_tag
def seal(mark: str = "check", tone: str = "good") -> SafeString:
    """Draw the seal of ten petals around a mark: check or help."""
    href = f"{static('ui/icons.svg')}#seal"
    petals = format_html('<svg aria-hidden="true" width="72" height="72"><use href="{}"/></svg>', href)
    return format_html('<span class="seal is-{}">{}{}</span>', tone, petals, icon(mark))


@register.inclusion_tag("ui/components/bullet_legend.html")
def bullet_legend(final: object = "2030") -> Shown:
    """Say what the marks of a bullet row mean; ``final``: the year of the hollow triangle, empty for none."""
    return {"final": final}


@register.simple_tag(takes_context=True)
def chosen_theme(context: template.Context) -> str:
    """Return the theme of this page: the shell's, else the cookie's, else light."""
    shell, request = context.get("shell"), context.get("request")
    theme = (shell.get("theme") if isinstance(shell, dict) else getattr(shell, "theme", "")) or (
        request.COOKIES.get("theme", "") if request else ""
    )
    return theme if theme in ("light", "dark", "auto") else "light"


@register.simple_tag
def status(code: object, word: object = "") -> SafeString:
    """Say a state in its colour, with icon and word."""
    look = state_of(code)
    return format_html('<span class="st is-{}">{}{}</span>', look.tone, icon(look.icon), word or look.word)


@register.simple_tag
def role_title(code: str) -> str:
    """Name a role."""
    return title_of_role(code)


@register.simple_tag
def qr(text: str, label: object) -> SafeString:
    """Draw a QR code, dark on white in either theme."""
    code = segno.make(text, error="m", micro=False)
    side = code.symbol_size(border=4)[0]
    dots = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=4))
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="220" height="220" role="img" aria-label="{1}">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#11141b"/></svg>',
        side,
        label,
        dots,
    )


@register.simple_tag
def tag(words: object, tone: str = "", mark: str = "", url: str = "") -> SafeString:
    """Draw a pill: a short fact, perhaps toned, with an icon, or a link."""
    kind = f"tag is-{tone}" if tone else "tag"
    inside = format_html("{}{}", icon(mark) if mark else "", words)
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', kind, url, inside)
    return format_html('<span class="{}">{}</span>', kind, inside)


@register.inclusion_tag("ui/components/crumbs.html")
def crumbs(*pairs: object) -> Shown:
    """List the way here: title, address, title, address and so on; the last title has no address."""
    trail = list(pairs[0]) if len(pairs) == 1 and isinstance(pairs[0], list | tuple) else None
    if trail is None:
        trail = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else "") for i in range(0, len(pairs), 2)]
    return {"trail": trail}


@register.inclusion_tag("ui/components/person.html")
def person_line(name: str, detail: object = "", url: str = "", initials: str = "") -> Shown:
    """Show one person: initials, name, a second fact."""
    return {"name": name, "detail": detail, "url": url, "initials": initials or text.initials(name)}


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Sequence[Sequence[object]]) -> Shown:
    """List facts: rows of (term, value) or (term, value, address, name of the act)."""
    return {"rows": [(*row, "", "")[:4] for row in rows]}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Sequence[Sequence[object]], label: str) -> Shown:
    """Show tabs that are links: items of (title, address, current) or (…, count)."""
    return {"items": [(*item, "")[:4] for item in items], "label": label}


@register.inclusion_tag("ui/components/data_table.html", takes_context=True)
def data_table(context: template.Context, table: Table) -> Shown:
    """Show a :class:`phuong.ui.parts.Table` with filters in force, sorting, paging and exports."""
    request = context.get("request")
    heads = [(column, sorting(request.GET, column.key) if column.key and request else None) for column in table.columns]
    return {"table": table, "heads": heads}


@register.inclusion_tag("ui/components/sort_head.html", takes_context=True)
def sort_head(context: template.Context, title: object, key: str, *, numeric: bool = False) -> Shown:
    """Show a column head that sorts by ``key``; for tables written by hand."""
    order: Sorting = sorting(context["request"].GET, key)
    return {"title": title, "order": order, "numeric": numeric}


@register.inclusion_tag("ui/components/applied.html")
def applied_filters(applied: Sequence[object], clear_url: str = "") -> Shown:
    """Show the filters in force as removable tags, with «Bỏ lọc»."""
    return {"applied": applied, "clear_url": clear_url}


@register.inclusion_tag("ui/components/pager.html")
def pager(place: object) -> Shown:
    """Show previous and next of a :class:`phuong.ui.parts.Pager`."""
    return {"pager": place}


@register.inclusion_tag("ui/components/exports.html")
def exports(ways: Sequence[object]) -> Shown:
    """Show export links: a sequence of :class:`phuong.ui.parts.Export`."""
    return {"exports": ways}


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, *, optional: bool = False, large: bool = False) -> Shown:
    """Show one form field: label, hint, error before the input, the input itself."""
    kind = getattr(bound.field.widget, "input_type", "")
    grouped = kind in ("radio", "checkbox") and hasattr(bound.field, "choices")
    described = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    described += [f"{bound.id_for_label}-error"] if bound.errors else []
    attrs: dict[str, str | bool] = {"aria-invalid": "true"} if bound.errors else {}
    if described and not grouped:
        attrs["aria-describedby"] = " ".join(described)
    if kind not in ("radio", "checkbox"):
        attrs["class"] = " ".join(filter(None, ["in", bound.field.widget.attrs.get("class", "")]))
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "grouped": grouped,
        "single_check": kind == "checkbox" and not grouped,
        "optional": optional or not bound.field.required,
        "large": large,
        "described": " ".join(described),
    }


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm) -> Shown:
    """Show the box «Cần sửa 2 chỗ» that links each error to its field; nothing when there is none."""
    faults = [
        (f"#{_first_id(form[name])}", message)
        for name, found in form.errors.items()
        if name != "__all__"
        for message in found
    ]
    general = [("", message) for message in form.non_field_errors()]
    return {"faults": [*general, *faults]}


def _first_id(bound: BoundField) -> str:
    # A group of radios or boxes has no single control: its first one takes the focus.
    return bound.id_for_label or f"id_{bound.html_name}_0"


@register.inclusion_tag("ui/components/job.html", takes_context=True)
def job_card(context: template.Context, job: object) -> Shown:
    """Show a background job: progress, «Dừng» while it can be stopped, its result at the end."""
    return {"job": job, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("ui/components/empty_first.html")
def empty_first(
    title: object, text: object = "", url: str = "", verb: object = "", other_url: str = "", other: object = ""
) -> Shown:
    """Say that nothing is here yet, what this is for, and the one act that starts it."""
    return {"title": title, "text": text, "url": url, "verb": verb, "other_url": other_url, "other": other}


@register.inclusion_tag("ui/components/empty_done.html")
def empty_done(title: object, text: object = "", url: str = "", verb: object = "") -> Shown:
    """Say with the seal that all work is done."""
    return {"title": title, "text": text, "url": url, "verb": verb}


@register.inclusion_tag("ui/components/empty_filter.html")
def empty_filter(title: object, text: object = "", clear_url: str = "") -> Shown:
    """Say that nothing matches, name the filter, offer «Bỏ lọc»."""
    return {"title": title, "text": text, "clear_url": clear_url}


@register.inclusion_tag("ui/components/error_card.html")
def error_card(title: object, text: object = "", retry_url: str = "", incident: str = "") -> Shown:
    """Say that one part of the page could not be loaded, and how to go on."""
    return {"title": title, "text": text, "retry_url": retry_url, "incident": incident}


@register.inclusion_tag("ui/components/skeleton.html")
def skeleton() -> Shown:
    """Hold the place of content that takes one to three seconds."""
    return {}


@register.simple_block_tag
def card(
    content: str,
    title: object = "",
    *,
    link: str = "",
    link_text: object = "",
    flush: bool = False,
    id: str = "",  # noqa: A002
) -> str:
    """Frame a part of the page; ``flush`` for lists and tables that reach the edges."""
    shown = {"content": content, "title": title, "link": link, "link_text": link_text, "flush": flush, "id": id}
    return render_to_string("ui/components/card.html", shown)


@register.simple_block_tag
def page_head(content: str, title: object, lead: object = "", as_of: object = "") -> str:
    """Open a page: its h1, a lead sentence, the time of the data; the block holds the buttons."""
    return render_to_string(
        "ui/components/page_head.html", {"content": content, "title": title, "lead": lead, "as_of": as_of}
    )


@register.simple_block_tag
def note(content: str, tone: str = "info", mark: str = "", *, live: bool = False) -> str:
    """Tell a consequence or a warning beside the content; ``live`` when script changes it."""
    shown = {"content": content, "tone": tone, "mark": mark or state_of(tone).icon, "live": live}
    return render_to_string("ui/components/note.html", shown)


@register.simple_block_tag(takes_context=True)
def filter_form(context: template.Context, content: str, clear_url: str = "", label: object = "") -> str:
    """Wrap filter fields in a GET form; the order chosen before is kept."""
    request = context.get("request")
    sort = request.GET.get("sort", "") if request else ""
    return render_to_string(
        "ui/components/filter_form.html", {"content": content, "clear_url": clear_url, "label": label, "sort": sort}
    )


@register.simple_block_tag(takes_context=True)
def confirm(  # noqa: PLR0913
    context: template.Context,
    content: str,
    title: object,
    url: str,
    verb: object,
    later_url: str,
    *,
    later: object = "",
    danger: bool = False,
) -> str:
    """Ask before an act that is hard to undo: names the object and the consequence; the button is the verb."""
    shown = {"content": content, "title": title, "url": url, "verb": verb, "later_url": later_url, "later": later}
    shown |= {"danger": danger, "csrf_token": context.get("csrf_token", "")}
    return render_to_string("ui/components/confirm.html", shown)
