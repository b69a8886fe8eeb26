"""Where the bytes of pictures lie: by their digest, each once, thumbnails beside them; written whole or not at all."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}")
SIZES = (96, 320, 800)
LARGEST_COVER = 16 * 1024 * 1024
# By their first bytes, and never by what a tag or a name says; no SVG, which is a program.
MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "png"),
    (re.compile(rb"GIF8[79]a"), "image/gif", "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
    (re.compile(rb"BM....\x00\x00\x00\x00", re.DOTALL), "image/bmp", "bmp"),
    (re.compile(rb"II\x2a\x00|MM\x00\x2a"), "image/tiff", "tiff"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "image/avif", "avif"),
)
EXTENSIONS = {mime: extension for _, mime, extension in MAGIC}


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sniffed(beginning: bytes) -> str:
    """The type of picture that begins so; empty for what is none that we know."""
    return next((mime for magic, mime, _ in MAGIC if magic.match(beginning)), "")


def original(media: Path, digest: str, mime_type: str) -> Path:
    """Where the picture itself belongs."""
    return media / "covers" / _checked(digest)[:2] / f"{digest}.{EXTENSIONS.get(mime_type, 'bin')}"


def found_original(media: Path, digest: str) -> Path | None:
    """Where it lies, of whatever type it is."""
    folder = media / "covers" / _checked(digest)[:2]
    places = (folder / f"{digest}.{extension}" for extension in EXTENSIONS.values())
    return next((place for place in places if place.is_file()), None)


def thumbnail(media: Path, digest: str, size: int) -> Path:
    """Where the thumbnail of this size belongs."""
    if size not in SIZES:
        raise ValueError(f"Thumbnails have {', '.join(map(str, SIZES))} pixels, not {size}.")
    return media / "thumbs" / _checked(digest)[:2] / f"{digest}-{size}.webp"


def store(place: Path, chunks: Iterable[bytes]) -> None:
    """Writes beside the place and moves it there, so that nobody ever sees half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def store_cover(media: Path, content: bytes) -> tuple[str, str]:
    """Keeps a picture under its digest, unless it is kept already; gives its digest and its type."""
    mime_type = sniffed(content[:32])
    if not mime_type:
        raise ValueError("This is no picture of a kind that is known here.")
    digest = digest_of(content)
    place = original(media, digest, mime_type)
    if not place.is_file():
        store(place, [content])
    return digest, mime_type


def remove(media: Path, digest: str) -> None:
    """The picture and its thumbnails."""
    for extension in EXTENSIONS.values():
        (media / "covers" / _checked(digest)[:2] / f"{digest}.{extension}").unlink(missing_ok=True)
    for size in SIZES:
        thumbnail(media, digest, size).unlink(missing_ok=True)


def _checked(digest: str) -> str:
    """No path of a caller's own reaches the disk."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("This is no digest.")
    return digest
