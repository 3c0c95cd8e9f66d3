"""Setting text in pictures: fonts that are shipped, lines that are broken at blanks, two
palettes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1080
"""Pixels of a picture's width: a phone's."""
MARGIN = 84
INNER = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours; text on paper has a contrast of at least 7 to 1, faint text of 4.5 to 1 (WCAG 2.2,
    1.4.3 and 1.4.6).
    """

    paper: str
    ink: str
    faint: str
    accent: str


LIGHT = Palette("#faf7f0", "#1b1b1b", "#5f5a52", "#8a1c1c")
DARK = Palette("#15171b", "#f3efe6", "#a9a49a", "#e3a857")


@cache
def font(size: int, strong: bool = False) -> FreeTypeFont:
    """DejaVu Sans at a size in pixels."""
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if strong else "DejaVuSans.ttf"
    with as_file(files("bot.replies") / "fonts" / name) as path:
        return ImageFont.truetype(str(path), size)


def wrap(text: str, size: int, width: int, strong: bool = False, most: int = 0) -> list[str]:
    """Lines no wider than ``width`` pixels, broken at blanks (never at no-break ones), long words
    anywhere.

    With ``most`` the last line of so many ends in an ellipsis where text is left: never for quotes.
    """
    face = font(size, strong)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if face.getlength(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while face.getlength(word) > width:
                fit = _fitting(word, size, width, strong)
                lines.append(word[:fit])
                word = word[fit:]
            line = word
        lines.append(line)
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and face.getlength(last + " …") > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;:.") + " …"]
    return lines


def _fitting(word: str, size: int, width: int, strong: bool) -> int:
    face = font(size, strong)
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(word[:middle]) <= width else (low, middle - 1)
    return low


def line_height(size: int) -> int:
    """Pixels from one line to the next."""
    return round(size * 1.38)


def png(image: Image) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()
