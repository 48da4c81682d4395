"""Django's settings; what differs from place to place comes from the environment (docs/site.md lists every name)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from nongshi.site import conf

HOME = conf.home()
HERE = Path(__file__).parent
SECRET_KEY = conf.secret("secret")
FIELD_KEY = conf.secret("field")  # encrypts ID numbers; losing it loses them
DEBUG = conf.flag("NONGSHI_DEBUG")
ALLOWED_HOSTS = conf.listed("NONGSHI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = conf.listed("NONGSHI_ORIGINS")
BEHIND_TLS = conf.flag("NONGSHI_TLS")  # set where a proxy speaks TLS: cookies then travel over TLS only
SITE_URL = conf.listed("NONGSHI_URL", "http://127.0.0.1:8000")[0].rstrip("/")

INSTALLED_APPS = [
    "nongshi.site.base",  # first: its templates and words go before those of the packages
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "import_export",
    "ninja",
    "nongshi.site.register",
    "nongshi.site.people",
    "nongshi.site.jobs",
    "nongshi.site.plans",
    "nongshi.site.work",
    "nongshi.site.seasons",
    "nongshi.site.money",
    "nongshi.site.orders",
    "nongshi.site.forecasts",
    "nongshi.site.training",
    "nongshi.site.trainee",
    "nongshi.site.farmer",
    "nongshi.site.board",
    "nongshi.site.cab",
    "nongshi.site.clerk",
    "nongshi.site.owner",
    "nongshi.site.officer",
    "nongshi.site.auditor",
    "nongshi.site.feeds",
    "nongshi.site.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nongshi.site.base.csp.HeadersMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nongshi.site.base.sign_in.ActivityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nongshi.site.base.middleware.ScopeMiddleware",
]
ROOT_URLCONF = "nongshi.site.urls"
ASGI_APPLICATION = "nongshi.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["nongshi.site.base.templatetags.site"],  # asset, icon, area, yuan, when ... without a load
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nongshi.site.base.context.page",
            ],
        },
    }
]

# One writer at a time: SQLite takes its write lock when a transaction begins, so that two never deadlock half-way.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
# Under ASGI every request has a thread, and so a connection, of its own: one that is kept would only pile up.
DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'nongshi.sqlite3'}", conn_max_age=0)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DATABASES["default"]["ATOMIC_REQUESTS"] = True  # one request is one transaction, committed at the edge
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "base.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "nongshi.site.base.sign_in.Adapter"
if os.environ.get("NONGSHI_OIDC_URL"):  # a district's own sign-in, OpenID Connect
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": os.environ.get("NONGSHI_OIDC_NAME", "OIDC"),
                    "client_id": os.environ.get("NONGSHI_OIDC_CLIENT", ""),
                    "secret": os.environ.get("NONGSHI_OIDC_SECRET", ""),
                    "settings": {"server_url": os.environ["NONGSHI_OIDC_URL"]},
                }
            ]
        }
    }
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS  # browsers take passkeys over plain http on localhost only
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
CSRF_FAILURE_VIEW = "nongshi.site.base.views.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"  # Chinese first
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # nothing has to be in it
STATICFILES_DIRS = [HERE / "assets"]
WHITENOISE_USE_FINDERS = True  # straight out of the package: nothing to collect before the first start
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9a-f]{8}\.(js|css)$"  # a hash in the name: kept for ever
MEDIA_ROOT = HOME / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20  # a district's field outlines fit

# Map tiles of another host: none by default, a map is the outlines on a plain ground. crs: wgs84 or gcj02.
TILES = {
    "url": os.environ.get("NONGSHI_TILES", ""),
    "crs": os.environ.get("NONGSHI_TILES_CRS", "wgs84"),
    "credit": os.environ.get("NONGSHI_TILES_CREDIT", ""),
}

AUDIT = os.environ.get("NONGSHI_AUDIT", str(HOME / "audit"))  # heads of the log of acts; best on another machine's disk
POSITIONS = os.environ.get("NONGSHI_POSITIONS", "")  # folder of the gateway's store; none: machines stand at their yard
# Who asks for payments: a dotted class with `name` and `ask` (money.payments.Provider); the sandbox pays nothing.
PAYMENTS = os.environ.get("NONGSHI_PAYMENTS", "nongshi.site.money.payments.Sandbox")
NOTIFY = conf.listed(
    "NONGSHI_NOTIFY", "console"
)  # who sends notices, in order: names, or dotted classes (docs/site-feeds.md)
NOTIFY_URL = os.environ.get("NONGSHI_NOTIFY_URL", "")  # where the sender "webhook" posts them
NOTIFY_SECRET = os.environ.get("NONGSHI_NOTIFY_SECRET", "")
WEBHOOK_HOSTS = conf.listed("NONGSHI_WEBHOOK_HOSTS")  # hosts of our own network that webhooks may reach

globals().update(conf.mail(os.environ.get("NONGSHI_SMTP", "")))
API_RATE = int(os.environ.get("NONGSHI_API_RATE", "1200"))  # requests a minute of one key or person
API_KEPT_S = 1.0  # so long a key or role that was taken back may still hold

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "huey": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # it would write addresses of webhooks, which may hold a secret
    },
    "root": {"handlers": ["err"], "level": "INFO"},
}
