"""Settings: the account, the light, the language, and how the house is doing."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import NewPasswordForm, PreferencesForm
from core.health import health
from core.models import User
from core.services.accounts import set_preferences
from core.version import VERSION
from core.views.listener import listener_of


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = listener_of(request)
    form = PreferencesForm(request.POST or None, initial={"language": user.language, "theme": user.theme})
    if request.method == "POST" and form.is_valid():
        set_preferences(user=user, **form.cleaned_data)
        # What we say about it is the first thing in the new language.
        language = user.language or translation.get_language_from_request(request)
        with translation.override(language):
            messages.success(request, _("Saved."))
        return redirect("settings")
    return _account(request, preferences=form, password=NewPasswordForm(user))


@sensitive_post_parameters("old_password", "new_password")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    user = listener_of(request)
    form = NewPasswordForm(user, request.POST)
    if not form.is_valid():
        preferences = PreferencesForm(initial={"language": user.language, "theme": user.theme})
        return _account(request, preferences=preferences, password=form)
    form.save()
    update_session_auth_hash(request, user)
    messages.success(request, _("The password is changed; other devices must sign in again."))
    return redirect("settings")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The switch in the rail: kept with the account, so that every device follows."""
    user = listener_of(request)
    wanted = request.POST.get("theme", "")
    if wanted in User.Theme.values:
        set_preferences(user=user, theme=wanted, language=user.language)
    return HttpResponse(status=204)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "core/about.html", {"version": VERSION, "parts": health(), "home": settings.HOME})


def _account(request: HttpRequest, *, preferences: PreferencesForm, password: NewPasswordForm) -> HttpResponse:
    wrong = preferences.errors or password.errors
    context = {"preferences": preferences, "password": password}
    return render(request, "core/account.html", context, status=422 if wrong else 200)
