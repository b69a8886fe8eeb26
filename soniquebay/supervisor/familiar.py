"""Whether the last preparation still holds, so that the web may start beside the next one instead of after it."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from soniquebay.embedded import Home
from soniquebay.supervisor.programs import CHECKOUT, Stores

NOTE = "prepared-for"
# Tables and static files: what preparation changes and a running web would have read before.
CHANGING = ("*/migrations/*.py", "static/**/*", "requirements.txt", "soniquebay/settings.py")


def is_familiar(home: Home, stores: Stores) -> bool:
    return home.note(NOTE) == _mark(stores)


def remember(home: Home, stores: Stores) -> None:
    if not is_familiar(home, stores):
        home.keep_note(NOTE, _mark(stores))


def _mark(stores: Stores) -> str:
    facts = "\n".join([stores.database_url, *sorted(_facts())])
    return str(zlib.crc32(facts.encode(errors="surrogateescape")))


def _facts() -> Iterator[str]:
    for pattern in CHANGING:
        for path in CHECKOUT.glob(pattern):
            facts = Path(path).stat()
            yield f"{path} {facts.st_size} {facts.st_mtime_ns}"
