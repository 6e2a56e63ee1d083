"""Every address of the house; /en/ in front gives the same page in English."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from phuong.config import health
from phuong.identity.urls import allauth_patterns, upstream_patterns
from phuong.provisioning.urls import scim_patterns
from phuong.signon.urls import provider_patterns

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include(provider_patterns)),
    path("", include(upstream_patterns)),
    path("", include(scim_patterns)),
    *i18n_patterns(
        path("", include("phuong.onboarding.urls")),  # first: on results day most requests are for a personal link
        path("", include("phuong.academics.urls")),  # then marks: a cell saved is the most frequent request of all
        path("", include("phuong.ui.urls")),
        path("", include("phuong.identity.urls")),
        path("", include(allauth_patterns)),
        path("", include("phuong.signon.urls")),
        path("", include("phuong.provisioning.urls")),
        path("", include("phuong.records.urls")),
        path("", include("phuong.intake.urls")),
        path("", include("phuong.registry.urls")),
        path("", include("phuong.facilities.urls")),
        path("", include("phuong.journal.urls")),
        path("", include("phuong.notices.urls")),
        path("", include("phuong.transfers.urls")),
        path("", include("phuong.oversight.urls")),
        path("", include("phuong.matching.urls")),
        path("", include("phuong.measures.urls")),
        path("", include("phuong.quality.urls")),
        path("", include("phuong.plans.urls")),
        path("", include("phuong.tasks.urls")),
        path("", include("phuong.verification.urls")),
        path("", include("phuong.reports.urls")),
        path("", include("phuong.opendata.urls")),
        path("", include("phuong.sharing.urls")),
        path("", include("phuong.gateway.urls")),
        path("", include("phuong.roster.urls")),
        prefix_default_language=False,
    ),
]
handler400 = "phuong.ui.views.handler400"
handler403 = "phuong.ui.views.handler403"
handler404 = "phuong.ui.views.handler404"
handler500 = "phuong.ui.views.handler500"
