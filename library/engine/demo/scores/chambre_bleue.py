"""Jeanne Aubier, "La Chambre bleue": a nocturne, a waltz, a study."""

from ..score import Layer, Score

NOCTURNE = Score(
    form="intro:1:.6 a:8:.7>.85 b:8:.9>.75 coda:2:.65>.5",
    changes={
        "intro": "I",
        "a": "I | vi7 | ii7 | V7 | I/3 | IVmaj7 | ii7 V7 | I",
        "b": "vi | iii7 | IVmaj7 | I/3 | ii7 | iv6 | I/5 V7 | I",
        "coda": "iv6/1 | I",
    },
    space="hall",
    wet=0.9,
    tail=4.5,
    loose_ms=11,
    loudness=-18,
    layers=(
        Layer("piano", "arp", "123432|124532", "intro a b", 44, 66, -11, -0.12, 0.22, ring=0.5),
        Layer("piano", "arp", "12345-|1-2-4-", "coda", 44, 70, -11, -0.12, 0.25, ring=2),
        Layer("piano", "bass", "1-----", low=32, gain=-7, pan=-0.15, reverb=0.2, ring=0.4),
        Layer("piano", "tune",
              "3:3 5:2 4:1 | 3:4 r:1 1:1 | 4:3 6:2 5:1 | 4:3 2:2 r:1 | 5:3 8:2 7:1 | 6:4 r:1 5:1 | 4:3 2:2 7,:1 | "
              "1:5 r:1",
              "a", 68, gain=-2, pan=0.12, reverb=0.3, ring=0.2),
        Layer("piano", "tune",
              "8!:3 10:2 9:1 | 7:4 r:1 5:1 | 6:3 8:2 7:1 | 5:5 r:1 | 4:2 5 6 | b6:4 4:2 | 5:3 2:2 4:1 | 3:5 r:1",
              "b", 68, gain=-2, pan=0.12, reverb=0.3, ring=0.2),
        Layer("piano", "tune", "b6:3 4:3 | 3:1 5:1 8:4", "coda", 68, gain=-5, pan=0.12, reverb=0.4, ring=2),
        Layer("strings", "chords", "~", "b coda", 56, 78, -25, 0, 0.5),
    ),
)  # fmt: skip

