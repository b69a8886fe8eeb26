"""Languages as files write them."""

# As files write languages (ISO 639-1, 639-2), by the names that the ontology has for them.
CODES = {
    "amharic": "am amh", "arabic": "ar ara", "bambara": "bm bam", "breton": "br bre", "cantonese": "yue",
    "corsican": "co cos", "creole": "ht hat", "english": "en eng", "french": "fr fre fra", "german": "de ger deu",
    "greek": "el gre ell", "hebrew": "he heb", "hindi": "hi hin", "italian": "it ita", "japanese": "ja jpn",
    "kabyle": "kab", "korean": "ko kor", "latin": "la lat", "lingala": "ln lin", "mandarin": "zh chi zho cmn",
    "persian": "fa per fas", "portuguese": "pt por", "punjabi": "pa pan", "russian": "ru rus", "spanish": "es spa",
    "swahili": "sw swa", "tagalog": "tl tgl", "tamil": "ta tam", "thai": "th tha", "turkish": "tr tur",
    "urdu": "ur urd", "vietnamese": "vi vie", "wolof": "wo wol", "yiddish": "yi yid",
}  # fmt: skip
NAMES = {code: name for name, codes in CODES.items() for code in codes.split()}
LONGEST_CODE = 3


def language_named(written: str) -> str:
    """The first of those that a file names; a code that nobody knows here says nothing."""
    first = written.replace(";", ",").replace("/", ",").partition(",")[0].strip().casefold()
    code = first.partition("-")[0].partition("_")[0]
    return NAMES.get(code, "" if len(code) <= LONGEST_CODE else first)
