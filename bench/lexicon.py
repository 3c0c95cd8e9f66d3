"""Make ``bot/languages/LANGUAGE.lexicon``: which parts of speech a word form has, counted over
tagged press texts.

    lexicon.py fr --model fr_core_news_md FILE …   > bot/languages/fr.lexicon

FILE holds one JSON object a line with a ``text`` (or ``docs`` with one). The tagger is spaCy's
(`pip install spacy` and the model); neither it nor the texts are needed to run Verbatim: only the
counts are kept. A line is a word form and one letter for each part of speech that makes up at least
an eighth of its uses, the commonest first: n m f noun (gender unknown, masculine, feminine), a
adjective, v finite verb, e past participle, i infinitive, g present participle, h adverb.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LEAST = 3
"""Uses below which a form is left out."""
SHARE = 0.125
"""The least share of its uses that a part of speech needs."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_VERBS = {"Fin": "v", "Part": "e", "Inf": "i", "Ger": "g"}


def texts(path: Path) -> Iterator[str]:
    """The texts of a corpus file."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        if path.suffix == ".json":
            for document in json.load(lines)["docs"].values():
                yield f"{document.get('context') or ''}\n{document['text']}"
            return
        for line in lines:
            yield json.loads(line)["text"]


def letter(token: Any) -> str | None:
    """The part of speech of a tagged token; None for words of no interest."""
    if token.pos_ == "NOUN":
        gender = token.morph.get("Gender")
        return {"Masc": "m", "Fem": "f"}.get(gender[0], "n") if gender else "n"
    if token.pos_ in ("ADJ", "ADV"):
        return "a" if token.pos_ == "ADJ" else "h"
    if token.pos_ not in ("VERB", "AUX"):
        return "x" if token.pos_ != "PROPN" else None
    form = (token.morph.get("VerbForm") or ["Fin"])[0]
    if form == "Part" and ("Pres" in token.morph.get("Tense") or token.tag_ == "VBG"):
        return "g"
    return _VERBS.get(form, "v")


def main() -> None:
    """Print the lexicon."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", required=True)
    options = parser.parse_args()
    import spacy  # type: ignore[import-not-found,unused-ignore]

    tagger = spacy.load(options.model, exclude=["parser", "lemmatizer", "ner"])
    lines = (
        line.replace("’", "'")
        for path in options.files
        for text in texts(path)
        for line in text.split("\n")
        if line.strip()
    )
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for document in tagger.pipe(lines, batch_size=256):
        for token in document:
            kind = letter(token)
            if kind and _WORD.fullmatch(token.text):
                uses[token.text.lower()][kind] += 1
    for word in sorted(uses):
        total = uses[word].total()
        kinds = [
            kind
            for kind, count in uses[word].most_common()
            if count >= SHARE * total and kind != "x"
        ]
        if total >= LEAST and kinds and len(word) > 1:
            print(word, "".join(kinds))


if __name__ == "__main__":
    main()
