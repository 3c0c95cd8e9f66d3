"""Published fact-checks, imported from ClaimReview markup, and found again by what they judge."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.errors import BadMetadataError
from bot.domain.ports import Store
from bot.domain.review import Review
from bot.domain.text import fold, short_id
from bot.search.claims import same_claim

KIND = "reviews"
"""The kind of these records."""
_LIKE = 82.0  # least likeness (rapidfuzz token_set_ratio) of a claim and what was judged
_SHOWN = 2
_FRESH = 5.0  # seconds for which what was read is believed
_LONGEST = 1000


@dataclass(slots=True)
class Reviews:
    """The fact-checks of a store."""

    store: Store
    _known: dict[str, Review] = field(default_factory=dict)
    _plain: dict[str, str] = field(default_factory=dict)
    _read: float = -_FRESH
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self, text: str) -> tuple[int, int]:
        """Keep the ClaimReviews of JSON, JSON lines or a feed of them: how many are new, how many
        were there. BadMetadataError when there is none, or it is no JSON.
        """
        found = list(reviews_of(text))
        known = self.store.records(KIND)
        new = [review for review in found if review.id not in known]
        for review in new:
            self.store.keep(KIND, review.id, asdict(review))
        self._read = -_FRESH
        return len(new), len(found) - len(new)

    def of(self, text: str) -> tuple[Review, ...]:
        """Those that judge (nearly) these words."""
        self._refresh()
        if not self._plain:
            return ()
        asked = fold(text)
        near = process.extract(
            asked, self._plain, scorer=fuzz.token_set_ratio, score_cutoff=_LIKE, limit=_SHOWN * 3
        )
        found = (self._known[key] for _, _, key in near)
        return tuple(one for one in found if same_claim(text, one.claim, True))[:_SHOWN]

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() < self._read + _FRESH:
                return
            rows = self.store.records(KIND)
            self._known = {key: _read(row) for key, row in rows.items()}
            self._plain = {key: fold(review.claim) for key, review in self._known.items()}
            self._read = time.monotonic()


def _read(row: Mapping[str, Any]) -> Review:
    names = {item.name for item in fields(Review)}
    return Review(**{name: value for name, value in row.items() if name in names})


def reviews_of(text: str) -> Iterator[Review]:
    """The ClaimReviews of a text: a JSON value, JSON lines, or a feed (``dataFeedElement``)."""
    text = text.lstrip("\ufeff")
    try:
        rows: Iterable[Any] = [json.loads(text)]
    except RecursionError:
        raise BadMetadataError("is nested too deep") from None
    except ValueError:
        try:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise BadMetadataError(f"is neither JSON nor JSON lines ({error})") from None
    try:
        found = [made for row in rows for one in _inside(row) if (made := _review(one))]
    except RecursionError:
        raise BadMetadataError("is nested too deep") from None
    if not found:
        raise BadMetadataError("holds no ClaimReview (schema.org) with claimReviewed")
    yield from found


def _inside(row: Any) -> Iterator[Mapping[str, Any]]:
    """Every ClaimReview somewhere in a JSON value."""
    if isinstance(row, list):
        for one in row:
            yield from _inside(one)
    elif isinstance(row, dict):
        kinds = row.get("@type")
        if "ClaimReview" in (kinds if isinstance(kinds, list) else [kinds]):
            yield row
        else:
            for key in ("@graph", "dataFeedElement", "item", "itemListElement", "claimReview"):
                yield from _inside(row.get(key))


def _review(row: Mapping[str, Any]) -> Review | None:
    claim = _text(row.get("claimReviewed"))
    if not claim:
        return None
    rating, item = _first(row.get("reviewRating")), _first(row.get("itemReviewed"))
    url = _text(row.get("url"))
    publisher = _first(row.get("author")).get("name") or _first(row.get("publisher")).get("name")
    value = _text(rating.get("alternateName")) or _text(rating.get("name"))
    value = value or _text(rating.get("ratingValue"))
    key = short_id("v", url or "", fold(claim))
    return Review(
        key,
        claim,
        _text(_first(item.get("author")).get("name")),
        _text(publisher),
        value,
        url if url and url.startswith(("http://", "https://")) else None,
        _text(row.get("datePublished")),
    )


def _first(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list):
        value = value[0] if value else {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return " ".join(value.split())[:_LONGEST] or None if isinstance(value, str) else None
