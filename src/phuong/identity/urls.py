"""Addresses of signing in and out, and of one's own account."""

from django.urls import path

from phuong.identity.backend.upstream import PROVIDER_ID
from phuong.identity.views import entrance, own, vneid

app_name = "identity"
urlpatterns = [
    path("dang-nhap/", entrance.sign_in, name="sign_in"),
    path("dang-xuat/", entrance.sign_out, name="sign_out"),
    path("vai-tro/", entrance.switch_role, name="switch_role"),
    path("tai-khoan/", own.account, name="account"),
    path("tai-khoan/noi-dang-nhap/", own.close_sessions, name="close_sessions"),
    path("tai-khoan/mat-khau/", own.password, name="password"),
    path("tai-khoan/vneid/", vneid.link, name="link_vneid"),
    path("tai-khoan/vneid/bo/", vneid.unlink, name="unlink_vneid"),
]
# the same and further pages under the names by which django-allauth asks for them
allauth_patterns = [
    path("dang-nhap/", entrance.sign_in, name="account_login"),
    path("dang-nhap/ma/", entrance.second_factor, name="mfa_authenticate"),
    path("dang-nhap/thiet-bi/", entrance.trust_device, name="mfa_trust"),
    path("dang-nhap/khoa/", entrance.passkey_sign_in, name="mfa_login_webauthn"),
    path("dang-xuat/", entrance.sign_out, name="account_logout"),
    path("tai-khoan/", own.account, name="mfa_index"),
    path("tai-khoan/", own.account, name="mfa_list_webauthn"),
    path("tai-khoan/xac-nhan/", own.prove_by_password, name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", own.prove_by_code, name="mfa_reauthenticate"),
    path("tai-khoan/xac-nhan/khoa/", own.prove_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("tai-khoan/ung-dung/", own.activate_totp, name="mfa_activate_totp"),
    path("tai-khoan/ung-dung/go/", own.deactivate_totp, name="mfa_deactivate_totp"),
    path("tai-khoan/khoa/them/", own.add_passkey, name="mfa_add_webauthn"),
    path("tai-khoan/khoa/<int:pk>/", own.rename_passkey, name="mfa_edit_webauthn"),
    path("tai-khoan/khoa/<int:pk>/go/", own.remove_passkey, name="mfa_remove_webauthn"),
    path("tai-khoan/ma-du-phong/", own.recovery_codes, name="mfa_view_recovery_codes"),
    path("tai-khoan/ma-du-phong/moi/", own.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("tai-khoan/ma-du-phong/tep/", own.download_recovery_codes, name="mfa_download_recovery_codes"),
]
_THE_ONE = {"provider_id": PROVIDER_ID}
# one address in every language, since it is registered at the provider
upstream_patterns = [
    path("dang-nhap/vneid/", vneid.sign_in, _THE_ONE, name="openid_connect_login"),
    path("dang-nhap/vneid/ve/", vneid.come_back, _THE_ONE, name="openid_connect_callback"),
]
