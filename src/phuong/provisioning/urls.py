"""Addresses of the SCIM interface (the same in every language), of the desk of systems, of mailboxes."""

from django.urls import path, re_path

from phuong.provisioning.views import mailboxes, scim, systems

app_name = "provisioning"
urlpatterns = [
    path("cap-tai-khoan/", systems.systems, name="systems"),
    path("cap-tai-khoan/moi/", systems.new, name="new_system"),
    path("cap-tai-khoan/<uuid:client_id>/", systems.system, name="system"),
    path("cap-tai-khoan/<uuid:client_id>/<slug:act>/", systems.act, name="act"),
    path("hop-thu-cong-vu/", mailboxes.mailboxes, name="mailboxes"),
    path("hop-thu-cong-vu/<uuid:domain_id>/", mailboxes.domain, name="domain"),
    path("hop-thu-cong-vu/<uuid:domain_id>/<slug:act>/", mailboxes.act, name="mailboxes_act"),
]
scim_patterns = ([re_path(r"^scim/v2(?:/(?P<path>.*))?$", scim.scim, name="v2")], "scim")
