"""The library's contents: eight albums, and twenty-four pieces, one in each of the major and minor keys."""

from .catalogue import Album, Piece
from .scores import ceiling_zero, chambre_bleue, harbour, moss, mosty, nine_rooms, todai, vetrarljos

LOW_CLOUD = "Low Cloud Society"
JEANNE = "Jeanne Aubier"
SOLVEIG = "Sólveig Hrafnsdóttir"
TODAI = "青い灯台"
BRIDGE = "Северный мост"
WREN = "Wren & Alder"
HARBOUR = "Harbour Nine"
PIXEL = "Pixel Orchard"
CAIS = "Orquestra do Cais"

CEILING_ZERO = Album("Ceiling Zero", (LOW_CLOUD,), 2014, (3,), "ceiling_zero", "Grounded Kite", embedded_cover=True)
CHAMBRE_BLEUE = Album("La Chambre bleue", (JEANNE,), 1998, (3,), "chambre_bleue", "Disques du Quai")
VETRARLJOS = Album(
    "Vetrarljós", (SOLVEIG,), 2007, (3,), "vetrarljos", "Norðanátt", folder_cover=False, embedded_cover=True
)
LIGHTS = Album(
    "真夜中の灯", (TODAI,), 1986, (2, 2), "lights", "Harbor Lights Tokyo", embedded_cover=True, folder_cover=False
)
MOSTY = Album("Мосты", (BRIDGE,), 2019, (3,), "mosty", "Ладога", folder_cover=True)
MOSS = Album("Moss Calendar", (WREN,), 1972, (3,), "moss", "Hedgerow", folder_cover=False, embedded_cover=True)
BELL = Album("Strike the Bell", (HARBOUR,), 1978, (2,), "bell", "Breakwater Sound")
NINE_ROOMS = Album(
    "Nine Rooms", ("Various Artists",), 2022, (3,), "nine_rooms", "Grounded Kite", compilation=True, embedded_cover=True
)

MOSS_LYRICS = (
    "January is a stone,",
    "February keeps it warm,",
    "March has nothing of its own",
    "but a gate against the storm.",
    "",
    "Turn the page and let it grow,",
    "green on every sill and stair;",
    "what we planted long ago",
    "does not ask us if we care.",
)
FERRY_LYRICS = (
    (5.5, "She knew the river by its name,"),
    (8.2, "and it knew hers as well;"),
    (11.0, "she rowed the doctor and the priest,"),
    (13.7, "the baker and the bell."),
    (16.4, "Oh, who will row the rower home"),
    (19.1, "when lamps are in the hall?"),
    (21.9, "The water said: I carry one,"),
    (24.6, "and one's enough for all."),
    (27.4, "She knew the river by its name,"),
    (30.1, "and left it by the door."),
)

