"""Pictures as the wide Track kept them: base64 in a text, often with a data: prefix, sometimes broken."""

import base64
import binascii
import re

from library.engine.cover_files import sniffed

PREFIX = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Picture:
    """What a text holds, and how to make exactly this text again from its bytes."""

    def __init__(self, text: str) -> None:
        found = PREFIX.match(text)
        self.prefix = found[0] if found else ""
        self.content: bytes | None = None
        self.mime_type: str | None = None
        self.problem = ""
        self.exact = False
        body = text[len(self.prefix) :].encode("utf-8", "replace")
        if not body.strip():
            self.problem = "empty_cover"
            return
        content = decoded(body)
        if content is None:
            self.problem = "broken_cover"
            return
        self.mime_type = sniffed(content[:32]) or None
        if self.mime_type is None:
            self.problem = "cover_is_no_picture"
            return
        self.content = content
        # Line breaks, other letters, no padding: it is a picture, and its text is kept beside.
        self.exact = base64.b64encode(content) == body


def decoded(body: bytes) -> bytes | None:
    """Bytes of what may have line breaks, lack its padding or use the letters of URLs; None for what is broken."""
    plain = b"".join(body.split()).replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    if NOT_BASE64.search(plain) or len(plain) % 4 == 1:
        return None
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return None


def encoded(prefix: str, content: bytes) -> str:
    return prefix + base64.b64encode(content).decode()
