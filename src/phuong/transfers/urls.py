"""Addresses of transfers."""

from django.urls import path

from phuong.transfers.views import asking, family, lists, one

app_name = "transfers"
urlpatterns = [
    path("chuyen-truong/", lists.transfers, name="transfers"),
    path("chuyen-truong/nhan/", asking.receive, name="receive"),
    path("chuyen-truong/den-tu-tinh-khac/", asking.come_in, name="come_in"),
    path("chuyen-truong/den-tu-tinh-khac/goi/", asking.by_package, name="by_package"),
    path("chuyen-truong/di-tinh-khac/", asking.leave, name="leave"),
    path("chuyen-truong/con/", family.family, name="family"),
    path("chuyen-truong/con/<uuid:learner_id>/xin/", family.ask, name="ask"),
    path("chuyen-truong/con/<uuid:learner_id>/xin-tinh-khac/", family.ask_outside, name="ask_outside"),
    path("chuyen-truong/con/<uuid:transfer_id>/rut/", family.withdraw, name="withdraw"),
    path("chuyen-truong/<uuid:transfer_id>/", one.transfer, name="transfer"),
    path("chuyen-truong/<uuid:transfer_id>/goi/", one.package, name="package"),
    path("chuyen-truong/<uuid:transfer_id>/xep-lop/", one.arrive, name="arrive"),
    path("chuyen-truong/<uuid:transfer_id>/giay-tiep-nhan/", one.depart, name="depart"),
    path("chuyen-truong/<uuid:transfer_id>/<slug:act>/", one.step, name="step"),
]
