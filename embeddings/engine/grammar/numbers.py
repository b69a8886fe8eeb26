"""What requests say in figures: times, beats a minute, lengths, keys. Each rule reads folded words between spaces."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.engine.keys import parsed_key
from embeddings.engine.grammar.asked import Kind

RECENT, MODERN = 7, 25
NEAR_BPM = 5
DECADES = {
    "twenties": 1920,
    "thirties": 1930,
    "forties": 1940,
    "fifties": 1950,
    "sixties": 1960,
    "seventies": 1970,
    "eighties": 1980,
    "nineties": 1990,
    "noughties": 2000,
    "naughties": 2000,
    "aughts": 2000,
    "two thousands": 2000,
    "twenty tens": 2010,
    "vingt": 1920,
    "trente": 1930,
    "quarante": 1940,
    "cinquante": 1950,
    "soixante dix": 1970,
    "septante": 1970,
    "soixante": 1960,
    "quatre vingt dix": 1990,
    "quatre vingts dix": 1990,
    "nonante": 1990,
    "quatre vingts": 1980,
    "quatre vingt": 1980,
    "huitante": 1980,
    "octante": 1980,
    "deux mille dix": 2010,
    "deux mille": 2000,
    "eightys": 1980,
    "ninetys": 1990,
    "seventys": 1970,
    "sixtys": 1960,
    "fiftys": 1950,
    "eigthies": 1980,
    "nineteis": 1990,
    "ninties": 1990,
}
CENTURIES = {
    "xvi": 16,
    "xvii": 17,
    "xviii": 18,
    "xix": 19,
    "xx": 20,
    "xxi": 21,
    "16": 16,
    "17": 17,
    "18": 18,
    "19": 19,
    "20": 20,
    "21": 21,
}
_WORDED = "|".join(sorted(DECADES, key=len, reverse=True))
_YEAR = r"(1[5-9]\d\d|20\d\d)"
_FRENCH = rf"(?:les |des |l |aux )?(?:annees|annee|ann|decennie) (?:(\d{{2,4}})|({_WORDED}))(?: s)?"
_ENGLISH = (
    r"(?:the |les |in |of )*(?:(\d{2,4}) ?(?:s|ies|ties|er|z)|(?<!\d )(twenties|thirties|forties|fifties|sixties|"
    r"seventies|eighties|nineties|noughties|naughties|aughts|two thousands|twenty tens|eightys|ninetys|seventys|"
    r"sixtys|fiftys|eigthies|nineteis|ninties))"
)
_PART = (
    r"(?:(early|mid|late|debut|milieu|fin|beginning|start|end|very early|very late)(?: to mid)?(?: the| des| de|"
    r" du| of the| of)? )"
)
_BEFORE = (
    r"(?:before|pre|prior to|until|up to|avant|jusqu (?:en|a|aux)|d avant|older than|anterieur a|no later than|"
    r"earlier than)"
)
_AFTER = r"(?:after|since|post|apres|depuis|d apres|newer than|later than|a partir de|from|des) "
_BPM = r"(?:bpm|beats? per minute|beats? a minute|beats? par minute|battements par minute|pulsations par minute)"
_UNIT = r"(minutes?|mins?|mn|m|min|hours?|heures?|hrs?|h|seconds?|secondes?|sec)"
_NOTES = {"do": "C", "ut": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_SIGNS = {"sharp": "#", "flat": "b", "diese": "#", "bemol": "b", "#": "#", "♯": "#", "♭": "b"}


@dataclass(frozen=True)
class Found:
    """A rule's finding: characters of the joined words, and what they mean."""

    kind: Kind
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], int], tuple[Kind, str] | None]


def figures(words: str, now: int) -> Iterator[Found]:
    """In the order of the rules; the longer and the surer stand first, and nothing is read twice."""
    taken: list[tuple[int, int]] = []
    for rule in RULES:
        for match in rule.pattern.finditer(words):
            meaning = rule.read(match, now)
            if meaning and all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                yield Found(*meaning, *match.span())


def _decade(number: str | None, word: str | None) -> int | None:
    if word:
        return DECADES[word]
    if not number or not number.isdigit():
        return None
    value = int(number)
    if len(number) == 4:
        return value // 10 * 10 if 1500 <= value <= 2039 else None
    if len(number) != 2 or value % 10:
        return None
    return 1900 + value if value >= 20 else 2000 + value


