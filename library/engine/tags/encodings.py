"""Text whose encoding nobody has noted: files beside the music, and ID3's frames that claim to be Latin-1."""

import codecs
import re
from collections.abc import Iterable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> str:
    """By its byte order mark, else UTF-8 if it can be, else what Windows would take it for."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            # A file may have been given a second mark.
            return content.decode(encoding, errors="replace").lstrip("\ufeff")
    nul = content[:200].count(0)
    if nul > len(content[:200]) // 4:
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    codec = guessed([content])
    return content.decode(codec or "cp1252", errors="replace")


# Three letters above ASCII in a row are no word of a language that is written in Latin-1.
_FOREIGN = re.compile(rb"[\x80-\xff]{3}")
_CYRILLIC = re.compile(r"[\u0400-\u045f]+")
_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3\u3130-\u318f]+")
_HANZI = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]+")
_SCRIPTS = (
    ("shift_jis", _KANA_OR_KANJI),
    ("cp1251", _CYRILLIC),
    ("euc_kr", _HANGUL),
    ("gbk", _HANZI),
    ("big5", _HANZI),
)


def looks_foreign(text: str) -> bool:
    """Whether text that was read as Latin-1 is probably written in something else."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return _FOREIGN.search(raw) is not None or (not raw.isascii() and _is_utf8(raw))


def guessed(texts: Iterable[bytes]) -> str | None:
    """The one encoding in which all of them are words of one script, UTF-8 first; None if there is none."""
    doubtful = [text for text in texts if not text.isascii()]
    if not doubtful:
        return None
    if all(_is_utf8(text) for text in doubtful):
        return "utf-8"
    if not any(_FOREIGN.search(text) for text in doubtful):
        return None
    return next((codec for codec, script in _SCRIPTS if all(_is(text, codec, script) for text in doubtful)), None)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is(raw: bytes, codec: str, script: re.Pattern[str]) -> bool:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return False
    foreign = [char for char in text if char > "\x7f"]
    return bool(foreign) and script.fullmatch("".join(foreign)) is not None and _is_cased_like_words(text)


def _is_cased_like_words(text: str) -> bool:
    """Other encodings read as Cyrillic have capitals in the middle of their words."""
    return not re.search(r"[а-яё][А-ЯЁ]", text)
