"""The door: the first visit, invitations, signing in and out."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict, InvalidInput, NotFound, TooMany
from core.forms import SignInForm, WelcomeForm
from core.selectors import open_invitation, owner_exists
from core.services.accounts import accept_invitation, recognise

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    # redirect() takes what is no address for the name of a view.
    if not (wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)):
        wanted = ""
    if request.user.is_authenticated:
        return redirect(wanted or settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None)
    wait_s = 0
    if request.method == "POST" and form.is_valid():
        try:
            user = recognise(**form.cleaned_data, address=request.META.get("REMOTE_ADDR", ""))
        except TooMany as error:
            form.add_error(None, error.message)
            wait_s = error.retry_after_s
        else:
            if user is not None:
                login(request, user, backend=BACKEND)
                return redirect(wanted or settings.LOGIN_REDIRECT_URL)
            form.add_error(None, _("This name and this password do not belong together."))
    if form.errors:
        form.focus_what_is_wrong()
    context = {"form": form, "next": wanted, "owned": owner_exists()}
    status = 429 if wait_s else 422 if form.errors else 200
    answer = render(request, "core/sign_in.html", context, status=status)
    if wait_s:
        answer.headers["Retry-After"] = str(wait_s)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link: the first one makes the owner, the others more listeners."""
    try:
        invitation = open_invitation(secret)
    except NotFound:
        return render(request, "core/spent_link.html", {"owned": owner_exists()}, status=404)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(secret=secret, **form.cleaned_data)
        except NotFound:
            return render(request, "core/spent_link.html", {"owned": owner_exists()}, status=404)
        except (InvalidInput, Conflict) as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            login(request, user, backend=BACKEND)
            return redirect(settings.LOGIN_REDIRECT_URL)
    if form.errors:
        form.focus_what_is_wrong()
    context = {"form": form, "makes_owner": invitation.makes_owner}
    return render(request, "core/welcome.html", context, status=422 if form.errors else 200)
