"""Texts as the encoder's pieces (XLM-R's unigram vocabulary, cut down to what French, English and
their neighbours use), by the ``tokenizers`` library.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.reader.windows import Tokens

_LONE = re.compile("[\ud800-\udfff]")  # halves of characters, which the library doesn't take
UNKNOWN = 3  # XLM-R's numbers: 0 <s>, 1 <pad>, 2 </s>, 3 <unk>


class Pieces:
    """A vocabulary, opened once; asked from several threads."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    @staticmethod
    def open(path: Path) -> Pieces:
        """From its file; ValueError or OSError where that can't be read."""
        from tokenizers import Tokenizer

        try:
            return Pieces(Tokenizer.from_file(str(path)))
        except Exception as error:  # the library raises no class of its own
            raise ValueError(f"{path.name}: {error}") from error

    def tokens(self, text: str) -> Tokens:
        """A text's pieces with their places (code points; blanks before a word are not its)."""
        read = self._tokenizer.encode(_LONE.sub("?", text), add_special_tokens=False)
        starts, ends = [], []
        for start, end in read.offsets:
            while start < end and text[start].isspace():
                start += 1
            starts.append(start)
            ends.append(max(end, start))
        return Tokens(read.ids, starts, ends)


def build(pieces: list[tuple[str, float]]) -> Any:
    """A tokenizer over pieces with their log probabilities, the first four being the signs."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"[\u200b\u00ad]"), "")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always"),
        ]
    )
    return tokenizer
