"""Where the site keeps its things, and what the environment says; nothing here needs Django."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HOME_VARIABLE = "NONGSHI_HOME"
KEY_BYTES = 48


def home() -> Path:
    """The folder of database, uploads, keys and logs; made where it is missing, for its owner only."""
    folder = Path(os.environ.get(HOME_VARIABLE, "out/site")).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret(name: str) -> str:
    """A random secret that lasts: from NONGSHI_<NAME>, else from a file of the home folder, made at first use."""
    given = os.environ.get(f"NONGSHI_{name.upper()}")
    if given:
        return given
    path = home() / f"{name}.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        made = secrets.token_urlsafe(KEY_BYTES)
        file.write(made + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no of the environment."""
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    """Words with commas of the environment."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def mail(url: str) -> dict[str, Any]:
    """Django's settings of mail from one address; without one mails go to the log.

    >>> mail("smtp://nongshi:p%40ss@mail.example.org:587?tls=1&from=n@example.org")["EMAIL_HOST_PASSWORD"]
    'p@ss'
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts, said = urlsplit(url), parse_qs(urlsplit(url).query)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": said.get("tls") == ["1"],
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": said.get("from", ["nongshi@localhost"])[0],
    }
