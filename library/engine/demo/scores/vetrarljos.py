"""Sólveig Hrafnsdóttir, "Vetrarljós": winter light, for pads, voices and ice."""

from ..score import Layer, Score

VETRARLJOS = Score(
    form="intro:2:.6>.8 a:4:.85 b:4:1>.8 end:1:.6",
    changes={"": "Iadd9 | vi7 | IVmaj9 | Isus2", "b": "IVmaj9 | vi7 | ii9 | Vsus4", "end": "Iadd9"},
    space="cathedral",
    wet=1.0,
    delay_beats=0.75,
    feedback=0.5,
    tail=5,
    loose_ms=14,
    loudness=-18,
    layers=(
        Layer("glassy", "chords", "~", "", 56, 80, -15, 0, 0.5),
        Layer("warm", "chords", "~", "a b end", 46, 66, -13, 0, 0.3),
        Layer("sub", "bass", "1---------------", "a b end", 32, gain=-15),
        Layer("glass", "tune", "r:1 5:.5 8 9:2 | r:1.5 10:.5 9:1 5:1 | r:1 3:.5 5 8:2 | r:2 9:1 8:1", "a", 68, gain=-8,
              pan=0.3, reverb=0.5, echo=0.4, ring=2),
        Layer("glass", "tune", "r:1 8:.5 10 12:2 | r:1.5 10:.5 9:1 8:1 | r:1 9:.5 8 6:2 | r:1 5:1 8:2", "b", 68,
              gain=-8, pan=0.3, reverb=0.5, echo=0.4, ring=2),
        Layer("harp", "arp", "1.2.3.4.5.......|................", "b", 56, 80, -11, -0.35, 0.4, 0.3, ring=2),
        Layer("felt", "tune", "1:1 5:1 3:2 | r:2 5:2 | r:2 3:1 2:1 | r:4", "intro a", 56, gain=-10, pan=-0.2,
              reverb=0.5, ring=3),
        Layer("humming", "tune", "3:3 5:1 | 5:3 3:1 | 4:2 3 | 2:4", "b", 56, gain=-14, pan=-0.1, reverb=0.5),
        Layer("glass", "arp", "1-2-4-5---------", "end", 68, 92, -12, 0.2, 0.5, 0.4, ring=2),
    ),
)  # fmt: skip

UNDIR_ISNUM = Score(
    form="intro:3:.6>.9 a:4:.9 b:3:1>.8 end:1:.6",
    changes={"": "i5", "a": "isus2 | isus2 | VImaj7/1 | VImaj7/1", "b": "ivadd9/1 | ivadd9/1 | isus2", "end": "i5"},
    space="cathedral",
    wet=0.9,
    delay_beats=1.5,
    feedback=0.55,
    tail=5.5,
    loose_ms=20,
    loudness=-18.5,
    layers=(
        Layer("drone", "chords", "~", "", 39, 58, -8, 0, 0.25),
        Layer("drone", "bass", "1---------------", "", 39, gain=-12, ring=2),
        Layer("humming", "chords", "~", "a b", 51, 70, -17, 0, 0.5),
        Layer("glassy", "chords", "~", "a b", 63, 84, -23, 0, 0.6),
        Layer("bell", "tune", "5:2 8:2 | r:4 | r:3 3:1 | 2:1 r:3", "intro", 63, gain=-13, pan=-0.35, reverb=0.6,
              echo=0.4, ring=4),
        Layer("bell", "tune", "r:1 5:1 8:2 | r:2 7:1 5:1 | r:1 3:1 8:2 | r:2 5:2", "a", 63, gain=-13, pan=0.35,
              reverb=0.6, echo=0.4, ring=4),
        Layer("glass", "tune", "r:1.5 8:.5 9:1 10:1 | r:2 9:1 8:1 | r:2 5:2", "b", 63, gain=-12, pan=-0.2, reverb=0.6,
              echo=0.4, ring=4),
        Layer("harp", "tune", "1:2 5:1 8:1 | r:4 | 3:2 5:1 8:1 | r:4", "a", 51, gain=-11, pan=-0.3, reverb=0.5,
              echo=0.25, ring=3),
    ),
)  # fmt: skip

THOGN = Score(
    form="intro:1:.6>.7 a:4:.8 b:4:.9>1 end:2:.8>.55",
    changes={
        "": "I",
        "a": "I V/7 | vi iii | IV I/3 | ii7 V",
        "b": "vi iii | IV I/3 | ii7 iv6 | I/5 Vsus4",
        "end": "IV iv6 | I",
    },
    space="cathedral",
    wet=1.0,
    tail=5,
    loose_ms=16,
    loudness=-17.5,
    layers=(
        Layer("choir", "chords", "~", "intro a b end", 53, 72, -12, 0, 0.35, ring=0.1),
        Layer("humming", "bass", "1-------1-------", "a b", 41, gain=-13, pan=-0.2, reverb=0.3),
        Layer("humming", "bass", "1-------5-------|1---------------", "end", 41, gain=-13, pan=-0.2, reverb=0.3),
        Layer("choir", "tune", "5:2 5:1 4 | 3:2 2:1 3 | 4:1 6 5:2 | 4:1 3 2:2", "a", 65, gain=-12, pan=0.15,
              reverb=0.45),
        Layer("choir", "tune", "8!:2 7:1 5 | 6:2 5:1 3 | 4:1 6 b6:2 | 5:3 4:1", "b", 65, gain=-11, pan=0.15,
              reverb=0.45),
        Layer("choir", "tune", "6:1 5 b6:1 4:1 | 3:4", "end", 65, gain=-12, pan=0.15, reverb=0.5),
        Layer("strings", "chords", "~", "b end", 48, 67, -19, 0, 0.4),
        Layer("bell", "tune", "8:4", "intro", 65, gain=-20, pan=0.3, reverb=0.6, ring=3),
        Layer("bell", "tune", "r:4 | 5:4", "end", 65, gain=-19, pan=0.3, reverb=0.6, ring=3),
    ),
)  # fmt: skip
