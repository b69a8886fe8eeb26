"""Settings → Meaning: how much the library is understood, by which model, and whether Ollama answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import SoniqueBayError
from core.views.listener import identity_of_page, listener_of, owner_of
from embeddings.forms import EncoderForm
from embeddings.schemas.work import TYPES, VectorizeIn
from embeddings.selectors.encoders import encoder_out
from embeddings.selectors.ollama import ollama_state
from embeddings.selectors.vectors import get_models_statistics
from embeddings.selectors.work import active_vectorizing
from embeddings.services.encoder import change_encoder
from embeddings.services.vectorizing import start_vectorizing

WHATS = ("outstanding", "all")


@require_http_methods(["GET", "HEAD", "POST"])
def meaning(request: HttpRequest) -> HttpResponse:
    """How things stand; the owner chooses the encoder."""
    if request.method != "POST":
        return _page(request, EncoderForm(initial=encoder_out().model_dump()))
    owner_of(request)
    form = EncoderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = dict(form.cleaned_data)
    change_encoder(token=given.pop("token") or None, **given)
    messages.success(request, _("Saved."))
    return redirect("meaning")


def _page(request: HttpRequest, form: EncoderForm, status: int = 200) -> HttpResponse:
    identity = identity_of_page(request)
    chosen = encoder_out()
    statistics = get_models_statistics()
    asks_ollama = chosen.encoder == "ollama" or bool(chosen.chat_model)
    may_change = identity.allows("admin")
    context: dict[str, Any] = {
        "form": form,
        "chosen": chosen,
        "statistics": statistics,
        "missing": sum(statistics.missing.values()) + sum(statistics.stale.values()),
        "without": sum(statistics.without.values()),
        "changing": [kind for kind in TYPES if chosen.serving.get(kind) not in {None, chosen.wanted[kind]}],
        "job": active_vectorizing(),
        "ollama": ollama_state(chosen) if asks_ollama and may_change else None,
        "may_change": may_change,
        "may_start": identity.allows("write"),
    }
    return render(request, "embeddings/settings.html", context, status=status)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """What is missing or has changed, or everything anew."""
    identity_of_page(request).require("write")
    what = request.POST.get("what", "")
    asked = VectorizeIn.model_validate({"what": what if what in WHATS else "outstanding"})
    try:
        job, _tracks = start_vectorizing(what=asked.what, requested_by=listener_of(request))
    except SoniqueBayError as error:
        messages.error(request, " ".join(filter(None, (_(error.message), _(error.hint) if error.hint else ""))))
    else:
        messages.success(request, _("It has begun.") if job else _("There is nothing to do."))
    return redirect("meaning")
