"""REST of the workers that make vectors, of asking for it, and of the choice of the encoder."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.selectors import job_out
from embeddings.schemas.encoder import EncoderIn, EncoderOut, OllamaState
from embeddings.schemas.work import NextIn, NextOut, ResultsIn, ResultsOut, VectorizeIn, VectorizingStarted
from embeddings.selectors.encoders import encoder_out
from embeddings.selectors.ollama import ollama_state
from embeddings.services.encoder import change_encoder
from embeddings.services.vectorizing import next_for, start_vectorizing, take_results

work = Router(tags=["embeddings"])


@work.post("/next", response={200: NextOut, **FAULTS}, auth=Needs("worker"))
def post_next(request: HttpRequest, data: NextIn) -> NextOut:
    """The next tracks of a running job, with all that is known of them, and who is to make vectors of it."""
    return next_for(asked=data)


@work.post("/results", response={200: ResultsOut, **FAULTS}, auth=Needs("worker"))
def post_results(request: HttpRequest, data: ResultsIn) -> ResultsOut:
    """Vectors that were made; delivering them again changes nothing."""
    return take_results(results=data)


@work.post("/vectorize", response={202: VectorizingStarted, **FAULTS}, auth=Needs("write"))
def post_vectorize(request: HttpRequest, data: VectorizeIn) -> Status[VectorizingStarted]:
    """Queues vectors for what is missing or has changed, or for everything."""
    job, tracks = start_vectorizing(what=data.what, requested_by=identity_of_request(request).user)
    return Status(202, VectorizingStarted(job=job_out(job) if job else None, tracks=tracks))


@work.get("/encoder", response={200: EncoderOut, **FAULTS}, auth=Needs("read"))
def get_encoder(request: HttpRequest) -> Any:
    """What was chosen, and which models answer now."""
    return encoder_out()


@work.patch("/encoder", response={200: EncoderOut, **FAULTS}, auth=Needs("admin"))
def patch_encoder(request: HttpRequest, data: EncoderIn) -> Any:
    """What is sent is changed; another model is made beside the old one, which answers until then."""
    change_encoder(**data.model_dump(exclude_unset=True))
    return encoder_out()


@work.get("/ollama", response={200: OllamaState, **FAULTS}, auth=Needs("admin"))
def get_ollama(request: HttpRequest) -> Any:
    """Whether Ollama answers where it was said to be, and has the models that were chosen."""
    return ollama_state()
