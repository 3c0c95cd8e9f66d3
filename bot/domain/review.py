"""Published fact-checks: others' judgement, with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Review:
    """A ClaimReview (schema.org): what was claimed, by whom, who judged it, how and where."""

    id: str
    claim: str
    claimant: str | None = None
    publisher: str | None = None
    rating: str | None = None
    url: str | None = None
    published: str | None = None
