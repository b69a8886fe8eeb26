"""What people type about their folders of music."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FolderForm(forms.Form):
    """A folder by its path on the server; whether it can be one is decided by the service."""

    path = forms.CharField(
        label=_("Path of the folder"),
        max_length=4000,
        strip=True,
        help_text=_("As the server sees it, from the first slash. Nothing is ever written into it."),
        widget=forms.TextInput(
            attrs={"placeholder": "/home/music", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("What it is called here"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("The folder’s own name")}),
    )
