"""Words as search sees them: without case and accents, taken apart the same way in documents and in what is asked.

A word written with marks inside it is found however they are typed: "AC/DC" is ac, dc and acdc; "l’amour" is l, amour
and lamour. Scripts without spaces are cut into pairs of characters. What has no letters at all ("!!!") is itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from library.engine.names import LETTERS, MARKS

LONGEST_WORD = 40
MOST_WORDS = 4000
# What stands inside a word without parting it: joiners, selectors of variants, the soft hyphen.
INVISIBLE = dict.fromkeys(map(ord, "\xad\u200b\u200c\u200d\ufe0e\ufe0f"))
# As in keys; but an ampersand is the business of whoever takes words apart: R&B is r and b, and rb.
PLAIN = {code: letter for code, letter in LETTERS.items() if code != ord("&")} | INVISIBLE


def _signs() -> str:
    """Vowel signs and the like of scripts whose words consist of letters and marks."""
    blocks = (range(0x0300, 0x2000), range(0x2DE0, 0x2E00), range(0xA600, 0xAC00))
    return "".join(chr(code) for block in blocks for code in block if unicodedata.category(chr(code))[0] == "M")


_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_PART = re.compile(rf"([{_UNSPACED}]+)|(?:(?![{_UNSPACED}])(?:[^\W_]|[{_signs()}]))+")
_SIMPLE = re.compile(r"[a-z0-9 ]*")
ARTICLES = frozenset(
    ["the", "a", "an", "le", "la", "les", "un", "une", "der", "die", "das", "el", "los", "las", "il", "de", "het"]
)


class Word(NamedTuple):
    """A word of a document, and where it stands there."""

    text: str
    position: int


class Part(NamedTuple):
    """A piece of what stands between two spaces; `run` when its script knows no spaces."""

    text: str
    run: bool


def fold(text: str) -> str:
    """Without case, accents and ligatures: what looks alike to a person in a hurry becomes alike."""
    if text.isascii():
        return text.lower()
    plain = MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold().translate(PLAIN)
    return unicodedata.normalize("NFC", plain)


def parts_of(chunk: str) -> list[Part]:
    """The letters and digits of one folded chunk; nothing if it has none."""
    return [Part(match[0][:LONGEST_WORD], match[1] is not None) for match in _PART.finditer(chunk)]


def joined(parts: list[Part]) -> str | None:
    """ "acdc" for AC/DC, "dont" for don't; None where nothing was parted, or what was is no word."""
    if len(parts) < 2 or any(part.run for part in parts):
        return None
    whole = "".join(part.text for part in parts)
    return whole if len(whole) <= LONGEST_WORD else None


def pairs(run: str) -> list[str]:
    """A run of a script without spaces in pairs that overlap, and its last character."""
    return [run[at : at + 2] for at in range(len(run))]


def words_of(text: str) -> list[Word]:
    """The words of a text of a document."""
    return words_of_folded(fold(text))


def words_of_folded(folded: str) -> list[Word]:
    """The same of a text that is folded already."""
    if _SIMPLE.fullmatch(folded):
        return [Word(word[:LONGEST_WORD], place) for place, word in enumerate(folded.split()[:MOST_WORDS])]
    return list(_words(folded))


def _words(folded: str) -> Iterator[Word]:
    place = 0
    for chunk in folded.split()[:MOST_WORDS]:
        parts = parts_of(chunk)
        if not parts:
            sign = sign_word(chunk)
            yield Word(sign, place)
            # "a - b" is the phrase "a b".
            place += sign == "and"
            continue
        whole = joined(parts)
        if whole:
            yield Word(whole, place)
        for part in parts:
            for text in pairs(part.text) if part.run else [part.text]:
                yield Word(text, place)
                place += 1


def sign_word(chunk: str) -> str:
    """What signs alone stand for: "&" is and, "!!!" is itself."""
    return "and" if chunk == "&" else chunk[:LONGEST_WORD]


@lru_cache(maxsize=4096)
def name_of(text: str) -> str:
    """A name as names are compared: folded, in single spaces, "acdc" for AC/DC."""
    return " ".join(_name_words(fold(text)))


def _name_words(folded: str) -> Iterator[str]:
    chunks = folded.split()[:MOST_WORDS]
    lone = len(chunks) == 1
    for chunk in chunks:
        parts = parts_of(chunk)
        if parts:
            yield joined(parts) or " ".join(part.text for part in parts)
        elif lone or chunk == "&":
            yield sign_word(chunk)


def namesakes(name: str) -> list[str]:
    """The name itself, and what it is with or without an article before it."""
    first, _, rest = name.partition(" ")
    bare = rest if first in ARTICLES and rest else name
    return list(dict.fromkeys([name, bare, *(f"{article} {bare}" for article in sorted(ARTICLES))]))
