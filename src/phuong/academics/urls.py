"""Addresses of marks and results."""

from django.urls import path

from phuong.academics.views import amendments, gradebook, primary
from phuong.academics.views.afterwards import AFTERWARDS_ROUTES
from phuong.academics.views.exemptions import EXEMPTION_ROUTES
from phuong.academics.views.overviews import OVERVIEW_ROUTES
from phuong.academics.views.preschool import PRESCHOOL_ROUTES
from phuong.academics.views.primarystories import PRIMARY_STORY_ROUTES
from phuong.academics.views.remarks import REMARK_ROUTES
from phuong.academics.views.results import RESULT_ROUTES
from phuong.academics.views.staffing import STAFFING_ROUTES
from phuong.academics.views.yearend import YEAREND_ROUTES

app_name = "academics"
_SHEET = "so-diem/lop/<uuid:class_id>/<slug:subject>/<int:term>/"
urlpatterns = [
    *RESULT_ROUTES,
    *OVERVIEW_ROUTES,
    *REMARK_ROUTES,
    *STAFFING_ROUTES,
    *YEAREND_ROUTES,
    *AFTERWARDS_ROUTES,
    *PRESCHOOL_ROUTES,
    *PRIMARY_STORY_ROUTES,
    path("so-diem/lop/<uuid:class_id>/bo-sung/", primary.again, name="primary_again"),
    path("so-diem/lop/<uuid:class_id>/pham-chat/<int:period>/", primary.records, name="primary_records"),
    path("so-diem/lop/<uuid:class_id>/<slug:subject>/dot/<int:period>/", primary.ratings, name="primary"),
    path("so-diem/", gradebook.sheets, name="sheets"),
    path("so-diem/de-nghi/", amendments.amendments, name="amendments"),
    path("so-diem/de-nghi/<uuid:amendment_id>/<slug:act>/", amendments.decide, name="decide"),
    path("so-diem/thoi-han/", amendments.windows, name="windows"),
    path(_SHEET, gradebook.grid, name="grid"),
    path(f"{_SHEET}luu/", gradebook.save, name="save"),
    path(f"{_SHEET}moi/", gradebook.changes, name="changes"),
    path(f"{_SHEET}khoa/<slug:column>/", gradebook.lock, name="lock"),
    path(f"{_SHEET}mo-khoa/<slug:column>/", gradebook.unlock, name="unlock"),
    path(f"{_SHEET}em/<uuid:learner_id>/", gradebook.story, name="story"),
    path(f"{_SHEET}em/<uuid:learner_id>/sua/<slug:column>/", amendments.amend, name="amend"),
    *EXEMPTION_ROUTES,
]
