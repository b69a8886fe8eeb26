"""What people type about the encoder."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import ValidationError as Refused

from embeddings.schemas.encoder import USUAL_MODEL, USUAL_URL, EncoderSettings

QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class EncoderForm(forms.Form):
    """Who makes the vectors of words, and where it is."""

    automatic = forms.BooleanField(label=_("Keep it up to date by itself"), required=False)
    encoder = forms.ChoiceField(
        label=pgettext_lazy("what makes vectors of words", "Encoder"),
        choices=[("built_in", _("Built in: English and French, works offline")), ("ollama", _("Ollama"))],
    )
    url = forms.CharField(
        label=_("Ollama's address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={**QUIET, "inputmode": "url", "placeholder": USUAL_URL}),
    )
    model = forms.CharField(
        label=_("Its model for vectors"),
        max_length=100,
        required=False,
        help_text=_("Of 512 dimensions or more. Another model makes all vectors anew; the old ones serve until then."),
        widget=forms.TextInput(attrs={**QUIET, "placeholder": USUAL_MODEL}),
    )
    when_away = forms.ChoiceField(
        label=_("While Ollama is away"),
        choices=[("wait", _("wait for it")), ("built_in", _("let the built-in encoder stand in"))],
    )
    chat_model = forms.CharField(
        label=_("Its model for questions"),
        max_length=100,
        required=False,
        help_text=_("Proposes what was meant by a question. Empty: questions are understood without it."),
        widget=forms.TextInput(attrs=QUIET),
    )
    token = forms.CharField(
        label=_("Token"),
        max_length=2000,
        required=False,
        help_text=_("Only where something in front of Ollama asks for one; kept encrypted. Empty: as it is."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        given = {name: value for name, value in found.items() if name != "token" and value != ""}
        given["chat_model"] = found.get("chat_model", "")
        try:
            found |= EncoderSettings.model_validate(given).model_dump()
        except Refused as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            field = str(first["loc"][0]) if first["loc"] else None
            told = {"url": _("This is no address of a server."), "": _("This is no name of a model.")}
            raise ValidationError({field or "__all__": told.get(field or "", told[""])}) from None
        return found
