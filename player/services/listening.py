"""Tells the analysis that somebody listens, so that it yields, and when nobody does any more."""

from analysis.services.governing import note_listening
from player.models import PlayQueue


def follow_playing(*, queue: PlayQueue) -> None:
    if queue.state == PlayQueue.State.PLAYING:
        note_listening()
    elif not PlayQueue.objects.filter(state=PlayQueue.State.PLAYING).exclude(pk=queue.pk).exists():
        note_listening(listening=False)
