"""Word and PDF files as text; their libraries are extras (``documents``)."""

from __future__ import annotations

import io
import logging
import re

from bot.domain.errors import UnreadableFileError

_EXTRA = "needs the extra 'documents': pip install 'verbatim-bot[documents]'"
_PAGES = 400
_HYPHEN = re.compile(r"(\w)-\n(\w)")


def read_docx(data: bytes, name: str) -> str:
    """The paragraphs of a Word file (.docx)."""
    try:
        from docx import Document  # noqa: PLC0415 an extra
    except ImportError as error:
        raise UnreadableFileError(f"{name}: is a Word file; reading it {_EXTRA}") from error
    try:
        found = Document(io.BytesIO(data))
    except Exception as error:
        raise UnreadableFileError(
            f"{name}: is no sound Word file ({type(error).__name__}); save it anew"
        ) from error
    return "\n\n".join(text for paragraph in found.paragraphs if (text := paragraph.text.strip()))


def read_pdf(data: bytes, name: str) -> str:
    """The text of a PDF, its lines joined to paragraphs."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415 an extra
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError as error:
        raise UnreadableFileError(f"{name}: is a PDF; reading it {_EXTRA}") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is told in one line
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFileError(f"{name}: is a PDF with a password; give it without")
        pages = [page.extract_text() for page in reader.pages[:_PAGES]]
    except (PyPdfError, ValueError, KeyError, OSError, RecursionError) as error:
        raise UnreadableFileError(
            f"{name}: is no sound PDF ({type(error).__name__}); save it anew"
        ) from error
    text = _HYPHEN.sub(r"\1\2", "\n\n".join(pages)).strip()
    if not text:
        raise UnreadableFileError(
            f"{name}: this PDF holds pictures of text only; run it through text recognition first"
        )
    return text
