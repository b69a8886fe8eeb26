"""Django's settings, each read from the environment with its type; docs/self-hosting.md lists them all."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from core import environment as env
from core.version import VERSION as VERSION
from soniquebay.addresses import database_from_url, redis_from_url

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = env.home()


# --- secrets and the outside -----------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", "secret_key")
ENCRYPTION_KEYS = env.secret("ENCRYPTION_KEY", "encryption_key").split(",")
DEBUG = env.switch("DEBUG", default=False)
# At home the address is whatever the router gave; a session belongs to one host name: a foreign name gains nothing.
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["*"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.switch("HTTPS", default=False)

# --- the public addresses, under the names of the documents ----------------------------------------------------------
API_URL = env.text("API_URL", "http://127.0.0.1:8337").rstrip("/")
GRAPHQL_URL = env.text("GRAPHQL_URL", f"{API_URL}/api/graphql")
SSE_URL = env.text("SSE_URL", f"{API_URL}/api/events")
# How people reach the pages, for links that are sent to them; bin/up tells this machine's addresses at home.
PAGE_URLS = [url.rstrip("/") for url in env.words("PAGE_URLS", [])]
WS_URL = env.text("WS_URL", f"{API_URL.replace('http', 'ws', 1)}/api/ws")

# --- stores ----------------------------------------------------------------------------------------------------------
HINT = f"Start with bin/up, which brings its own, or name one of yours. {env.OTHER_HOME}"
DATABASE_URL = env.address("DATABASE_URL", schemes=("postgresql", "postgres"), hint=HINT)
REDIS_URL = env.address("REDIS_URL", schemes=("redis", "rediss", "redis+socket", "unix"), hint=HINT)
DATABASES = {"default": database_from_url(DATABASE_URL, pool_size=env.whole("DATABASE_POOL", 8, least=1, most=100))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A cache that hangs is worse than none.
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sb",
        "OPTIONS": PATIENCE,
    }
}
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(HOME / "media")))
DEMO_FOLDER = HOME / "demo"
BACKUP_FOLDER = HOME / "backups"
TRANSCODE_FOLDER = HOME / "transcodes"

# --- queue -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", REDIS_URL)
CELERY_RESULT_BACKEND = env.text("CELERY_RESULT_BACKEND", REDIS_URL)
JOB_HEARTBEAT_S = env.whole("JOB_HEARTBEAT_S", 5, least=1, most=60)
JOB_DEAD_AFTER_S = env.whole("JOB_DEAD_AFTER_S", 30, least=2, most=3600)
JOB_MOST_ATTEMPTS = env.whole("JOB_MOST_ATTEMPTS", 5, least=1, most=100)

# --- work ------------------------------------------------------------------------------------------------------------
CHUNK_SIZE = env.whole("CHUNK_SIZE", 500, least=1, most=5000)
SCAN_TIMEOUT = env.whole("SCAN_TIMEOUT", 300, least=1)
EMBEDDING_MODEL = env.text("EMBEDDING_MODEL", "builtin")
EMBEDDING_DIMENSION = env.whole("EMBEDDING_DIMENSION", 512, least=1)
MUSIC_DIR = env.text("MUSIC_DIR", "")
# Who sends files of music to listeners: we ourselves, or the web server in front of us.
SEND_FILES = env.choice("SEND_FILES", "self", options=("self", "x-accel", "x-sendfile"))
SEND_FILES_PREFIX = env.text("SEND_FILES_PREFIX", "/_files")
TRANSCODES_AT_ONCE = env.whole("TRANSCODES_AT_ONCE", 24, least=1, most=1000)
TRANSCODES_KEPT_MB = env.whole("TRANSCODES_KEPT_MB", 2048, least=0)
BACKUPS_KEPT = env.whole("BACKUPS_KEPT", 7, least=1, most=1000)

# --- Django ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_celery_beat",
    "django_eventstream",
    "django_htmx",
    "corsheaders",
    "channels",
    "ninja",
    "core",
    "library",
    "analysis",
    "enrichment",
    "embeddings",
    "player",
    "soniquebay",
]
AUTH_USER_MODEL = "core.User"
ROOT_URLCONF = "soniquebay.urls"
ASGI_APPLICATION = "soniquebay.asgi.application"
MIDDLEWARE = [
    "core.middleware.RequestContext",
    "soniquebay.middleware.Faults",
    # Whatever answers below these (static files, refusals, preflights) goes out with their headers.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # What has not changed since somebody asked last is not sent again.
    "soniquebay.middleware.NotSentAgain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.PersonalLocale",
    "core.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.frame",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# --- security --------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "soniquebay_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "soniquebay_csrf"
CSRF_FAILURE_VIEW = "soniquebay.views.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Only values such as style="--p:37" are written into pages; whole style sheets come from files.
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS", [])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_EXPOSE_HEADERS = [
    "Retry-After", "X-Request-ID", "Accept-Ranges", "Content-Range", "Content-Duration", "ETag",
    "X-Piece-From-Ms", "X-Piece-To-Ms", "X-Piece-Last",
]  # fmt: skip
# A body is read into memory before anybody has asked whose it is; doors that take files read them piece by piece.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Files in forms go no further than memory either: nothing that a stranger sends is written to the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- language, time --------------------------------------------------------------------------------------------------
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
# Systems set LANGUAGE too, for other programs (de_AT:de): one that we do not speak is no mistake.
_language = env.text("LANGUAGE", "en").split(":")[0].split("_")[0].lower()
LANGUAGE_CODE = _language if _language in dict(LANGUAGES) else "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "soniquebay_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TZ", "UTC")

# --- static ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(HOME / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- events, sockets, logs -------------------------------------------------------------------------------------------
EVENTSTREAM_REDIS = redis_from_url(REDIS_URL)
EVENTSTREAM_STORAGE_CLASS = "core.events.storage.RecentEvents"
EVENTSTREAM_CHANNELMANAGER_CLASS = "core.events.channels.KnownChannels"
DJANGO_CELERY_BEAT_TZ_AWARE = True
CELERY_BEAT_SCHEDULER = "core.schedule.JobScheduler"
LOGGING_CONFIG = "core.logs.configure"
LOGGING = {"level": env.choice("LOG_LEVEL", "INFO", options=LEVELS), "as_json": env.switch("LOG_JSON", default=False)}
