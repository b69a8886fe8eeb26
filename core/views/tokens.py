"""Settings: keys for programs and links for people; each secret is shown once, to whoever made it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput, NotAllowed, NotFound
from core.forms import TokenForm
from core.selectors import tokens_of
from core.services.accounts import invite
from core.services.tokens import create_token_for, revoke_token
from core.views.listener import identity_of_page, listener_of, owner_of

SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    user = listener_of(request)
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token_for(identity_of_page(request), **form.cleaned_data)
        except NotAllowed:
            form.add_error("scope", _("Only the owner may make such a token."))
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            form = TokenForm()
    context = {"form": form, "made": made, "tokens": tokens_of(user)[:SHOWN]}
    return render(request, "core/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    try:
        token = revoke_token(token_id=token_id, user=listener_of(request))
    except NotFound as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """The owner makes a link for one more person."""
    owner, link = owner_of(request), ""
    if request.method == "POST":
        link = request.build_absolute_uri(reverse("welcome", args=[invite(created_by=owner)]))
    return render(request, "core/invitations.html", {"link": link})
