"""What people type: names, passwords, preferences, tokens; each form says what is wrong beside the field."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.models import ApiToken, User

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


class SignInForm(forms.Form):
    username = _name(autofocus=True)
    password = _password(_("Password"), autocomplete="current-password")


class WelcomeForm(forms.Form):
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

    old_password = _password(_("Password of today"), autocomplete="current-password")
    new_password = _password(_("New password"), autocomplete="new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = EASY

    def clean_old_password(self) -> str:
        given = str(self.cleaned_data["old_password"])
        if not self.user.check_password(given):
            raise forms.ValidationError(_("This is not the password of today."))
        return given

    def clean_new_password(self) -> str:
        given = str(self.cleaned_data["new_password"])
        validate_password(given, self.user)
        return given

    def save(self) -> None:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("For example: kitchen, backup script")}),
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=ApiToken.Scope.choices, initial="read", widget=forms.RadioSelect
    )