def _a_decade(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    start = _decade(match[1], match[2])
    return ("decade", f"{start}s") if start else None


def _part(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    start = _decade(match[2], match[3])
    if not start:
        return None
    first, last = {"e": (0, 4), "d": (0, 4), "b": (0, 4), "s": (0, 4), "m": (3, 7)}.get(
        match[1].removeprefix("very ")[0], (5, 9)
    )
    return "years", f"{start + first}-{start + last}"


def _two_decades(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    first, last = _decade(match[1], None), _decade(match[2], None)
    return ("years", f"{first}-{last + 9}") if first and last and first < last else None


def _side(after: bool) -> Callable[[re.Match[str], int], tuple[Kind, str] | None]:
    def read(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
        if match[1]:
            year = int(match[1])
            return ("years", f"{year}-") if after else ("years", f"-{year - 1}")
        start = _decade(match[2] or match[4], match[3] or match[5])
        if not start:
            return None
        return (
            ("years", f"{start + 10 if 'since' not in match[0] and 'depuis' not in match[0] else start}-")
            if after
            else ("years", f"-{start - 1}")
        )

    return read


def _years(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    first, last = sorted((int(match[1]), int(match[2])))
    return "years", f"{first}-{last}"


def _recent(_match: re.Match[str], now: int) -> tuple[Kind, str]:
    return "years", f"{now - RECENT}-"


def _modern(_match: re.Match[str], now: int) -> tuple[Kind, str]:
    return "years", f"{now - MODERN}-"


def _century(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    number = CENTURIES.get(match[1])
    return ("years", f"{(number - 1) * 100}-{number * 100 - 1}") if number else None


def _bpm(low: int, high: int) -> tuple[Kind, str] | None:
    return ("tempo", f"{low}-{high}") if high >= 20 and low <= 300 else None


def _seconds(number: str, unit: str) -> int:
    return int(number) * (3600 if unit[0] == "h" else 1 if unit[0] == "s" else 60)


def _about_long(match: re.Match[str], _now: int) -> tuple[Kind, str]:
    seconds = _seconds(match[1], match[2])
    return "length", f"{int(seconds * 0.8)}-{int(seconds * 1.2)}"


def _key(match: re.Match[str], _now: int) -> tuple[Kind, str] | None:
    note = _NOTES.get(match[1][:-1] if match[1][-1] in "#♯♭" else match[1], match[1][0])
    sign = _SIGNS.get(match[2] or match[1][-1], "")
    key = parsed_key(f"{note}{sign} {'minor' if match[3].startswith('min') else 'major'}")
    return ("key", key.camelot) if key else None


def _rule(pattern: str, read: Callable[[re.Match[str], int], tuple[Kind, str] | None]) -> Rule:
    return Rule(re.compile(rf"(?<!\S){pattern}(?!\S)"), read)


RULES = (
    _rule(
        rf"(?:between |entre |from |de |a )?(\d{{2,3}}) (?:(?:to|a|et|and) )?(\d{{2,3}}) ?{_BPM}",
        lambda m, _n: _bpm(*sorted((int(m[1]), int(m[2])))),
    ),
    _rule(
        rf"(?:over|above|more than|plus de|au dessus de|at least|faster than) (\d{{2,3}}) ?{_BPM}",
        lambda m, _n: _bpm(int(m[1]), 300),
    ),
    _rule(
        rf"(?:under|below|less than|moins de|en dessous de|at most|slower than) (\d{{2,3}}) ?{_BPM}",
        lambda m, _n: _bpm(20, int(m[1])),
    ),
    _rule(
        rf"(?:(?:around|about|environ|a|vers|autour de|at|roughly|circa) )*(\d{{2,3}}) ?{_BPM}",
        lambda m, _n: _bpm(int(m[1]) - NEAR_BPM, int(m[1]) + NEAR_BPM),
    ),
    _rule(
        r"(?:tempo|bpm)(?: (?:of|de|around|a|autour de|about|vers|is))* (\d{2,3})",
        lambda m, _n: _bpm(int(m[1]) - NEAR_BPM, int(m[1]) + NEAR_BPM),
    ),
    _rule(
        rf"(?:longer than|over|more than|plus de|au moins|at least|plus longs? que|plus longues? que|"
        rf"above) (\d{{1,3}}) ?{_UNIT}",
        lambda m, _n: ("length", f"{_seconds(m[1], m[2])}-"),
    ),
    _rule(
        rf"(?:shorter than|under|less than|moins de|at most|au plus|maximum|plus courts? que|plus courtes? que|"
        rf"below|max) (\d{{1,3}}) ?{_UNIT}",
        lambda m, _n: ("length", f"-{_seconds(m[1], m[2])}"),
    ),
    _rule(rf"(?:(?:around|about|environ|de|of|pendant|for) )*(\d{{1,3}}) ?{_UNIT}(?: long)?", _about_long),
    _rule(
        r"(?:en |in )?(?:the key of )?([a-g][#♯♭]?|do[#♯]?|ut|re|mi|fa[#♯]?|sol[#♯]?|la|si)(?: (sharp|flat|"
        r"diese|bemol))? (minor|major|mineur|majeur)",
        _key,
    ),
    _rule(r"(?:in |en |key )?(1[0-2]|[1-9])([ab])", lambda m, _n: ("key", f"{m[1]}{m[2].upper()}")),
    _rule(
        r"(?:in |en |in a |a )?(?:(?:mode|key|scale|tonalite) )?(minor|major|mineure?|majeure?)(?: (?:keys?|"
        r"mode|scale))?",
        lambda m, _n: ("key", "minor" if m[1].startswith("min") else "major"),
    ),
    _rule(rf"(?:between |entre |from |de )?{_YEAR} (?:(?:and|et|to|a|until|through|till|jusqu en) )?{_YEAR}", _years),
    _rule(
        r"(?:from |de |des |entre les annees |les annees |annees |between the |the )*(\d{2,4}) ?s? (?:to|a|et|"
        r"and|through)(?: the| les annees)? (\d{2,4}) ?s?(?<=[0s])",
        _two_decades,
    ),
    _rule(rf"{_BEFORE} (?:the year |l an |l annee )?(?:{_YEAR}|{_FRENCH}|{_ENGLISH})", _side(False)),
    _rule(
        rf"{_AFTER}(?:the year |l an |l annee )?(?:{_YEAR}(?= on| onwards|$| a nos jours)(?: onwards?| on|"
        rf" a nos jours)?)",
        lambda m, _n: (
            ("years", f"{m[1]}-")
            if not m[0].startswith(("from", "des")) or m.end(1) < m.end()
            else ("years", f"{m[1]}-{m[1]}")
        ),
    ),
    _rule(
        rf"(?:after|since|post|apres|depuis|d apres|newer than|later than|a partir de) (?:the year |l an |"
        rf"l annee )?(?:{_YEAR}|{_FRENCH}|{_ENGLISH})",
        _side(True),
    ),
    _rule(rf"{_PART}{_FRENCH}", _part),
    _rule(rf"{_PART}{_ENGLISH}", _part),
    _rule(_FRENCH, _a_decade),
    _rule(_ENGLISH, _a_decade),
    _rule(r"(?:the |du |le )?(\w+?) ?(?:th|st|nd|e|eme|ieme)? (?:century|siecle)", _century),
    _rule(r"(?:pre ?war|before the war|avant guerre|d avant guerre)", lambda _m, _n: ("years", "1900-1940")),
    _rule(r"(?:post ?war|after the war|apres guerre|d apres guerre)", lambda _m, _n: ("years", "1945-1960")),
    _rule(
        r"(?:recente?s?|recents?|new releases?|newest|latest|nouveautes?|actuelle?s?|actuels?|nowadays|"
        r"current|d aujourd hui|today s|modern day|of the moment|du moment|contemporary hits|brand new|"
        r"just released|fresh|(?:in |from |of |over )*(?:the |these )?(?:last|past) (?:few |couple of |couple |two |"
        r"three |five |\d )?years?|(?:de |ces |des |les )*dernieres annees|(?:ces|les) derniers temps|"
        r"this year s?|de l annee|de cette annee)",
        _recent,
    ),
    _rule(
        r"(?:pas|not|non|nothing|rien de) (?:trop |too |si |so )?(?:old fashioned|dated|old|vieillot(?:te)?s?|"
        r"ringarde?s?|vieux|vieille|demodee?s?|poussiereux|poussiereuse|dusty)|"
        r"modernes?(?= mais| et|$)|modern(?= but| and|$)",
        _modern,
    ),
    _rule(
        rf"(?:(?:from|in|en|de|of|circa|vers|around|annee|year) )*{_YEAR}", lambda m, _n: ("years", f"{m[1]}-{m[1]}")
    ),
    # "Tubes 80", "disco 70".
    _rule(r"(?<!\d )(?<!\d\d )([5-9]0)(?! ?(?:bpm|min|s|percent|pour))()", _a_decade),
    _rule(r"(?:les |the )?(?:annees folles|roaring twenties|jazz age)", lambda _m, _n: ("decade", "1920s")),
)
