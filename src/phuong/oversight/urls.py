"""Addresses of oversight."""

from django.urls import path

from phuong.oversight.views import emergency, exports, roles, support

app_name = "oversight"
urlpatterns = [
    path("vai-tro-don-vi/", roles.roles, name="roles"),
    path("vai-tro-don-vi/giao/", roles.give, name="give"),
    path("vai-tro-don-vi/<uuid:assignment_id>/ket-thuc/", roles.end, name="end"),
    path("vai-tro-don-vi/cho-duyet/", roles.requests, name="requests"),
    path("vai-tro-don-vi/cho-duyet/<uuid:request_id>/<slug:act>/", roles.decide, name="decide"),
    path("vai-tro-don-vi/ra-soat/", roles.review, name="review"),
    path("quyen-khan-cap/", emergency.emergency, name="emergency"),
    path("quyen-khan-cap/<uuid:use_id>/<slug:act>/", emergency.decide, name="decide_emergency"),
    path("ho-tro/", support.support, name="support"),
    path("ho-tro/truong/", support.school_access, name="school_access"),
    path("ho-tro/truong/<uuid:access_id>/", support.seen, name="seen"),
    path("ho-tro/truong/<uuid:access_id>/<slug:act>/", support.answer, name="answer"),
    path("tai-tep/", exports.exports, name="exports"),
    path("tai-tep/muc/", exports.cap, name="cap"),
    path("tai-tep/<uuid:stop_id>/mo-lai/", exports.reopen, name="reopen"),
]
