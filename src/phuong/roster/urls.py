"""Addresses of the roster service and of bundles."""

from collections.abc import Iterable

from django.urls import URLPattern, path

from phuong.roster import views
from phuong.roster.queries.gradebook import GRADEBOOK, GRADEBOOK_NESTED
from phuong.roster.queries.kinds import NESTED, PARTS, PROJECTIONS, WITHIN
from phuong.roster.queries.writing import GRADEBOOK_SERVICE, SERVICE
from phuong.roster.rest.answers import open_to_keys
from phuong.roster.rest.calls import collection, inner_parts, parts, single
from phuong.roster.rest.tokens import token

app_name = "roster"
_collection, _single, _parts = open_to_keys(collection), open_to_keys(single), open_to_keys(parts)
_inner_parts = open_to_keys(inner_parts)


def _service(at: str, kinds: Iterable[str], nested: Iterable[tuple[str, ...]]) -> list[URLPattern]:
    """Give the addresses of a service: its collections, single objects, and the parts of one object."""
    at, kinds = f"ims/oneroster/{at}", list(kinds)
    within = [way for way in WITHIN if way[-1] in kinds]
    return [
        *(path(f"{at}{each}", _collection, {"name": each}, name=f"call_{each}") for each in kinds),
        *(path(f"{at}{each}/<str:sourced_id>", _single, {"name": each}, name=f"call_{each}_one") for each in kinds),
        *(
            path(
                f"{at}{outer}/<str:sourced_id>/{inner}",
                _parts,
                {"outer": outer, "inner": inner},
                name=f"call_{outer}_{inner}",
            )
            for outer, inner in nested
        ),
        *(
            path(
                f"{at}{outer}/<str:outer_id>/{middle}/<str:middle_id>/{inner}",
                _inner_parts,
                {"outer": outer, "middle": middle, "inner": inner},
                name=f"call_{outer}_{middle}_{inner}",
            )
            for outer, middle, inner in within
        ),
    ]


urlpatterns = [
    path("ims/oneroster/token", open_to_keys(token, methods=("POST",)), name="call_token"),
    *_service(SERVICE, [*PROJECTIONS, *PARTS], NESTED),
    *_service(GRADEBOOK_SERVICE, GRADEBOOK, GRADEBOOK_NESTED),
    path("oneroster/", views.bundles, name="bundles"),
    path("oneroster/nap/", views.bring, name="bring"),
    path("oneroster/<uuid:bundle_id>/", views.bundle, name="bundle"),
]
