"""Settings: links for people; each is shown once, and can be withdrawn while nobody has used it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import NotFound
from core.selectors import invitations_to_come
from core.services.accounts import invite, withdraw_invitation
from core.views.listener import owner_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """The owner makes a link for one more person, and sees those that are out."""
    owner, link = owner_of(request), ""
    base = _base(request)
    if request.method == "POST":
        link = base + reverse("welcome", args=[invite(created_by=owner)])
    context = {"link": link, "only_here": _is_this_machine(base), "open": invitations_to_come()}
    return render(request, "core/invitations.html", context)


@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    owner_of(request)
    try:
        withdraw_invitation(invitation_id=invitation_id)
    except NotFound as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The link opens nothing any more."))
    return redirect("invitations")


def _base(request: HttpRequest) -> str:
    """Where others find us: as the owner does, unless that is an address that means another machine to everybody."""
    here = request.build_absolute_uri("/").rstrip("/")
    return settings.PAGE_URLS[0] if _is_this_machine(here) and settings.PAGE_URLS else here


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
