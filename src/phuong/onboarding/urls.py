"""Addresses of onboarding."""

from django.urls import path

from phuong.onboarding.views import claims, desk, door, renewing

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
    path("tai-khoan-truong/<uuid:organisation_id>/cap-lai/", renewing.renew, name="renew"),
    path("tai-khoan-truong/<uuid:organisation_id>/cap-lai/<uuid:person_id>/", renewing.renew_one, name="renew_one"),
    path("tai-khoan-truong/lop/<uuid:class_id>/cap-lai/", renewing.renew_class, name="renew_class"),
    path("tai-khoan-truong/lop/<uuid:class_id>/thu/", desk.letters, name="letters"),
    path("tai-khoan-truong/lop/<uuid:class_id>/gui/", desk.send, name="send"),
    path("tai-khoan-truong/lop/<uuid:class_id>/thu-hoi/", desk.revoke, name="revoke"),
    path("tai-khoan-truong/thu/<uuid:file_id>.pdf", desk.file, name="file"),
    path("tai-khoan-truong/xin-gan/<uuid:claim_id>/", desk.decide, name="decide"),
]
