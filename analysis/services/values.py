"""What somebody says of a feature, brought into the form in which it is kept, or refused with the reason."""

import math
from collections.abc import Mapping
from typing import Any

from analysis.engine.keys import parsed_key
from analysis.models import TrackAudioFeatures
from analysis.schemas.fields import FIELDS, KEY, SPANS, WHOLE
from core.errors import InvalidInput


def checked(values: Mapping[str, Any], row: TrackAudioFeatures | None = None) -> dict[str, Any]:
    """All of them, the three names of a key from whichever was given; `row` says what is left unsaid of it."""
    for field in values:
        if field not in FIELDS:
            raise InvalidInput(f"There is no feature called {field[:40]!r}.", field=field[:40])
    found = {field: _plain(field, value) for field, value in values.items() if field not in KEY}
    if any(field in values for field in KEY):
        found |= _key({field: values[field] for field in KEY if field in values}, row)
    return found


def _plain(field: str, value: Any) -> Any:
    if value is None:
        return None
    if field not in SPANS:
        text = str(value).replace("\x00", "").strip()[:500]
        return text or None
    span = SPANS[field]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidInput(f"{field} is a number.", field=field)
    if not span.least <= value <= span.most:
        raise InvalidInput(f"{field} lies between {span.least:g} and {span.most:g}.", field=field)
    return round(value) if field in WHOLE else float(value)


def _key(said: Mapping[str, Any], row: TrackAudioFeatures | None) -> dict[str, Any]:
    given = {field: str(value).strip() for field, value in said.items() if value is not None and str(value).strip()}
    if not given:
        return dict.fromkeys(KEY)
    readings = [parsed_key(text) for text in _texts(given, row)]
    found = {(one.key, one.scale, one.camelot) for one in readings if one}
    if None in readings or not found:
        field = next(iter(given))
        raise InvalidInput("This is no key.", hint="Such as C, F#m, A minor or 8A.", field=field)
    if len(found) > 1:
        raise InvalidInput("These are two different keys.", hint="Name the key once.", field="camelot_key")
    return dict(zip(KEY, found.pop(), strict=True))


def _texts(given: Mapping[str, str], row: TrackAudioFeatures | None) -> list[str]:
    texts = []
    tonic = given.get("key") or (row.key if row and "scale" in given and "camelot_key" not in given else None)
    if tonic:
        texts.append(_with_scale(tonic, given.get("scale")))
    elif "scale" in given and "camelot_key" not in given:
        raise InvalidInput("A scale alone is no key.", hint="Name the key too.", field="scale")
    if "camelot_key" in given:
        texts.append(given["camelot_key"])
    return texts


def _with_scale(tonic: str, scale: str | None) -> str:
    """A and minor are Am; Am and minor too; Am and major are A."""
    read = parsed_key(tonic)
    if scale is None or read is None or read.scale == scale:
        return tonic
    return f"{read.key}m" if scale == "minor" else read.key
