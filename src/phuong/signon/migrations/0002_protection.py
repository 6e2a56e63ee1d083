"""Row security of sites and of what people were given; the tokens of django-allauth are closed to all but their owner."""

from django.db import migrations

from phuong.kernel.protection import Protect, ProtectOwn


class Migration(migrations.Migration):
    dependencies = [
        ("signon", "0001_initial"),
        ("kernel", "0006_cache"),
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
    ]
    operations = [
        Protect("signon_relyingparty"),
        Protect("signon_relyingpartyevent"),
        ProtectOwn("signon_subject", "account_id"),
        ProtectOwn("signon_consent", "account_id"),
        ProtectOwn("signon_sitesession", "account_id"),
        ProtectOwn("allauth_idp_oidc_token"),
    ]
