"""Settings: tokens for programs; each secret is shown once, to whoever made it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput, NotAllowed, NotFound
from core.forms import TokenForm
from core.models import ApiToken
from core.schemas import Scope
from core.selectors import tokens_of
from core.services.tokens import create_token_for, revoke_token, take_back_revoking
from core.views.listener import identity_of_page, listener_of

SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    user = listener_of(request)
    form, made = TokenForm(user, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token_for(identity_of_page(request), **form.cleaned_data)
        except NotAllowed:
            form.add_error("scope", _("Only the owner may make such a token."))
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            form = TokenForm(user)
    context = {"form": form, "made": made, "tokens": tokens_of(user)[:SHOWN]}
    return render(request, "core/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    try:
        token = revoke_token(token_id=token_id, user=listener_of(request))
    except NotFound as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _said_of_revoking(token), extra_tags=reverse("unrevoke_token", args=[token.pk]))
    return redirect("tokens")


@require_POST
def unrevoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """The other half of “Undo”."""
    try:
        token = take_back_revoking(token_id=token_id, user=listener_of(request))
    except NotFound as error:
        messages.error(request, f"{_(error.message)} {_(error.hint)}")
    else:
        messages.success(request, _("“%(name)s” is valid again.") % {"name": token.name})
    return redirect("tokens")


def _said_of_revoking(token: ApiToken) -> str:
    if token.scope == Scope.WORKER:
        said = _("“%(name)s” opens nothing any more: workers that use it cannot come in, and their jobs wait.")
    else:
        said = _("“%(name)s” opens nothing any more.")
    return said % {"name": token.name}
