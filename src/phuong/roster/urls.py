"""Addresses of the roster service and of bundles."""

from django.urls import path

from phuong.roster import views
from phuong.roster.queries.kinds import NESTED, PARTS, PROJECTIONS
from phuong.roster.rest.answers import open_to_keys
from phuong.roster.rest.rostering import SERVICE, class_parts, collection, parts, single
from phuong.roster.rest.tokens import token

app_name = "roster"
_AT = SERVICE.removeprefix("/")
_collection, _single, _parts = open_to_keys(collection), open_to_keys(single), open_to_keys(parts)
_class_parts = open_to_keys(class_parts)
_COLLECTIONS = [*PROJECTIONS, *PARTS]
urlpatterns = [
    path("ims/oneroster/token", open_to_keys(token, methods=("POST",)), name="call_token"),
    *(path(f"{_AT}{each}", _collection, {"name": each}, name=f"call_{each}") for each in _COLLECTIONS),
    *(path(f"{_AT}{each}/<str:sourced_id>", _single, {"name": each}, name=f"call_{each}_one") for each in _COLLECTIONS),
    *(
        path(
            f"{_AT}{outer}/<str:sourced_id>/{inner}",
            _parts,
            {"outer": outer, "inner": inner},
            name=f"call_{outer}_{inner}",
        )
        for outer, inner in NESTED
    ),
    *(
        path(
            f"{_AT}schools/<str:school_id>/classes/<str:class_id>/{inner}",
            _class_parts,
            {"inner": inner},
            name=f"call_schools_classes_{inner}",
        )
        for inner in ("students", "teachers", "enrollments")
    ),
    path("oneroster/", views.bundles, name="bundles"),
    path("oneroster/nap/", views.bring, name="bring"),
    path("oneroster/<uuid:bundle_id>/", views.bundle, name="bundle"),
]
