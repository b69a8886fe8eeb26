"""Which files matter to a library of music, told by their names alone."""

AUDIO = {
    "mp3": "mp3", "mp2": "mp3", "mpga": "mp3",
    "flac": "flac", "fla": "flac",
    "ogg": "ogg", "oga": "ogg", "spx": "ogg", "opus": "opus",
    "m4a": "m4a", "m4b": "m4a", "mp4": "m4a", "m4r": "m4a", "alac": "m4a", "aac": "aac",
    "wma": "wma", "asf": "wma",
    "wav": "wav", "wave": "wav", "aif": "aiff", "aiff": "aiff", "aifc": "aiff",
    "ape": "ape", "wv": "wv", "mpc": "mpc", "mp+": "mpc", "mpp": "mpc",
    "dsf": "dsf", "dff": "dff", "tta": "tta", "tak": "tak", "ofr": "ofr", "ofs": "ofr",
}  # fmt: skip
"""What tags are read from: the format that a suffix promises"""

IMAGES = frozenset({"jpg", "jpeg", "png", "webp", "gif"})
LYRICS = ("lrc", "elrc", "ttml", "srt", "txt")
"""Words beside a file of the same name, the best kind first"""

COVER_NAMES = ("cover", "folder", "front", "albumart", "album")
"""Names of a folder's picture, the best first"""

IGNORE_FILE = b".ndignore"
NO_MEDIA = b".nomedia"

RUBBISH = frozenset(
    {
        b"$recycle.bin", b"recycler", b"#recycle", b"@recycle", b"#snapshot", b"@recently-snapshot", b"@eadir", b"@tmp",
        b"@synoresource", b"@sharebin", b"lost+found", b"system volume information", b".git", b".streams", b".trash",
    }
)  # fmt: skip
"""What file servers and systems put into every folder"""


def suffix_of(name: bytes) -> str:
    """In lower case and without its dot; empty if there is none."""
    _, dot, suffix = name.rpartition(b".")
    return suffix.decode("latin-1").lower() if dot else ""


def stem_of(name: bytes) -> bytes:
    return name.rpartition(b".")[0] or name


def is_hidden(name: bytes) -> bool:
    """One leading dot, AppleDouble's "._" included; an album may well be called "...", or "..Baby One More Time"."""
    return name[:1] == b"." and name[:2] != b".."


def is_passed_over(name: bytes) -> bool:
    """Folders that hold no music of anybody's."""
    return is_hidden(name) or name.lower() in RUBBISH
