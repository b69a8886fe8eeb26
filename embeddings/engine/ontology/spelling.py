"""Words as people spell them: folded, cut at what is no letter, and without the endings that change nothing."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from library.engine.slips import within_one_slip
from library.engine.words import fold

Phrase = tuple[str, ...]
WORD = re.compile(r"[^\W_]+[#♯♭]?")
STOP = re.compile(r"[,;.:!?\n()]")
SHORTEST_STEM = 4
SHORTEST_SLIP = 5
# In this order: the first that fits is what is changed; endings of the feminine and the plural, in both languages.
ENDINGS = (
    ("euses", "eux"),
    ("euse", "eux"),
    ("ives", "if"),
    ("ive", "if"),
    ("ennes", "en"),
    ("enne", "en"),
    ("elles", "el"),
    ("elle", "el"),
    ("ees", ""),
    ("ee", ""),
    ("es", ""),
    ("aux", "al"),
    ("s", ""),
    ("e", ""),
)


@dataclass(frozen=True)
class Token:
    """A word of a text, and where it stands there."""

    text: str
    start: int
    end: int
    stop: bool
    """something that ends a thought follows it"""
    minus: bool
    """a dash stands before it, as search engines are told what to leave out"""


def tokens(text: str) -> list[Token]:
    found = list(WORD.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return [
        Token(
            fold(match[0]), match.start(), match.end(), bool(STOP.search(text[match.end() : end])), _minus(text, match)
        )
        for match, end in zip(found, ends, strict=True)
    ]


def _minus(text: str, match: re.Match[str]) -> bool:
    at = match.start()
    return at > 0 and text[at - 1] == "-" and (at == 1 or text[at - 2].isspace())


def composed(text: str) -> str:
    """Letters and their accents as one: what spans are counted in."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=16_384)
def phrase(text: str) -> Phrase:
    return tuple(fold(match) for match in WORD.findall(text))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """What the masculine, the feminine and their plurals have in common."""
    for ending, instead in ENDINGS:
        if (
            word.endswith(ending)
            and len(word) - len(ending) + len(instead) >= SHORTEST_STEM
            and not word.endswith("ss")
        ):
            return word[: len(word) - len(ending)] + instead
    return word


def stems(words: Phrase) -> Phrase:
    return tuple(stem(word) for word in words)


def meant(typed: str, known: Iterable[str]) -> str | None:
    """The one word of ours that `typed` is a slip away from; nothing where that is uncertain."""
    if len(typed) < SHORTEST_SLIP or not typed.isalpha():
        return None
    near = list(_near(typed, known))
    return min(near, key=lambda word: (abs(len(word) - len(typed)), word)) if near else None


def _near(typed: str, known: Iterable[str]) -> Iterator[str]:
    """Nearly nobody mistypes the first letter; a longer and a shorter word are likelier meant than another one."""
    for word in known:
        if len(word) >= SHORTEST_SLIP and word[0] == typed[0] and within_one_slip(typed, word):
            yield word
