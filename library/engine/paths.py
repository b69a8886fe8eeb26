"""File names as text that JSON and PostgreSQL hold, and back: bytes that are not UTF-8 are escaped, reversibly.

Folders are told apart, sorted and compared as such text. ␛ stands for the byte whose two hexadecimal digits follow;
it is a printable character that hardly any name holds, and is escaped itself.
"""

import os
import re

MARK = "␛"
_MARKED = re.compile(rf"{MARK}([0-9a-f]{{2}})")
_BROKEN = re.compile("[\udc80-\udcff\0]")
_MARK_ESCAPED = "".join(f"{MARK}{byte:02x}" for byte in MARK.encode())


def escaped(name: bytes | str) -> str:
    """A name or a whole path, whatever its bytes are."""
    raw = os.fsencode(name) if isinstance(name, str) else name
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode(errors="surrogateescape")
    if MARK in text:
        text = text.replace(MARK, _MARK_ESCAPED)
    # Printable text, which nearly all names are, holds neither NUL nor surrogates.
    return text if text.isprintable() else _BROKEN.sub(_as_mark, text)


def _as_mark(match: re.Match[str]) -> str:
    return f"{MARK}{ord(match[0]) & 0xFF:02x}"


def unescaped(text: str) -> bytes:
    """The bytes by which the system knows it."""
    if MARK not in text:
        return text.encode()
    parts = _MARKED.split(text)
    whole = [part.encode() for part in parts]
    whole[1::2] = [bytes.fromhex(part) for part in parts[1::2]]
    return b"".join(whole)


def joined(root: str, folder: str, name: str = "") -> str:
    """The absolute path of a file, all of it escaped: `folder` is relative to `root` and ends in a slash."""
    return f"{root.rstrip('/')}/{folder}{name}"


def contains(root: bytes, path: bytes) -> bool:
    """Whether a path lies below a folder, after every link in both has been followed."""
    top = os.path.realpath(root)
    return os.path.realpath(path).startswith(top if top.endswith(b"/") else top + b"/")
