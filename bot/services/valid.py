"""The one gate for documents that come from outside: types, lengths, languages, addresses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from bot.domain.documents import FORMAT, upgrade
from bot.domain.errors import VerbatimError
from bot.domain.web import fault_of
from bot.languages.language import codes

_SHOWN = 3  # faults that a message spells out
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,48}$")]
Line = Annotated[str, StringConstraints(max_length=1000)]
Place = Annotated[int, Field(ge=0, strict=True)]
Span = tuple[Place, Place]


def _day(value: str) -> str:
    date.fromisoformat(value)
    return value


def _moment(value: str) -> str:
    datetime.fromisoformat(value)
    return value


Day = Annotated[str, AfterValidator(_day)]
Moment = Annotated[str, AfterValidator(_moment)]


class _Speaker(BaseModel):
    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    kind: Literal["person", "org", "collective", "anonymous", "document", "unknown"]
    role: Line | None


class _SaidOn(BaseModel):
    date: Day
    words: Line


class _Quote(BaseModel):
    id: Id
    start: Place
    end: Place
    kind: Literal["direct", "partial", "indirect"]
    segments: Annotated[list[Span], Field(min_length=1, max_length=1000)]
    context: Span
    speaker: _Speaker | None
    cue: Line | None
    said_on: _SaidOn | None
    attribution: Literal["stated", "inferred", "unknown"]
    sure: Annotated[float, Field(ge=0, le=1, strict=True)]


class _Article(BaseModel):
    id: Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=20 * 1024 * 1024)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    title: Line
    language: str
    heading: Span | None
    body: list[Span]
    url: str | None
    publisher: Line | None
    author: Line | None
    published: Day | None
    updated: Moment | None
    retrieved: Moment | None
    origin: str | None
    reader: Line | None
    quotes: list[_Quote]

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in codes():
            raise ValueError(f"'{value[:20]}' is not known (known: {', '.join(codes())})")
        return value

    @field_validator("url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        fault = fault_of(value) if value is not None else None
        if fault:
            raise ValueError(fault)
        return value


def checked(document: Any) -> dict[str, Any]:
    """An article's document in the current format; VerbatimError names what is wrong with which
    field.
    """
    if not isinstance(document, dict) or "text" not in document or "quotes" not in document:
        raise VerbatimError("is no article of `verbatim export --format jsonl`")
    form = document.get("format")
    if not isinstance(form, int) or isinstance(form, bool) or form > FORMAT:
        raise VerbatimError(f"is of format {form}; this Verbatim reads up to {FORMAT}. Update it")
    try:
        current = upgrade(document)
        _Article.model_validate(current)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, found['loc']))}: {_said(found['msg'])}"
            for found in error.errors(include_url=False, include_input=False)
        ]
        more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
        raise VerbatimError("; ".join(faults[:_SHOWN]) + more) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VerbatimError(
            f"lacks or garbles a field ({type(error).__name__}: {error})"
        ) from error
    return current


def _said(message: str) -> str:
    return "is missing" if message == "Field required" else message.removeprefix("Value error, ")
