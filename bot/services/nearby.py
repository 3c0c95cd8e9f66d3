"""When nothing answers: what is known nevertheless, each statement of it true of the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.answer import Match, Nearby, Question
from bot.domain.model import Article, Speaker
from bot.domain.ports import Store
from bot.languages.language import codes
from bot.search.asked import Asked, ask_words
from bot.search.matcher import Matcher
from bot.search.readings import Ranked
from bot.search.scope import Scope
from bot.search.terms import stem
from bot.search.view import View

_CLOSE = 12  # candidates whose speakers are near the subject
_ABOUT = 0.6
"""Share of the asked words' weight that an article must hold to be named as one that is on the
subject.
"""


def nearby(
    question: Question,
    store: Store,
    index: View,
    matcher: Matcher,
    shown: Callable[[Sequence[Ranked]], tuple[Match, ...]],
) -> Nearby:
    """What the index does hold: the question's words that it knows, its speakers, others' words on
    the subject.

    Of a speaker who is quoted: which of the asked words stand in none of their quotes nor beside
    one, the article that quotes them and holds the words, and their nearest quote. ``shown`` looks
    ranked quotes up.
    """
    asked = [item for item in ask_words(question, index) if item.weight > 0]
    telling = [item.word for item in asked if item.known and item.weight > 0.5 * index.idf(None)]
    known = tuple(
        word
        for word in telling
        if any(index.number(stem(word, code)) is not None for code in codes())
    )
    if not question.speaker_ids:
        return Nearby(known, _near_the_subject(question, index, matcher))
    speakers = tuple(index.speakers[speaker_id] for speaker_id in question.speaker_ids)
    if not question.words:
        return Nearby(known, speakers)
    theirs = Scope(frozenset(question.speaker_ids))
    rare = [item for item in asked if not item.common]
    absent = tuple(item.word for item in rare if not index.any_holds(item.forms, theirs))
    nearest = shown(matcher.order(question, index)[:1])
    others = matcher.rank(replace(question, speaker_ids=()), index)
    surely = others.items if others.level == "sure" else []
    return Nearby(
        known, speakers, shown(surely), absent, _on_it(question, rare, store, index), nearest
    )


def _near_the_subject(question: Question, index: View, matcher: Matcher) -> tuple[Speaker, ...]:
    """Who is quoted with most of the asked words; where nobody is, those quoted most."""
    found = matcher.order(question, index)[:_CLOSE] if question.words else []
    ids = [item.entry.speaker_id for item in found if any(item.held)]
    often = sorted(index.speakers.values(), key=lambda s: (-index.spoken(s.id), s.name, s.id))
    near = [
        index.speakers[key]
        for key in dict.fromkeys(index.person(key) for key in ids if key is not None)
    ]
    return tuple(speaker for speaker in near or often if speaker.kind in ("person", "org"))[:3]


def _on_it(question: Question, asked: Sequence[Asked], store: Store, index: View) -> Article | None:
    """The article that quotes the speaker and holds most of the asked words, if it holds enough of
    them.
    """
    groups = [
        {term: item.weight * likeness for term, likeness in item.forms.items()} for item in asked
    ]
    shares = index.shares(groups, sum(item.weight for item in asked))
    quoting = {entry.article_id for entry in index.of_speaker(question.speaker_ids)}
    for article_id, share in index.by_share(shares):
        if share >= _ABOUT and article_id in quoting:
            return store.article(article_id)
    return None
