"""The reader in PyTorch, as it is trained: multilingual-e5-small under three small heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from e5_weights import Base
from reader_examples import Example
from torch import Tensor, nn
from torch.nn import functional

from bot.reader.windows import DISTANCES, KINDS, SENTENCES, Tokens, Window

DEEP = 192
"""Width of the heads."""
TAGS = 3
"""Outside, beginning of, inside a reported statement."""
TAGS_SHARE, TAGS_SCALE = 15.0, 5.0  # how much a window's tags count beside its stretches, how fast
_BARRED = -30.0


class Layer(nn.Module):
    """One transformer layer, normalized after each half as in BERT."""

    def __init__(self, shape: dict[str, int], epsilon: float) -> None:
        super().__init__()
        wide, inner = shape["hidden"], shape["inner"]
        self.heads = shape["heads"]
        self.q, self.k, self.v, self.ao = (nn.Linear(wide, wide) for _ in range(4))
        self.fi, self.fo = nn.Linear(wide, inner), nn.Linear(inner, wide)
        self.aln, self.oln = nn.LayerNorm(wide, epsilon), nn.LayerNorm(wide, epsilon)

    def forward(self, x: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
        batch, length, wide = x.shape
        q, k, v = (
            f(x).view(batch, length, self.heads, wide // self.heads).transpose(1, 2)
            for f in (self.q, self.k, self.v)
        )
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = self.ao(seen.transpose(1, 2).reshape(batch, length, wide))
        x = self.aln(x + functional.dropout(seen, drop, self.training))
        deep = self.fo(functional.gelu(self.fi(x)))
        out: Tensor = self.oln(x + functional.dropout(deep, drop, self.training))
        return out


class Encoder(nn.Module):
    """Tokens -> states; ``kept`` are the vocabulary's numbers that the reader knows."""

    def __init__(self, base: Base, kept: Sequence[int]) -> None:
        super().__init__()
        shape, wide = base.shape, base.shape["hidden"]
        self.word = nn.Embedding(len(kept), wide)
        self.position = nn.Parameter(torch.zeros(shape["positions"], wide))
        self.norm = nn.LayerNorm(wide, base.epsilon)
        self.layers = nn.ModuleList(Layer(shape, base.epsilon) for _ in range(base.shape["layers"]))
        self._fill(base, np.asarray(kept))

    @torch.no_grad()
    def _fill(self, base: Base, kept: np.ndarray) -> None:
        def of(name: str, like: Tensor) -> Tensor:
            return torch.from_numpy(base.tensor(name)).view(like.shape)

        wide = base.shape["hidden"]
        words = base.tensor("emb.word").reshape(-1, wide)
        self.word.weight.copy_(torch.from_numpy(words[kept]))
        kinds = torch.from_numpy(base.tensor("emb.type").reshape(-1, wide)[0])
        self.position.copy_(of("emb.pos", self.position) + kinds)
        self.norm.weight.copy_(of("emb.ln.w", self.norm.weight))
        self.norm.bias.copy_(of("emb.ln.b", self.norm.bias))
        for number, layer in enumerate(self.layers):
            for name in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
                part = getattr(layer, name)
                part.weight.copy_(of(f"l{number}.{name}.w", part.weight))
                part.bias.copy_(of(f"l{number}.{name}.b", part.bias))

    def forward(self, ids: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
        """``ids`` [B, L], ``mask`` [B, L] (True: a token) -> [B, L, H]."""
        x: Tensor = self.norm(self.word(ids) + self.position[: ids.shape[1]])
        seen = mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen, drop)
        return x


class Heads(nn.Module):
    """States -> scores of stretches against mentions, of speech, and of tags."""

    def __init__(self, wide: int = 384) -> None:
        super().__init__()
        self.q, self.m = nn.Linear(5 * wide, DEEP), nn.Linear(2 * wide, DEEP)
        self.u = nn.Linear(DEEP, DEEP, bias=False)
        self.distance = nn.Embedding(DISTANCES, DEEP)
        self.sentences = nn.Embedding(SENTENCES, DEEP)
        self.kind = nn.Embedding(2 * len(KINDS), DEEP)
        self.out = nn.Linear(DEEP, 2)
        self.s1, self.s2 = nn.Linear(5 * wide, DEEP // 2), nn.Linear(DEEP // 2, 1)
        self.t = nn.Linear(wide, TAGS)
        for table in (self.distance, self.sentences, self.kind):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, h: Tensor, w: Window) -> tuple[Tensor, Tensor, Tensor]:
        """[stretches, mentions, 2] (any mention, the one beside), [stretches], [tokens, 3]."""
        tags = TAGS_SCALE * self.t(h)
        if not w.stretches:
            return torch.zeros(0, len(w.mentions), 2), torch.zeros(0), tags
        stretch = torch.stack([around(h, a, b) for a, b in w.stretches_at])
        speech = self.s2(functional.gelu(self.s1(stretch)))[:, 0]
        if not w.mentions:
            return torch.zeros(len(w.stretches), 0, 2), speech, tags
        at = torch.tensor(w.mentions_at)
        q = self.q(stretch)
        m = self.m(torch.cat([h[at[:, 0]], h[at[:, 1]]], 1))
        mixed = (
            q[:, None]
            + m[None]
            + self.u(torch.tanh(q)[:, None] * torch.tanh(m)[None])
            + self.distance(torch.tensor(w.distance))
            + self.sentences(torch.tensor(w.sentences))
            + self.kind(torch.tensor(w.kinds))[None]
        )
        scores = self.out(functional.gelu(mixed))
        return scores.masked_fill(torch.tensor(w.inside)[:, :, None], _BARRED), speech, tags


