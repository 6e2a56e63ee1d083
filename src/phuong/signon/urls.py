"""Addresses of the OpenID provider (the same in every language), and of the desk of sites."""

from django.urls import include, path

from phuong.signon.views import desk, provider

app_name = "signon"
urlpatterns = [
    path("trang-dang-nhap/", desk.sites, name="sites"),
    path("trang-dang-nhap/moi/", desk.register, name="register"),
    path("trang-dang-nhap/<uuid:party_id>/", desk.site, name="site"),
    path("trang-dang-nhap/<uuid:party_id>/<slug:act>/", desk.act, name="act"),
]
_oidc = [
    path(".well-known/openid-configuration", provider.configuration, name="configuration"),
    path(".well-known/jwks.json", provider.jwks, name="jwks"),
    path("o/authorize", provider.authorization, name="authorization"),
    path("o/token", provider.token, name="token"),
    path("o/userinfo", provider.userinfo, name="userinfo"),
    path("o/revoke", provider.revoke, name="revoke"),
    path("o/logout", provider.logout, name="logout"),
]
provider_patterns = ([path("", include((_oidc, "oidc")))], "idp")
