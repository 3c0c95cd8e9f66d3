"""`verbatim extract --json` rows with a corpus file's ids instead of file stems, matched by the
text's SHA-256.

verbatim extract seeds/articles/*.txt --json | python bench/rescore.py GOLD.jsonl >
predictions.jsonl
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import hashlib
import json
import sys
from pathlib import Path

from extract_rows import load


def main(gold: str) -> None:
    """Read rows from standard input, write them renamed."""
    ids = {
        hashlib.sha256(document["text"].encode("utf-8")).hexdigest(): document["id"]
        for document in load(Path(gold))
    }
    for line in sys.stdin:
        row = json.loads(line)
        print(json.dumps(row | {"id": ids.get(row["text_sha256"], row["id"])}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
