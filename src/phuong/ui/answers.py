"""How a refusal is answered: a page for people, problem+json for machines."""

from typing import Any, ClassVar

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import NotThere, Refused


class FormTooOld(Refused):
    """The form was opened before signing in anew, or too long ago."""

    code: ClassVar[str] = "ui.form_too_old"
    status: ClassVar[int] = 403
    message: ClassVar = _("Trang đã mở quá lâu nên chưa lưu. Mở lại trang rồi làm lại.")


def refusal_page(request: Any, refusal: Refused) -> HttpResponse:
    """Answer a refusal with its message, in the form the client asked for."""
    if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
        return JsonResponse(
            refusal.problem(),
            status=refusal.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False, "default": str},
        )
    if isinstance(refusal, NotThere):
        return render(request, "404.html", status=404)
    page = {"title": refusal.message, "detail": refusal.detail, "code": refusal.code}
    return render(request, "ui/refused.html", page, status=refusal.status)


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    """Answer a form that was open too long: nothing was saved, open the page again."""
    del reason
    return refusal_page(request, FormTooOld())
