"""The JSON shapes of the stable interface, and their one-line counterparts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.domain.answer import Answer, Match
from bot.domain.model import Article, Quote, SaidOn
from bot.domain.review import Review
from bot.domain.tracking import Edition, Feed
from bot.domain.verdict import Verdict
from bot.services.desk import Desk
from bot.services.feeds import Polled
from bot.services.ingest import Ingested
from bot.services.transfer import linked


def answer(found: Answer) -> dict[str, Any]:
    """`verbatim ask --json`."""
    return {
        "question": found.question.text,
        "answered": found.level == "sure" and bool(found.matches),
        "level": found.level,
        "confidence": found.confidence,
        "matches": [match(one) for one in found.matches],
        "total": found.total,
        "searched": {"quotes": found.searched[0], "articles": found.searched[1]},
    }


def match(match: Match) -> dict[str, Any]:
    """One match."""
    quote, article = match.quote, match.article
    return {
        "quote_id": quote.id,
        "text": match.text,
        "kind": quote.kind,
        "speaker": quote.speaker.name if quote.speaker else None,
        "role": quote.speaker.role if quote.speaker else None,
        "context": article.text[slice(*quote.context)],
        "said_on": said_on(quote.said_on),
        "score": match.score,
        "attribution": quote.attribution,
        "why": {
            "words": list(match.why.words),
            "speaker": match.why.speaker,
            "exact": match.why.exact,
            "notes": _notes(match),
        },
        "start": quote.start,
        "end": quote.end,
        "article": article_shape(article),
        "claim": {
            "articles": match.claim.articles,
            "quote_ids": [found.quote.id for found in match.claim.occurrences],
            "conflicts": [found.quote.id for found in match.claim.conflicts],
        },
    }


def verdict(found: Verdict, warning: str | None, reviews: Sequence[Review] = ()) -> dict[str, Any]:
    """`verbatim verify --json`."""
    shown = found.kind != "not_found" and found.match is not None
    return {
        "verdict": found.kind,
        "text": found.text,
        "warning": warning,
        "warnings": [{"kind": one.kind, "words": one.words} for one in found.cautions],
        "speaker_claimed": found.speaker,
        "match": match(found.match) if shown and found.match else None,
        "span": list(found.span) if found.span else None,
        "edits": [
            {"op": edit.op, "alleged": edit.alleged, "true": edit.true, "kind": edit.kind}
            for edit in found.edits
        ],
        "pieces": [match(piece) for piece in found.pieces],
        "nearest": [match(near) for near in found.nearest],
        "searched": {"quotes": found.searched[0], "articles": found.searched[1]},
        "reviews": [review(one) for one in reviews],
    }


def review(one: Review) -> dict[str, Any]:
    """A published fact-check."""
    return {
        "claim": one.claim,
        "claimant": one.claimant,
        "publisher": one.publisher,
        "rating": one.rating,
        "url": one.url,
        "published": one.published,
    }


def quotation(found: Verdict, warning: str | None) -> dict[str, Any]:
    """`verbatim verify --format jsonld`: the true words as a Quotation; never a ClaimReview, which
    would be a judgement of ours.
    """
    said: dict[str, Any] = {}
    if found.kind != "not_found" and found.match:
        said = linked(found.match.article, found.match.quote)
    return {
        "@context": "https://schema.org",
        **({"@type": "Quotation"} | said if said else {"@type": "Quotation", "text": None}),
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in (
                ("alleged", found.text),
                ("allegedSpeaker", found.speaker),
                ("verdict", found.kind),
                ("warning", warning),
            )
        ],
    }


def _notes(match: Match) -> list[str]:
    """What else a match rests on, as the words of the interface."""
    why = match.why
    said = {
        "word for word": why.exact,
        "altered": why.altered,
        "date": why.period,
        "meaning": why.meaning,
    }
    return [name for name, holds in said.items() if holds] + (
        [f"language:{why.language}"] if why.language else []
    )


def article_shape(article: Article) -> dict[str, Any]:
    """An article's description."""
    published = article.published.isoformat() if article.published else None
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": published,
        "url": article.url,
    }


def said_on(said: SaidOn | None) -> dict[str, str] | None:
    """When it was said."""
    return {"date": said.day.isoformat(), "words": said.words} if said else None


def extracted(name: str, digest: str, article: Article, quotes: Sequence[Quote]) -> dict[str, Any]:
    """`verbatim extract --json`."""
    return {
        "id": name,
        "text_sha256": digest,
        "quotes": [row(article, q) for q in quotes if q.kind != "indirect"],
        "indirect": [row(article, q) for q in quotes if q.kind == "indirect"],
    }


