"""The instruments by name."""

from collections.abc import Callable

from . import basses, drums, keys, mallets, pads, plucked, synths, winds
from .tones import Signal, Tone, Voice

VOICES: dict[str, Voice] = mallets.VOICES | {
    voice.__name__: voice
    for voice in (
        keys.piano, keys.felt, keys.rhodes, keys.organ, keys.accordion, keys.clavinet,
        plucked.nylon, plucked.steel, plucked.muted, plucked.electric, plucked.harp, plucked.koto, plucked.pizzicato,
        winds.flute, winds.whistle, winds.clarinet, winds.brass, winds.horn,
        synths.lead, synths.soft_lead, synths.pluck, synths.sequence, synths.stab, synths.house_chord, synths.polysynth,
        synths.pulse, synths.square, synths.triangle,
        basses.upright, basses.fingered, basses.sub, basses.round_bass, basses.saw_bass, basses.reese, basses.tuba,
        pads.strings, pads.marcato, pads.choir, pads.humming, pads.warm, pads.glassy, pads.drone,
    )
}  # fmt: skip
DRUMS: dict[str, Callable[[int, drums.Random], Signal]] = {
    drum.__name__: drum
    for drum in (
        drums.kick, drums.kick_soft, drums.kick_tight, drums.snare, drums.snare_soft, drums.snare_march, drums.roll,
        drums.bass_drum, drums.clap, drums.rim, drums.hat, drums.hat_open, drums.ride, drums.crash, drums.brush,
        drums.shaker, drums.tambourine, drums.conga_low, drums.conga_high, drums.conga_slap, drums.agogo_high,
        drums.agogo_low, drums.tom, drums.console_kick, drums.console_snare, drums.console_hat,
    )
}  # fmt: skip

__all__ = ["DRUMS", "VOICES", "Signal", "Tone", "Voice"]
