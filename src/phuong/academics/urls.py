"""Addresses of marks and results."""

from phuong.academics.views.results import RESULT_ROUTES

app_name = "academics"
urlpatterns = [*RESULT_ROUTES]