def around(h: Tensor, first: int, last: int) -> Tensor:
    """A stretch's states: before, first, mean, after, after that."""
    end = len(h) - 1
    rows = [h[max(first - 1, 0)], h[first], h[first : last + 1].mean(0)]
    return torch.cat([*rows, h[min(last + 1, end)], h[min(last + 2, end)]])


class Reader(nn.Module):
    """The encoder and its heads."""

    def __init__(self, base: Base, kept: Sequence[int]) -> None:
        super().__init__()
        self.encoder, self.heads = Encoder(base, kept), Heads(base.shape["hidden"])


@dataclass(slots=True)
class Piece:
    """A window of an example with its tokens' tags (None: not annotated)."""

    example: Example
    window: Window
    tags: list[int] | None = None


@dataclass(slots=True)
class Tally:
    """How often the highest score was right."""

    counts: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, right: bool) -> None:
        cell = self.counts.setdefault(name, [0, 0])
        cell[0] += right
        cell[1] += 1

    def __str__(self) -> str:
        return "  ".join(f"{k} {a / b:.3f}" for k, (a, b) in sorted(self.counts.items()))


def tags_of(example: Example, window: Window, tokens: Tokens) -> list[int] | None:
    """A window's tokens as outside, beginning or inside of reported statements."""
    if example.reported is None:
        return None
    tags = [0] * len(window.ids)
    for span in sorted(example.reported):
        first, last = tokens.of(span)
        for at in range(first, last + 1):
            place = at - window.start + 1
            if 1 <= place < len(tags) - 1:
                tags[place] = 1 if at == first else 2
    return tags


def states(model: Reader, batch: Sequence[Window], drop: float = 0.0) -> Tensor:
    """The states of some windows' tokens, in half precision inside."""
    longest = max(len(w.ids) for w in batch)
    ids = torch.ones(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, w in enumerate(batch):
        ids[row, : len(w.ids)] = torch.tensor(w.ids)
        mask[row, : len(w.ids)] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):
        h = model.encoder(ids, mask, drop)
    found: Tensor = functional.dropout(h.float(), drop, model.training)
    return found


def loss_of(model: Reader, pieces: Sequence[Piece], drop: float, tally: Tally) -> Tensor | None:
    """The mean loss over what is known of some windows."""
    h = states(model, [p.window for p in pieces], drop)
    parts: list[tuple[float, Tensor]] = []
    for row, piece in enumerate(pieces):
        scores, speech, tags = model.heads(h[row, : len(piece.window.ids)], piece.window)
        parts += _stretches(piece, scores, speech, tally)
        if piece.tags is not None:
            wanted = torch.tensor(piece.tags)
            loss = functional.cross_entropy(tags, wanted, torch.tensor([0.6, 2.0, 1.0]))
            parts.append((TAGS_SHARE, loss))
    whole = sum(share for share, _ in parts)
    if not parts:
        return None
    total = parts[0][0] * parts[0][1]
    for share, loss in parts[1:]:
        total = total + share * loss
    return total / max(whole, 1e-6)


def _stretches(
    piece: Piece, scores: Tensor, speech: Tensor, tally: Tally
) -> list[tuple[float, Tensor]]:
    w, found = piece.window, []
    columns = {number: column for column, number in enumerate(w.mentions)}
    pronouns = torch.tensor([piece.example.mentions[i].kind == "pronoun" for i in w.mentions])
    for row, number in enumerate(w.stretches):
        target = piece.example.targets[number]
        if target.speech is not None:
            wanted = torch.tensor(float(target.speech))
            found.append((0.5, functional.binary_cross_entropy_with_logits(speech[row], wanted)))
            tally.add("speech", (float(speech[row].detach()) > 0) == target.speech)
        for column, right in enumerate((target.anywhere, target.beside)):
            known = [columns[i] for i in right if i in columns]
            if not known:
                continue
            sums = scores[row, :, column]
            if column == 0:
                sums = sums.masked_fill(pronouns, _BARRED)
            loss = torch.logsumexp(sums, 0) - torch.logsumexp(sums[known], 0)
            found.append((target.share, loss))
            if target.share == 1.0:
                name = ("anywhere", "beside")[column]
                tally.add(name, int(sums.detach().argmax()) in known)
    return found


def rate(step: int, steps: int, warm: float = 0.08) -> float:
    """The share of the learning rate at a step: up over the first ones, then down to nothing."""
    return min(1.0, (step + 1) / (warm * steps + 1)) * max(0.03, 1 - step / (steps + 1))


def parameters(model: Reader, frozen: int) -> list[nn.Parameter]:
    """The encoder's parameters that learn: its layers from ``frozen`` on."""
    for p in model.encoder.parameters():
        p.requires_grad_(False)
    learning = [p for layer in model.encoder.layers[frozen:] for p in layer.parameters()]
    for p in learning:
        p.requires_grad_(True)
    return learning
