"""Words: from tags and from files beside the music, timed ones as LRC."""

import re
from html import unescape

from library.engine.tags.encodings import decoded
from library.engine.tags.raw import Words

# Of bytes; a whole delivery may have two and a half million.
LONGEST = 1_200_000
_STAMP = re.compile(r"\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]")
_OFFSET = re.compile(r"^\[offset:\s*([+-]?\d+)\s*\]\s*\n?", re.MULTILINE | re.IGNORECASE)
_SRT = re.compile(r"(\d+):(\d{2}):(\d{2})[,.](\d{1,3})\s*-->[^\n]*\n(.*?)(?=\n\s*\n|\Z)", re.DOTALL)
_TTML = re.compile(r"<p\b[^>]*\bbegin=\"([^\"]+)\"[^>]*>(.*?)</p>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>")


def stamp(milliseconds: int) -> str:
    milliseconds = max(0, milliseconds)
    return f"[{milliseconds // 60_000:02d}:{milliseconds // 1000 % 60:02d}.{milliseconds % 1000 // 10:02d}]"


def from_text(text: str, language: str = "") -> Words | None:
    """Plain words, or LRC, which also stands in tags that are meant for plain ones."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\ufeff \n\t")
    text = text.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
    if not text:
        return None
    synced = len(_STAMP.findall(text)) > 1
    return Words(_without_offset(text) if synced else text, synced, _language(language))


def from_lines(lines: list[tuple[str, int]], language: str = "") -> Words | None:
    """Text and milliseconds, as SYLT holds them."""
    text = "\n".join(f"{stamp(at)}{' '.join(line.split())}" for line, at in lines)
    text = text.replace("\0", "").encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
    return Words(text, True, _language(language)) if text else None


def from_file(content: bytes, kind: str) -> Words | None:
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if kind == "srt":
        return from_lines([_subtitle(match) for match in _SRT.findall(text)])
    if kind == "ttml":
        return from_lines([(unescape(_MARKUP.sub("", line)), _clock(at)) for at, line in _TTML.findall(text)])
    return from_text(text)


def best(words: list[Words]) -> Words | None:
    """Timed ones before plain ones, else in the order of the file."""
    return next((found for found in words if found.synced), words[0] if words else None)


def _without_offset(text: str) -> str:
    """What is to be shown earlier or later by so many milliseconds says so itself, line by line."""
    match = _OFFSET.search(text)
    if match is None:
        return text
    earlier = int(match[1])
    return _STAMP.sub(lambda found: stamp(_milliseconds(*found.groups()) - earlier), _OFFSET.sub("", text))


def _milliseconds(minutes: str, seconds: str, fraction: str | None) -> int:
    return int(minutes) * 60_000 + int(seconds) * 1000 + int((fraction or "0").ljust(3, "0"))


def _subtitle(match: tuple[str, str, str, str, str]) -> tuple[str, int]:
    hours, minutes, seconds, fraction, text = match
    return text, _milliseconds(str(int(hours) * 60 + int(minutes)), seconds, fraction)


def _clock(text: str) -> int:
    """ "12.5s", "01:02.500", "00:01:02.500" """
    try:
        total = 0.0
        for part in text.removesuffix("s").split(":"):
            total = total * 60 + float(part)
        return min(round(total * 1000), 2**31 - 1)
    except (ValueError, OverflowError):
        return 0


def _language(code: str) -> str:
    """ID3 writes XXX, or anything, where it does not know."""
    code = code.strip("\0 ").lower()
    return code if re.fullmatch("[a-z]{2,3}", code) and code not in {"xxx", "und"} else ""
