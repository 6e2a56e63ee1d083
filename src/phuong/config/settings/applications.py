"""Which apps make the house, in order of floors, and how a request passes through."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "phuong.kernel",
    "phuong.ui",
    "phuong.records",
    "phuong.intake",
    "phuong.registry",
    "phuong.facilities",
    "phuong.identity",
    "phuong.signon",
    "phuong.provisioning",
    "phuong.journal",
    "phuong.onboarding",
    "phuong.notices",
    "phuong.oversight",
    "phuong.measures",
    "phuong.plans",
    "phuong.tasks",
    "phuong.reports",
    "phuong.gateway",
    "phuong.roster",
    "phuong.demo",
    "phuong.config",
    "allauth",  # after our apps: our templates come first
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "phuong.kernel.watch.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "phuong.identity.middleware.ActorMiddleware",
    "phuong.oversight.middleware.SupportTrail",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "phuong.config.urls"
WSGI_APPLICATION = "phuong.config.wsgi.application"
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["phuong.identity.backend.password.PasswordSignIn"]
PROCRASTINATE_ON_APP_READY = "phuong.kernel.jobs.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