VALSE_PARAPLUIES = Score(
    form="intro:4:.7>.9 a:16:.9 b:8:.8 c:7:1 end:1:.9",
    changes={
        "intro": "i | i | V7 | V7",
        "a": "i | i | V7 | V7 | V7 | V7 | i | i | I7 | I7 | iv | iv | i | V7 | i | i",
        "b": "III | III | VII7 | VII7 | VII7 | VII7 | III | V7",
        "c": "I7 | I7 | iv | iv | i | V7 | i V7",
        "end": "i6",
    },
    space="room",
    wet=0.9,
    tail=2.5,
    loose_ms=9,
    layers=(
        Layer("upright", "bass", "1-.|5-.", "intro a b c", 31, gain=-6, reverb=0.08),
        Layer("upright", "bass", "1--", "end", 31, gain=-6, reverb=0.08),
        Layer("nylon", "chords", ".xo", "intro a b c", 52, 70, -8, -0.3, 0.2, strum_ms=12),
        Layer("nylon", "chords", "x--", "end", 52, 70, -7, -0.3, 0.2, strum_ms=25),
        Layer("accordion", "tune",
              "5:.5 #4 5 6 5 3 | 1:2 3:1 | 2:.5 #1 2 4 3 2 | #7,:2 2:1 | 4:.5 3 4 6 5 4 | 2:2 4:1 | 3:.5 2 3 5 4 3 | "
              "1:2 r:1 |"
              "8!:1 7:.5 6 5 #3 | 5:2 7:1 | 6:.5 5 6 8 7 6 | 4:2 6:1 | 5:.5 #4 5 8 5 3 | 4:.5 2 #7, 2 4 #7, | "
              "1:2 5,:1 | 1:2 r:1",
              "a", 69, gain=-9, pan=0.15, reverb=0.22),
        Layer("piano", "tune", "5:3 | 5:1 6 5 | 4:3 | 4:1 5 4 | 6:2 5:1 | 4:1 2 7, | 3:2 5:1 | #7,:1 2 4", "b", 69,
              gain=-4, pan=0.1, reverb=0.25, ring=0.4),
        Layer("piano", "tune", "5:3 | 5:1 6 5 | 4:3 | 4:1 5 4 | 6:2 5:1 | 4:1 2 7, | 3:2 5:1 | #7,:1 2 4", "b", 69,
              gain=-8, pan=0.1, reverb=0.25, ring=0.4, shift=-2),
        Layer("accordion", "tune",
              "8!:1 7:.5 6 5 #3 | 5:2 7:1 | 6:.5 5 6 8 7 6 | 4:2 6:1 | 5:.5 #4 5 8 5 3 | 4:.5 2 #7, 2 4 #7, | "
              "1:1.5 2:.5 #7,:1",
              "c", 69, gain=-8, pan=0.15, reverb=0.22),
        Layer("accordion", "chords", "x--", "end", 60, 76, -11, 0.15, 0.3),
        Layer("accordion", "chords", "~", "b", 57, 72, -20, 0.3, 0.3),
        Layer("pizzicato", "arp", "..3|..2", "a c", 57, 74, -10, 0.4, 0.3),
        Layer("brush", "beat", ".xo", "a c", gain=-14, pan=0.3, reverb=0.15),
    ),
)  # fmt: skip

ETUDE_PLUIE = Score(
    form="intro:2:.55>.7 a:4:.75 b:4:.85 c:4:.95>1 d:2:.8>.6 end:1:.5",
    changes={
        "": "i | VImaj7 | III | VII",
        "b": "iv7 | i | VImaj7 | v7",
        "c": "VImaj7 | VII | i | III/7",
        "d": "VImaj7 | VII",
        "end": "iadd9",
    },
    space="hall",
    wet=0.8,
    tail=4,
    loose_ms=7,
    loudness=-17,
    layers=(
        Layer("felt", "arp", "1324132413241325", "intro a b c d", 55, 76, -8, -0.2, 0.22, ring=0.3),
        Layer("felt", "arp", "1234............", "end", 55, 76, -8, -0.2, 0.3, ring=3),
        Layer("felt", "arp", "6..5..4..6..5..4|..6..5..4..6..5.|.4..6..5..4..6..", "b c", 55, 76, -10, 0.3, 0.3,
              ring=0.3),
        Layer("felt", "bass", "1-------5-------", "a b c d", 40, gain=-7, pan=-0.1, reverb=0.15, ring=0.5),
        Layer("felt", "bass", "1---------------", "end", 28, gain=-7, reverb=0.15, ring=2),
        Layer("strings", "tune", "5:3 3:1 | 1:3 2:1 | 3:4 | 2:3 r:1", "a", 52, gain=-12, pan=0.1, reverb=0.35),
        Layer("strings", "tune", "4:3 6:1 | 5:3 3:1 | 1:3 3:1 | 2:4", "b", 64, gain=-13, pan=0.1, reverb=0.35),
        Layer("strings", "tune", "8:3 7:1 | 6:2 7 | 8:3 10:1 | 7:4", "c", 64, gain=-12, pan=0.1, reverb=0.35),
        Layer("strings", "chords", "~", "c d end", 45, 64, -19, 0, 0.4),
        Layer("felt", "tune", "r:2 5:.5 7 8:1 | r:3 5:1 | r:2 7:.5 8 10:1 | r:2 9:1 7:1", "c", 76, gain=-9, pan=0.3,
              reverb=0.4, ring=1),
    ),
)  # fmt: skip
