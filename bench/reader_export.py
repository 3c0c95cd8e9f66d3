"""A trained reader as the package's files: the encoder in eight bits, the heads in half precision,
the vocabulary, and their checksums.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from reader_model import TAGS_SCALE, Reader
from torch import Tensor, nn

FOLDER = Path(__file__).parent.parent / "bot" / "reader" / "model"
_VERSION = 17  # of ONNX's operators


class _States(nn.Module):
    """The encoder as one function of ids and mask, its attention in plain operators."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.encoder = model.encoder

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        e = self.encoder
        x = e.norm(e.word(ids) + e.position[: ids.shape[1]])
        barred = (1.0 - mask[:, None, None, :].float()) * -1e9
        for layer in e.layers:
            shape = (ids.shape[0], ids.shape[1], layer.heads, -1)
            q, k, v = (f(x).reshape(shape).transpose(1, 2) for f in (layer.q, layer.k, layer.v))
            weight = torch.softmax(q @ k.transpose(2, 3) / q.shape[-1] ** 0.5 + barred, -1)
            seen = (weight @ v).transpose(1, 2).reshape(x.shape)
            x = layer.aln(x + layer.ao(seen))
            x = layer.oln(x + layer.fo(nn.functional.gelu(layer.fi(x))))
        return x


def export(model: Reader, work: Path, folder: Path = FOLDER) -> None:
    """Write the files; ``work`` holds the vocabulary."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    whole = work / "reader-full.onnx"
    ids, mask = torch.ones(2, 16, dtype=torch.long), torch.ones(2, 16, dtype=torch.bool)
    sizes = {0: "windows", 1: "tokens"}
    torch.onnx.export(
        _States(model),
        (ids, mask),
        str(whole),
        input_names=["ids", "mask"],
        output_names=["states"],
        dynamic_axes={"ids": sizes, "mask": sizes, "states": sizes},
        opset_version=_VERSION,
        dynamo=False,
    )
    quantize_dynamic(
        str(whole), str(folder / "reader.onnx"), per_channel=True, weight_type=QuantType.QInt8
    )
    with torch.no_grad():
        for p in model.heads.t.parameters():
            p.mul_(TAGS_SCALE)  # in the files the scale is part of the matrix
    heads = {n: p.detach().numpy().astype(np.float16) for n, p in model.heads.named_parameters()}
    np.savez_compressed(folder / "heads.npz", **heads)
    shutil.copyfile(work / "pieces.json", folder / "pieces.json")
    sums = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("reader.onnx", "heads.npz", "pieces.json")
    }
    (folder / "checksums.json").write_text(json.dumps(sums, indent=1) + "\n", "utf-8")
    for path in sorted(folder.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