PIECES: tuple[Piece, ...] = (
    Piece("small-weather", "Small Weather", (LOW_CLOUD,), CEILING_ZERO, 1, 2014, ("Lo-Fi", "Hip-Hop"),
          "Mellow", 0.35,
          ("electric piano", "vibraphone", "upright bass", "drums"), 76, "Eb", "major", "4/4", "flac",
          ceiling_zero.SMALL_WEATHER, tagged_tempo=True, replay_gain=True),
    Piece("ceiling-zero", "Ceiling Zero", (LOW_CLOUD,), CEILING_ZERO, 2, 2014, ("Trip Hop",), "Melancholic",
          0.45,
          ("electric guitar", "strings", "sub bass", "drums"), 90, "C", "minor", "4/4", "flac",
          ceiling_zero.CEILING_ZERO, replay_gain=True),
    Piece("slow-elevator", "Slow Elevator to the Roof", (LOW_CLOUD, SOLVEIG), CEILING_ZERO, 3, 2014,
          ("Deep House", "Electronic"),
          "Nocturnal", 0.7, ("synthesizer", "vibraphone", "congas", "drum machine"), 122, "F", "minor", "4/4",
          "flac",
          ceiling_zero.SLOW_ELEVATOR, tagged_tempo=True, tagged_key=True, replay_gain=True),
    Piece("nocturne", "Nocturne pour une fenêtre", (JEANNE,), CHAMBRE_BLEUE, 1, 1998, ("Classical",
          "Nocturne"), "Tender", 0.2,
          ("piano", "strings"), 63, "Db", "major", "6/8", "flac", chambre_bleue.NOCTURNE, high_resolution=True),
    Piece("valse-parapluies", "Valse des parapluies", (JEANNE,), CHAMBRE_BLEUE, 2, 1998, ("Musette", "Waltz"),
          "Nostalgic", 0.5,
          ("accordion", "nylon guitar", "piano", "double bass"), 156, "A", "minor", "3/4", "flac",
          chambre_bleue.VALSE_PARAPLUIES, tagged_key=True),
    Piece("etude-pluie", "Étude en pluie fine", (JEANNE,), CHAMBRE_BLEUE, 3, 1998, ("Minimalism", "Classical"),
          "Contemplative", 0.35,
          ("felt piano", "strings"), 108, "E", "minor", "4/4", "flac", chambre_bleue.ETUDE_PLUIE),
    Piece("vetrarljos", "Vetrarljós", (SOLVEIG,), VETRARLJOS, 1, 2007, ("Ambient",), "Serene", 0.1,
          ("synthesizer", "felt piano", "harp"), 60, "Ab", "major", "4/4", "opus", vetrarljos.VETRARLJOS),
    Piece("undir-isnum", "Undir ísnum", (SOLVEIG,), VETRARLJOS, 2, 2007, ("Drone", "Dark Ambient"),
          "Mysterious", 0.1,
          ("drone", "voices", "bells"), 64, "Eb", "minor", "4/4", "opus", vetrarljos.UNDIR_ISNUM),
    Piece("thogn-og-birta", "Þögn og birta", (SOLVEIG,), VETRARLJOS, 3, 2007, ("Choral", "Ambient"), "Solemn",
          0.25,
          ("choir", "strings", "bells"), 70, "F", "major", "4/4", "opus", vetrarljos.THOGN, tagged_key=True),
    Piece("night-train", "夜行列車", (TODAI,), LIGHTS, 1, 1986, ("Synthwave", "Electronic"), "Driving", 0.75,
          ("synthesizer", "drum machine"), 104, "G#", "minor", "4/4", "m4a", todai.NIGHT_TRAIN,
          tagged_tempo=True),
    Piece("rain-loop", "雨の環状線", (TODAI, JEANNE), LIGHTS, 2, 1986, ("City Pop", "Jazz-Funk"), "Romantic", 0.5,
          ("electric piano", "flute", "electric guitar", "bass guitar", "drums"), 92, "F#", "major", "4/4",
          "m4a", todai.RAIN_LOOP),
    Piece("vending-summer", "自動販売機の夏", (TODAI,), LIGHTS, 1, 1986, ("Synth-Pop", "Electronic"), "Happy", 0.8,
          ("synthesizer", "drum machine"), 128, "E", "major", "4/4", "m4a", todai.VENDING_SUMMER, disc=2,
          tagged_tempo=True, tagged_key=True),
    Piece("last-ferry", "Last Ferry, 4:10", (TODAI, SOLVEIG), LIGHTS, 2, 1986, ("Downtempo", "Electronic"),
          "Dreamy", 0.3,
          ("synthesizer", "voice", "bells"), 72, "C#", "minor", "4/4", "m4a", todai.LAST_FERRY, disc=2),
    Piece("drawbridges", "Разводные мосты", (BRIDGE,), MOSTY, 1, 2019, ("Dub Techno",), "Hypnotic", 0.6,
          ("synthesizer", "drum machine"), 126, "G", "minor", "4/4", "mp3", mosty.DRAWBRIDGES,
          tagged_tempo=True),
    Piece("white-nights", "Белые ночи", (BRIDGE, SOLVEIG), MOSTY, 2, 2019, ("Drum & Bass", "Liquid Funk"),
          "Uplifting", 0.9,
          ("strings", "piano", "voice", "synth bass", "drums"), 174, "B", "minor", "4/4", "mp3",
          mosty.WHITE_NIGHTS),
    Piece("metronome", "Метроном", (BRIDGE,), MOSTY, 3, 2019, ("Minimalism",), "Playful", 0.5,
          ("marimba", "vibraphone", "clarinet", "pizzicato strings"), 132, "Bb", "minor", "4/4", "mp3",
          mosty.METRONOME),
    Piece("moss-calendar", "Moss Calendar", (WREN,), MOSS, 1, 1972, ("Folk",), "Gentle", 0.3,
          ("acoustic guitar", "flute", "double bass"), 96, "G", "major", "4/4", "mp3", moss.MOSS_CALENDAR,
          lyrics=MOSS_LYRICS, replay_gain=True),
    Piece("ferrymans-daughter", "The Ferryman’s Daughter", (WREN,), MOSS, 2, 1972, ("Folk", "Celtic"),
          "Wistful", 0.5,
          ("tin whistle", "acoustic guitar", "accordion", "frame drum"), 88, "D", "minor", "6/8", "mp3",
          moss.FERRYMANS_DAUGHTER, tagged_key=True, timed_lyrics=FERRY_LYRICS, replay_gain=True),
    Piece("allotment-march", "March of the Allotment Society", (WREN,), MOSS, 3, 1972, ("March", "Brass Band"),
          "Cheerful", 0.65,
          ("brass", "clarinet", "glockenspiel", "tuba", "snare drum"), 112, "Bb", "major", "4/4", "mp3",
          moss.ALLOTMENT_MARCH),
    Piece("strike-the-bell", "Strike the Bell", (HARBOUR,), BELL, 1, 1978, ("Afrobeat", "Funk"), "Energetic",
          0.85,
          ("brass", "electric guitar", "organ", "bass guitar", "percussion"), 116, "F#", "minor", "4/4", "m4a",
          harbour.STRIKE_THE_BELL),
    Piece("breakwater", "Breakwater", (HARBOUR,), BELL, 2, 1978, ("Reggae",), "Sunny", 0.5,
          ("organ", "electric guitar", "clarinet", "horns", "bass guitar", "drums"), 74, "A", "major", "4/4",
          "mp3",
          harbour.BREAKWATER, tagged_tempo=True),
    Piece("coin-orchard", "Coin-Operated Orchard", (PIXEL,), NINE_ROOMS, 1, 2022, ("Chiptune",), "Playful",
          0.85,
          ("pulse waves",), 150, "C", "major", "4/4", "flac", nine_rooms.COIN_ORCHARD, tagged_tempo=True,
          tagged_key=True),
    Piece("tarde-sem-pressa", "Tarde sem pressa", (CAIS, JEANNE), NINE_ROOMS, 2, 2022, ("Bossa Nova", "Jazz"),
          "Relaxed", 0.4,
          ("nylon guitar", "flute", "voice", "double bass", "percussion"), 136, "D", "major", "4/4", "mp3",
          nine_rooms.TARDE),
    Piece("gentle-engines", "Gentle Engines", (LOW_CLOUD, TODAI), NINE_ROOMS, 3, 2022, ("Krautrock",
          "Electronic"), "Hopeful", 0.75,
          ("electric guitar", "synthesizer", "organ", "drums"), 144, "B", "major", "4/4", "opus",
          nine_rooms.GENTLE_ENGINES),
)  # fmt: skip
