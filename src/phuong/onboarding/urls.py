"""Addresses of onboarding."""

from django.urls import path

from phuong.onboarding.views import claims, desk, door

app_name = "onboarding"
urlpatterns = [
    path("kq/<str:token>", door.link, name="link"),
    path("kich-hoat/", door.name, name="name"),
    path("kich-hoat/ma/", door.code, name="code"),
    path("kich-hoat/mat-khau/", door.password, name="password"),
    path("gan-con/", claims.claim, name="claim"),
    path("tai-khoan-truong/", desk.own, name="own"),
    path("tai-khoan-truong/<uuid:organisation_id>/", desk.school, name="school"),
    path("tai-khoan-truong/<uuid:organisation_id>/thu/", desk.staff_letters, name="staff_letters"),
    path("tai-khoan-truong/lop/<uuid:class_id>/thu/", desk.letters, name="letters"),
    path("tai-khoan-truong/lop/<uuid:class_id>/gui/", desk.send, name="send"),
    path("tai-khoan-truong/lop/<uuid:class_id>/thu-hoi/", desk.revoke, name="revoke"),
    path("tai-khoan-truong/thu/<uuid:file_id>.pdf", desk.file, name="file"),
    path("tai-khoan-truong/xin-gan/<uuid:claim_id>/", desk.decide, name="decide"),
]
