"""Words as the text encoder sees them: without case and accents, in pieces that its table knows."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "’": "'"})
GRAM = 4
BUCKETS = 256


def plain(text: str) -> str:
    """Case is folded before letters are taken apart: some capitals have no plain counterpart."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in WORD.findall(plain(text))]


def pieces(word: str, known: Mapping[str, int]) -> list[int]:
    """The longest pieces first, as the model's own tokenizer cuts; nothing where a part of it is unknown."""
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            row = known.get(word[start:end] if start == 0 else f"##{word[start:end]}")
            if row is not None:
                found.append(row)
                start = end
                break
        else:
            return []
    return found


def grams(word: str) -> Iterator[tuple[int, float]]:
    """Buckets and signs of the word itself and of its stretches of letters, so that a misspelt one is near."""
    framed = f"<{word}>"
    parts = {framed, *(framed[at : at + GRAM] for at in range(len(framed) - GRAM + 1))}
    for part in sorted(parts):
        mark = zlib.crc32(part.encode())
        yield mark % BUCKETS, 1.0 if mark & 0x8000_0000 else -1.0
