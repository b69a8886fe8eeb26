"""What people type: names, passwords, preferences, tokens; each form says what is wrong beside the field."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from core.errors import InvalidInput
from core.jobs import all_kinds, kind_named
from core.models import ApiToken, User

# Django's model forms are generic for the type checker only.
if TYPE_CHECKING:
    EntryForm = forms.ModelForm[PeriodicTask]
else:
    EntryForm = forms.ModelForm

MOST_NAME = 150
MOST_PASSWORD = 4096
EASY = _("Eight characters or more; a few words in a row are easy to remember.")


def _password(label: Any, *, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _name(*, autofocus: bool) -> forms.CharField:
    attributes = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    if autofocus:
        attributes["autofocus"] = ""
    return forms.CharField(label=_("Name"), max_length=MOST_NAME, widget=forms.TextInput(attrs=attributes))


class DoorForm(forms.Form):
    """One comes to the door with empty hands, and back to it at what was wrong."""

    def focus_what_is_wrong(self) -> None:
        """The first field that was refused; the password when it is not said which."""
        wrong = next((name for name in self.fields if name in self.errors), "password")
        for name, field in self.fields.items():
            field.widget.attrs.pop("autofocus", None)
            if name == wrong:
                field.widget.attrs["autofocus"] = ""


class SignInForm(DoorForm):
    username = _name(autofocus=True)
    password = _password(_("Password"), autocomplete="current-password")


class WelcomeForm(DoorForm):
    """The first account, or one by invitation."""

    username = _name(autofocus=True)
    password = _password(_("Password"), autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = EASY


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), choices=User.Language.choices, required=False, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("Dark or light"), choices=User.Theme.choices, required=False, widget=forms.RadioSelect
    )


class NewPasswordForm(forms.Form):
    """Asks for the old password, so that a computer left open gives nobody the account."""

    old_password = _password(_("Current password"), autocomplete="current-password")
    new_password = _password(_("New password"), autocomplete="new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = EASY

    def clean_old_password(self) -> str:
        given = str(self.cleaned_data["old_password"])
        if not self.user.check_password(given):
            raise forms.ValidationError(_("This is not your current password."))
        return given

    def clean_new_password(self) -> str:
        given = str(self.cleaned_data["new_password"])
        validate_password(given, self.user)
        return given

    def save(self) -> None:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])


class TokenForm(forms.Form):
    """Offers the scopes that this person may hand out."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("For example: kitchen, backup script")}),
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=ApiToken.Scope.choices, initial="read", widget=forms.RadioSelect
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_superuser:
            allowed = (ApiToken.Scope.READ, ApiToken.Scope.WRITE)
            self.fields["scope"].choices = [(scope.value, scope.label) for scope in allowed]  # type: ignore[attr-defined]


def _kinds() -> list[tuple[str, Any]]:
    return [("", "-"), *((kind.name, f"{kind.title} ({kind.name})") for kind in all_kinds())]


class ScheduleEntryForm(EntryForm):
    """An entry of the schedule: which kind of job it starts, and with what; both are refused here, not at night."""

    task = forms.ChoiceField(choices=_kinds)

    class Meta:
        model = PeriodicTask
        exclude = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("task"):
            try:
                _check_params(cleaned["task"], cleaned.get("kwargs") or "{}")
            except (InvalidInput, ValueError) as error:
                self.add_error("kwargs", str(error))
        return cleaned


def _check_params(kind: str, text: str) -> None:
    params = json.loads(text)
    if not isinstance(params, dict):
        raise InvalidInput("Parameters are a JSON object.")
    check = kind_named(kind).check_params
    if check:
        check(params)