def row(article: Article, quote: Quote) -> dict[str, Any]:
    """One quote with its offsets."""
    speaker = quote.speaker
    return {
        "start": quote.start,
        "end": quote.end,
        "segments": [list(span) for span in quote.segments],
        "text": article.text[quote.start : quote.end],
        "kind": quote.kind,
        "speaker": speaker.name if speaker else None,
        "speaker_type": speaker.kind if speaker else "unknown",
        "role": speaker.role if speaker else None,
        "cue": quote.cue,
        "said_on": said_on(quote.said_on),
        "attribution": quote.attribution,
    }


def extracted_text(path: Path, article: Article, quotes: Sequence[Quote]) -> str:
    """The quotes of a file for reading."""
    lines = [f"{path}: {len(quotes)}"]
    for quote in quotes:
        who = quote.speaker.name if quote.speaker else "?"
        lines.append(f"  {quote.kind:8} {who}: {article.text[quote.start : quote.end]}")
    return "\n".join(lines)


def ingested(done: Ingested) -> dict[str, Any]:
    """`verbatim ingest --json`."""
    article = done.article
    shape: dict[str, Any] = {
        "source": done.source,
        "status": done.status,
        "reason": done.reason,
        "article": None,
        "quotes": len(done.quotes),
        "reader": article.reader if article else None,
        "notes": list(done.notes),
        "id": article.id if article else None,
        "title": article.title if article else None,
        "changed": done.changed,
    }
    if article:
        shape["article"] = article_shape(article) | {
            "author": article.author,
            "language": article.language,
            "updated": article.updated.isoformat() if article.updated else None,
        }
    return shape


def ingested_line(done: Ingested) -> str:
    """One ingested article for reading."""
    if done.article is None:
        return f"{done.source}  {done.status}"
    return f"{done.article.id}  {done.status:9}  {len(done.quotes)} quotes  {done.article.title}"


def source(desk: Desk, key: str) -> dict[str, Any]:
    """`verbatim source --json`; NotFoundError for an unknown id."""
    from bot.domain.errors import NotFoundError

    try:
        quote, article = desk.quote(key)
        quotes: Sequence[Quote] = desk.store.quotes(article.id)
    except NotFoundError:
        article, quotes = desk.article(key)
        quote = quotes[0] if quotes else None  # type: ignore[assignment]
    return {
        "quote": row(article, quote) if quote else None,
        "paragraph": article.text[slice(*article.paragraph(quote.start))] if quote else None,
        "article": article_shape(article)
        | {
            "author": article.author,
            "language": article.language,
            "sha256": article.sha256,
            "updated": article.updated.isoformat() if article.updated else None,
            "retrieved": article.retrieved.isoformat() if article.retrieved else None,
        },
        "others": [
            {"quote_id": other.id, "text": article.text[other.start : other.end]}
            for other in quotes
            if quote and other.id != quote.id
        ],
    }


def history(article: Article, editions: Sequence[Edition]) -> dict[str, Any]:
    """`verbatim history --json`."""
    return {
        "article": article_shape(article),
        "editions": [
            {
                "read": edition.article.retrieved.isoformat()
                if edition.article.retrieved
                else None,
                "sha256": edition.article.sha256,
                "changes": [
                    {"kind": c.kind, "before": c.before, "after": c.after, "speaker": c.speaker}
                    for c in edition.changes
                ],
            }
            for edition in editions
        ],
    }


def feed(one: Feed) -> dict[str, Any]:
    """`verbatim feed list --json`."""
    return {
        "url": one.url,
        "title": one.title,
        "every": one.every,
        "paused": one.paused,
        "added": one.added,
        "failures": one.failures,
        "error": one.error,
        "last": one.last,
        "next": one.next,
    }


def feed_line(one: Feed) -> str:
    """One feed for reading."""
    state = "paused" if one.paused else f"every {one.every} minutes"
    health = f"failed {one.failures} times: {one.error}" if one.error else f"{one.added} articles"
    return f"{one.url}  {one.title or '–'}  {state}  {health}"


def polled(told: Polled) -> dict[str, Any]:
    """`verbatim feed poll --json`."""
    return {"url": told.url, "new": told.new, "failed": told.failed, "reason": told.reason}


def polled_line(told: Polled) -> str:
    """What a look at a feed brought."""
    return f"{told.url}  {told.reason or f'{told.new} new, {told.failed} failed'}"
