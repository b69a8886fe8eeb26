"""What people type about how hard the analysis may work."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _number(label: Any, least: int, most: int, *, hint: Any = "", empty: Any = "") -> forms.IntegerField:
    attributes = {"inputmode": "numeric", "autocomplete": "off", **({"placeholder": empty} if empty else {})}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=not empty,
        help_text=hint,
        widget=forms.NumberInput(attrs=attributes),
    )


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, input_formats=["%H:%M", "%H:%M:%S"], widget=widget)


class GovernorForm(forms.Form):
    """How much of the machine the analysis may use, and when."""

    enabled = forms.BooleanField(label=_("Analyse what comes in by itself"), required=False)
    yield_to_listening = forms.BooleanField(label=_("Stand still while somebody listens"), required=False)
    processes = _number(
        _("Processes at once"),
        1,
        64,
        empty=_("by itself"),
        hint=_("On each machine. By itself: all its processors but one, four at most."),
    )
    workers = _number(_("Machines at once"), 1, 64, empty=_("all that are there"))
    nice = _number(_("How far it steps back"), 0, 19, hint=_("0 works like any other program, 19 only when all rest."))
    max_temperature_c = _number(
        _("Pause above (°C)"), 30, 110, empty=_("never"), hint=_("Where a machine says how warm it is.")
    )
    from_hour = _clock(pgettext_lazy("an hour", "From"))
    to_hour = _clock(pgettext_lazy("an hour", "To"))

    @property
    def switches(self) -> list[Any]:
        return [self["enabled"], self["yield_to_listening"]]

    @property
    def numbers(self) -> list[Any]:
        return [self[name] for name in ("processes", "workers", "nice", "max_temperature_c")]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        begin, end = found.get("from_hour"), found.get("to_hour")
        if (begin is None) != (end is None) and not {"from_hour", "to_hour"} & self.errors.keys():
            raise ValidationError(_("Give both hours, or neither."))
        for name, hour in (("from_hour", begin), ("to_hour", end)):
            found[name] = hour.strftime("%H:%M") if hour else None
        return found
