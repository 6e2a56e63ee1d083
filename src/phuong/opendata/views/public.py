"""Open data for everybody: the list, a dataset's page, its file, the schema of the file, the catalogue."""

import csv
import io
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import condition, require_safe

from phuong.kernel.gates import public
from phuong.kernel.language import is_english
from phuong.opendata.access import open_publication, open_publications
from phuong.opendata.declarations import dataset_named, datasets
from phuong.opendata.models import Edition, Publication
from phuong.opendata.rules import BOM, Dataset, Offer, catalogue, schema_of

KEPT_SECONDS = 3600
CSV_TYPE, JSON_LD, CSVW_JSON = "text/csv; charset=utf-8; header=present", "application/ld+json", "application/csvm+json"


def titled(dataset: Dataset) -> dict[str, Any]:
    """Give the words of a dataset in the reader's language."""
    english = is_english()
    fields = [(each, each.title_en if english else each.title) for each in dataset.fields]
    return {
        "dataset": dataset,
        "title": dataset.title_en if english else dataset.title,
        "about": dataset.about_en if english else dataset.about,
        "licence": dataset.licence.title_en if english else dataset.licence.title,
        "fields": fields,
    }


def lines_of(text: str) -> list[list[str]]:
    """Give the cells of the beginning of a file, header first."""
    return list(csv.reader(io.StringIO(text)))


@public
@require_safe
def opened(request: Any) -> HttpResponse:
    """List what stands open."""
    known = {each.code: each for each in datasets()}
    rows = [(each, titled(known[each.dataset])) for each in open_publications() if each.dataset in known]
    provinces = {each.province_id for each, _words in rows}
    return render(request, "opendata/opened.html", {"rows": rows, "has_several": len(provinces) > 1})


@public
@require_safe
def dataset(request: Any, province: str, code: str) -> HttpResponse:
    """Show one dataset: what it tells, its columns, its first lines, where to take it."""
    found, known = open_publication(province, code), dataset_named(code)
    head, *lines = lines_of(found.edition.head)
    page = {"publication": found, "edition": found.edition, "head": head, "lines": lines, "size_kb": _kb(found.edition)}
    return render(request, "opendata/dataset.html", page | titled(known))


def _kb(edition: Edition) -> int:
    return max(1, round(edition.size / 1024))


def _kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let everybody keep an answer for an hour, whoever asked for it; scripts of other sites may read it."""

    @wraps(view)
    def answered(request: Any, *args: Any, **named: Any) -> HttpResponse:
        answer = view(request, *args, **named)
        if answer.status_code in (200, 304):
            request.session.accessed = False  # who asked was looked at, and changes nothing of the answer
            answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
            answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return answered


def _file_tag(request: Any, province: str, code: str) -> str:
    found = open_publication(province, code)
    request.publication = found
    mark = "b" if _wants_mark(request) else ""
    return f'"{found.edition.digest[:32]}{mark}"'


def _wants_mark(request: Any) -> bool:
    return bool(request.GET.get("bom") != "0")


@public
@require_safe
@_kept
@condition(etag_func=_file_tag)
def file(request: Any, province: str, code: str) -> HttpResponse:
    """Hand over the file. A byte order mark makes spreadsheets read Vietnamese; ``?bom=0`` leaves it out."""
    found: Publication = request.publication
    content = bytes(Edition.objects.values_list("content", flat=True).get(pk=found.pk))
    answer = HttpResponse(BOM.encode() + content if _wants_mark(request) else content, content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{province}-{code}-{found.edition.as_of.isoformat()}.csv"'
    answer["Last-Modified"] = http_date(found.edition.made_at.timestamp())
    schema = _address(request, "opendata:schema", province, code)
    answer["Link"] = f'<{schema}>; rel="describedby"; type="{CSVW_JSON}"'
    return answer


@public
@require_safe
@_kept
def schema(request: Any, province: str, code: str) -> HttpResponse:
    """Describe the file (CSV on the Web)."""
    open_publication(province, code)
    facts = schema_of(dataset_named(code), _address(request, "opendata:file", province, code))
    return HttpResponse(json.dumps(facts, ensure_ascii=False, indent=1), content_type=CSVW_JSON)


def _address(request: Any, name: str, *args: str) -> str:
    """Give the one address of something, whatever language is being read."""
    base = settings.PHUONG_SITE_URL or request.build_absolute_uri("/").rstrip("/")
    with override("vi"):
        return f"{base}{reverse(name, args=args)}"


@public
@require_safe
@_kept
def catalog(request: Any) -> HttpResponse:
    """Give the catalogue (DCAT 3, JSON-LD)."""
    known = {each.code: each for each in datasets()}
    rows = [each for each in open_publications() if each.dataset in known]
    offers = [_offer(request, each, known[each.dataset]) for each in rows]
    with override("vi"):
        publisher = _("Sở Giáo dục và Đào tạo")
        facts = catalogue(offers, page=_address(request, "opendata:opened"), publisher=publisher)
    return HttpResponse(json.dumps(facts, ensure_ascii=False, indent=1), content_type=JSON_LD)


def _offer(request: Any, row: Publication, known: Dataset) -> Offer:
    place = (str(row.province.code), row.dataset)
    return Offer(
        known,
        _address(request, "opendata:dataset", *place),
        _address(request, "opendata:file", *place),
        _address(request, "opendata:schema", *place),
        str(row.province.name),
        row.edition.as_of,
        row.opened_at or row.edition.made_at,
        row.edition.made_at,
        row.edition.size,
        row.edition.digest,
    )
