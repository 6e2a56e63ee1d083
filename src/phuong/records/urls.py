"""Addresses of the desk."""

from django.urls import path

from phuong.records import views

app_name = "records"
urlpatterns = [
    path("ho-so/<slug:kind_code>/moi/", views.make, name="make"),
    path("ho-so/<slug:kind_code>/giong/", views.alike, name="alike"),
    path("ho-so/<slug:kind_code>/hang-loat/", views.bulk, name="bulk"),
    path("ho-so/<slug:kind_code>/<uuid:record_id>/sua/", views.change, name="change"),
    path("ho-so/<slug:kind_code>/<uuid:record_id>/ket-thuc/", views.end, name="end"),
    path("ho-so/<slug:kind_code>/<uuid:record_id>/lich-su/", views.history, name="history"),
    path("ho-so/<slug:kind_code>/<uuid:record_id>/tep/", views.files, name="files"),
    path("hang-loat/<uuid:bulk_id>/", views.bulk_change, name="bulk_change"),
    path("hang-loat/<uuid:bulk_id>/ap-dung/", views.bulk_apply, name="bulk_apply"),
    path("hang-loat/<uuid:bulk_id>/hoan-tac/", views.bulk_undo, name="bulk_undo"),
    path("ngay-xem/", views.look_back, name="look_back"),
]
