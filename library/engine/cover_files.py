"""Pictures as files: named by the digest of their bytes, each kept once, never seen half written."""

import hashlib
import os
import tempfile
from pathlib import Path

FOLDER = "covers"
THUMBNAILS = "thumbs"
SIZES = (96, 320, 800)
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "image/avif": "avif",
}


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mime_type_of(content: bytes) -> str | None:
    """By the first bytes, because tags lie; None for what is no picture."""
    beginnings = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"BM": "image/bmp",
        b"II*\x00": "image/tiff",
        b"MM\x00*": "image/tiff",
    }
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return next((mime for beginning, mime in beginnings.items() if content.startswith(beginning)), None)


def original_file(media: Path, digest: str, mime_type: str) -> Path:
    return media / FOLDER / digest[:2] / f"{digest}.{EXTENSIONS[mime_type]}"


def thumbnail_file(media: Path, digest: str, size: int) -> Path:
    return media / FOLDER / THUMBNAILS / digest[:2] / f"{digest}-{size}.webp"


def keep_file(place: Path, content: bytes) -> None:
    """Written beside its place and moved there; what is there already is the same."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(place)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
