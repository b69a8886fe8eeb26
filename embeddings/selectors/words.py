"""Reasons in the reader's language: each in a few words, and all of them in a sentence."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.readings import number
from embeddings.engine.recommending.reasons import Reason, Value, shown

Values = Mapping[str, Value]
DAYS_A_MONTH = 30.4


def sentence(reasons: Sequence[Reason]) -> str:
    """The strongest few, as one sentence without a full stop; empty where there is none."""
    said = ", ".join(text for reason in shown(reasons) if (text := reason_text(reason)))
    return said[:1].upper() + said[1:]


def reason_text(reason: Reason) -> str:
    """Such as: 8A → 9A."""
    say = SAYING.get(reason.kind)
    return say(reason.values) if say else ""


def _key(values: Values) -> str:
    if values["relation"] == "same":
        return _("both in %(key)s") % {"key": values["to"]}
    moved = f"{values['from']} → {values['to']}"
    if values["relation"] == "relative":
        major = str(values["to"]).endswith("B")
        said = _("%(keys)s, its relative major") if major else _("%(keys)s, its relative minor")
        return said % {"keys": moved}
    return moved


def _tempo(values: Values) -> str:
    apart = round(_float(values["apart"]))
    if values["octaves"]:
        return _("half the tempo") if _float(values["octaves"]) < 0 else _("double the tempo")
    if not apart:
        return _("the same tempo")
    return ngettext("%(count)s BPM apart", "%(count)s BPM apart", apart) % {"count": number(apart)}


def _sound(values: Values) -> str:
    return _("very close in sound") if values["degree"] == "very" else _("close in sound")


def _meaning(values: Values) -> str:
    return _("much the same in spirit") if values["degree"] == "very" else _("related in spirit")


def _names(values: Values) -> str:
    names = [str(name) for name in _list(values["names"])]
    if len(names) > 1:
        return _("both “%(one)s” and “%(other)s”") % {"one": names[0], "other": names[1]}
    return _("both “%(name)s”") % {"name": names[0]}


def _energy(values: Values) -> str:
    words = {"high": _("both full of energy"), "low": _("both calm"), "even": _("of like energy")}
    return words[str(values["level"])]


def _tone(values: Values) -> str:
    return _("both bright in mood") if values["tone"] == "bright" else _("both dark in mood")


def _often(values: Values) -> str:
    plays = int(_float(values["plays"]))
    return ngettext("heard %(count)s time", "heard %(count)s times", plays) % {"count": number(plays)}


def _forgotten(values: Values) -> str:
    months = max(1, round(_float(values["days"]) / DAYS_A_MONTH))
    said = ngettext("not heard for %(count)s month", "not heard for %(count)s months", months)
    return said % {"count": number(months)}


SAYING: Mapping[str, Callable[[Values], str]] = {
    "key": _key,
    "tempo": _tempo,
    "sound": _sound,
    "meaning": _meaning,
    "genres": _names,
    "moods": _names,
    "acoustic": lambda values: _("both acoustic"),
    "instrumental": lambda values: _("both without voices"),
    "energy": _energy,
    "mood_of_sound": _tone,
    "decade": lambda values: _("both of the %(decade)ss") % {"decade": values["decade"]},
    "artist": lambda values: _("by the same artist"),
    "new": lambda values: _("not heard yet"),
    "often": _often,
    "loved": lambda values: _("one that you love"),
    "forgotten": _forgotten,
}


def _float(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _list(value: Value) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
